/** What a policy may allow on a path. */
export const capabilities = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'sudo',
  'deny',
] as const;
export type Capability = (typeof capabilities)[number];

/** One `path "..." { capabilities = [...] }` block. */
export interface PolicyRule {
  readonly path: string;
  readonly capabilities: ReadonlySet<Capability>;
}

/** A policy text that cannot be read. */
export class PolicyError extends Error {}

/** What every token may do: look at itself, renew and revoke itself. */
export const defaultPolicy = `
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
`;

const block = /\s*path\s+"([^"]*)"\s*\{\s*capabilities\s*=\s*\[([^\]]*)\]\s*\}/y;
const comment = /(^|\n)\s*(#|\/\/)[^\n]*/g;

/** Reads Vault's policy language as far as paths and capabilities; PolicyError for all else. */
export function parsePolicy(text: string): PolicyRule[] {
  const source = text.replaceAll(comment, '$1').trim();
  const rules: PolicyRule[] = [];
  block.lastIndex = 0;
  let end = 0;
  for (let match = block.exec(source); match !== null; match = block.exec(source)) {
    end = block.lastIndex;
    rules.push({ path: match[1] ?? '', capabilities: parseCapabilities(match[2] ?? '') });
  }
  if (end !== source.length) {
    throw new PolicyError(
      `failed to parse policy: near ${JSON.stringify(source.slice(end, end + 40))}`,
    );
  }
  return rules;
}

function parseCapabilities(list: string): ReadonlySet<Capability> {
  const words = list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return new Set(
    words.map((word) => {
      const name = /^"(.*)"$/.exec(word)?.[1];
      const known = capabilities.find((capability) => capability === name);
      if (known === undefined) throw new PolicyError(`invalid capability ${word}`);
      return known;
    }),
  );
}

/**
 * What these rules together allow on a path. The most specific pattern decides alone, as in Vault;
 * rules with the same pattern add up, and `deny` beats everything.
 */
export function allowed(rules: readonly PolicyRule[], path: string): ReadonlySet<Capability> {
  const fitting = rules.filter((rule) => patternFits(rule.path, path));
  const best = fitting.map((rule) => rule.path).sort(bySpecificity)[0];
  const sum = new Set<Capability>();
  for (const rule of fitting) {
    if (rule.path !== best) continue;
    for (const capability of rule.capabilities) sum.add(capability);
  }
  return sum.has('deny') ? new Set() : sum;
}

/** `*` at the end stands for anything, `+` for one segment. */
function patternFits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/\*$/, '')
    .split('/')
    .map((segment) =>
      segment === '+' ? '[^/]+' : segment.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}${pattern.endsWith('*') ? '' : '$'}`, 's').test(path);
}

/** Vault's order of precedence: the most specific pattern first. */
function bySpecificity(a: string, b: string): number {
  const wildcard = (pattern: string) => {
    const at = pattern.search(/\+|\*$/);
    return at < 0 ? Number.MAX_SAFE_INTEGER : at;
  };
  const segments = (pattern: string) => pattern.split('/').filter((part) => part === '+').length;
  return (
    wildcard(b) - wildcard(a) ||
    Number(a.endsWith('*')) - Number(b.endsWith('*')) ||
    segments(a) - segments(b) ||
    b.length - a.length ||
    (a < b ? 1 : -1)
  );
}
