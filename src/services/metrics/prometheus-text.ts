/** One sample of the Prometheus text format. */
export interface PrometheusSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a scrape holds. */
export interface PrometheusText {
  /** Sample name (with `_bucket`, `_sum`, `_count`) -> its samples. */
  readonly samples: ReadonlyMap<string, readonly PrometheusSample[]>;
  /** Names that a `# TYPE` line declares, whether or not anything was counted yet. */
  readonly declared: ReadonlySet<string>;
}

/** Only \n ends a line: a label may hold what other tools take for the end of one. */
const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/s;
const labelPair = /\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"\s*(?:,|$)/y;
const escapes: Readonly<Record<string, string>> = { '\\"': '"', '\\\\': '\\', '\\n': '\n' };

function parseLabels(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  let position = 0;
  while (position < text.length) {
    labelPair.lastIndex = position;
    const match = labelPair.exec(text);
    if (match === null) return null;
    const [whole, name = '', raw = ''] = match;
    labels[name] = raw.replace(/\\["\\n]/g, (found) => escapes[found] ?? found);
    position += whole.length;
  }
  return labels;
}

function parseValue(text: string): number | null {
  if (/^[+]?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-Inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  // As Go reads it: prom-client writes Nan.
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

/** Parses the Prometheus text format; throws a SyntaxError that names the first bad line. */
export function parsePrometheus(text: string): PrometheusText {
  const samples = new Map<string, PrometheusSample[]>();
  const declared = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const type = /^#\s*TYPE\s+(\S+)/.exec(line)?.[1];
    if (type !== undefined) declared.add(type);
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = sampleLine.exec(line);
    const labels = match === null ? null : parseLabels(match[2] ?? '');
    const value = match === null ? null : parseValue(match[3] ?? '');
    if (match?.[1] === undefined || labels === null || value === null) {
      throw new SyntaxError(`line ${index + 1} is not a Prometheus sample`);
    }
    const known = samples.get(match[1]);
    if (known === undefined) samples.set(match[1], [{ labels, value }]);
    else known.push({ labels, value });
  }
  return { samples, declared };
}
