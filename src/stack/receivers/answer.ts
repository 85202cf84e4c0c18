/** An answer of a receiver; an object becomes JSON, text stays text. */
export interface Answer {
  readonly status: number;
  readonly body?: string | object;
  /** Makes JSON of a text too, as Alertmanager's errors are. */
  readonly asJson?: boolean;
}

/** A JSON object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed body, or undefined when it is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text with something in it. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
