/** A request to Vault's API, whatever way it came in. */
export interface VaultRequest {
  /** GET with `?list=true` is a LIST too. */
  readonly method: string;
  /** Below `/v1/`, decoded, without slashes at its ends. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What goes back; without a body, 204 is meant. */
export interface VaultAnswer {
  readonly status: number;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A refusal in Vault's own words: `{"errors": [...]}`. */
export class VaultFailure extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, ...errors: string[]) {
    super(errors.join('; '));
    this.status = status;
    this.errors = errors;
  }
}

export const notFound = () => new VaultFailure(404);
export const denied = () => new VaultFailure(403, '1 error occurred:\n\t* permission denied\n\n');
export const unsupported = () =>
  new VaultFailure(405, '1 error occurred:\n\t* unsupported operation\n\n');
export const noHandler = (path: string) =>
  new VaultFailure(404, `no handler for route "${path}". route entry not found.`);

/** A body field as text, or undefined when it is absent or empty. */
export function textField(body: VaultRequest['body'], name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A body field that Vault takes as a list or as text with commas. */
export function listField(body: VaultRequest['body'], name: string): string[] | undefined {
  const value = body[name];
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  return undefined;
}

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of a duration as Vault takes it: `90`, `"90"`, `"1h30m"`; undefined when absent. */
export function secondsField(body: VaultRequest['body'], name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'number' && value >= 0) return Math.floor(value);
  const text = String(value);
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+[smhd])+$/.test(text)) throw new VaultFailure(400, `error parsing ${name}: ${text}`);
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (secondsOf[unit ?? 's'] ?? 0),
    0,
  );
}

/** A time as Vault writes it. */
export function vaultTime(ms: number): string {
  return new Date(ms).toISOString();
}
