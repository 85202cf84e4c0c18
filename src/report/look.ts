import type { Json, JsonObject } from '../base/json.ts';
import type { Band } from '../checks/check.ts';
import type { JudgeState } from '../judge/states.ts';

/** Shares of bad samples, and how many there were. */
export interface Counted {
  readonly n: number;
  readonly bad: number;
}

/** One metric as a look found it. Times in milliseconds, shares between 0 and 1. */
export interface LookMetric {
  readonly id: string;
  readonly title: string;
  readonly role: 'gate' | 'guard';
  readonly state: JudgeState;
  readonly why: string | null;
  readonly band: Band;
  readonly n: number;
  readonly bad: number;
  /** What its samples are: `sessions`. */
  readonly unit: string;
  /** Its green line, for people: `0.5 %`. */
  readonly limit: string | null;
  readonly rate: number | null;
  /** 95 % interval of the share; null where the look does not tell it. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Evidence for green as a part of what is needed, 0 to 1 on the logarithmic scale. */
  readonly done: number;
  /** The same against it. */
  readonly against: number;
  readonly evidence: number;
  readonly evidenceNeeded: number;
  readonly evidenceAgainst: number;
  readonly evidenceAgainstNeeded: number;
  /** Clean samples until green; null when out of reach. */
  readonly toGreen: number | null;
  /** Until green at this rate of samples, if all are clean; null when that cannot be said. */
  readonly earliestMs: number | null;
  /** The same if bad ones go on as so far. */
  readonly expectedMs: number | null;
  /** How many of the samples are aurora's own. */
  readonly probes: number;
  readonly control: Counted | null;
  /** `p95` -> 95 % interval in milliseconds; null where there is no finite one. */
  readonly quantiles: Readonly<Record<string, readonly [low: number, high: number | null] | null>>;
}

/** One look of a watch, read from what the journal keeps of it. */
export interface Look {
  /** Which watch of the release: `canary`, `ramp`, `ramp-25`. */
  readonly watch: string;
  readonly state: JudgeState;
  readonly band: Band;
  readonly why: readonly string[];
  readonly elapsedMs: number;
  readonly windowMs: number;
  readonly extendMs: number;
  readonly extended: boolean;
  readonly readings: number;
  /** Measurements that failed in a row, the last one included. */
  readonly failures: number;
  readonly lastFailure: string | null;
  readonly requests: number;
  readonly errors: number;
  /** The candidate's part of the customers as configured; null when it is all of them. */
  readonly share: number | null;
  readonly compared: boolean;
  readonly split:
    | ({ readonly observed: number; readonly mismatch: boolean } & {
        readonly words: string;
      })
    | null;
  /** Words that say how the flag was changed under the watch. */
  readonly drift: string | null;
  /** Why the control, or the flag, could not be read at this look. */
  readonly controlProblem: string | null;
  readonly flagProblem: string | null;
  /** Gates first. */
  readonly metrics: readonly LookMetric[];
}

/** What was foreseen of one metric before the first look. */
export interface Foreseen {
  readonly id: string;
  readonly role: 'gate' | 'guard';
  readonly words: string;
  readonly provable: boolean;
}

/** What a watch could prove, said before its first look. */
export interface LookAhead {
  readonly watch: string;
  readonly forecast: readonly Foreseen[];
  /** The time it was foreseen from: `the last hour`. */
  readonly over: string | null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : null);
const numberOf = (value: Json | undefined) =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const countOf = (value: Json | undefined) => Math.max(0, numberOf(value) ?? 0);
const textsOf = (value: Json | undefined): readonly string[] => {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string' && one !== '');
};
/** A journal of an older aurora has one time to go; null of a newer one says that it has none. */
const timeOf = (value: Json | undefined, older: Json | undefined) =>
  numberOf(value === undefined ? older : value);

const bands: ReadonlySet<string> = new Set<Band>(['green', 'amber', 'red']);
const isBand = (text: string | null): text is Band => text !== null && bands.has(text);
const states: ReadonlySet<string> = new Set<JudgeState>([
  'pending',
  'warming',
  'collecting',
  'green',
  'amber',
  'red',
]);
const isState = (text: string | null): text is JudgeState => text !== null && states.has(text);

function bandOf(value: Json | undefined): Band {
  const text = textOf(value);
  return isBand(text) ? text : 'amber';
}

/** A journal of an older aurora tells bands only: amber was then still being collected. */
function stateOf(value: Json | undefined, band: Band): JudgeState {
  const text = textOf(value);
  if (isState(text)) return text;
  return band === 'amber' ? 'collecting' : band;
}

/** Evidence as a part of what is needed, on the logarithmic scale. */
function part(evidence: number, needed: number): number {
  if (evidence <= 1 || needed <= 1) return 0;
  return Math.min(1, Math.log(evidence) / Math.log(needed));
}

const roleOf = (value: Json | undefined): LookMetric['role'] =>
  value === 'guard' ? 'guard' : 'gate';

function countedOf(value: Json | undefined): Counted | null {
  return isObject(value) ? { n: countOf(value.n), bad: countOf(value.bad) } : null;
}

function quantilesOf(value: Json | undefined): LookMetric['quantiles'] {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, bounds]) => {
      const [low, high] = Array.isArray(bounds) ? bounds.map(numberOf) : [];
      return [name, low === undefined || low === null ? null : ([low, high ?? null] as const)];
    }),
  );
}

function metricOf(id: string, data: JsonObject): LookMetric {
  const band = bandOf(data.band);
  const [low, high] = [numberOf(data.low), numberOf(data.high)];
  const [n, bad] = [countOf(data.n), countOf(data.bad)];
  const evidence = countOf(data.evidence);
  const evidenceNeeded = countOf(data.evidenceNeeded);
  const evidenceAgainst = countOf(data.evidenceAgainst);
  const evidenceAgainstNeeded = countOf(data.evidenceAgainstNeeded);
  const why = textsOf(data.why);
  return {
    id,
    title: textOf(data.title) ?? id,
    role: roleOf(data.role),
    state: stateOf(data.state, band),
    why: why.length === 0 ? null : why.join('; '),
    band,
    n,
    bad,
    unit: textOf(data.unit) ?? 'samples',
    limit: textOf(data.limit),
    rate: numberOf(data.rate) ?? (n === 0 ? null : bad / n),
    interval: low === null || high === null ? null : [low, high],
    done: Math.min(1, numberOf(data.done) ?? part(evidence, evidenceNeeded)),
    against: part(evidenceAgainst, evidenceAgainstNeeded),
    evidence,
    evidenceNeeded,
    evidenceAgainst,
    evidenceAgainstNeeded,
    toGreen: numberOf(data.toGreen),
    earliestMs: timeOf(data.earliestMs, data.etaMs),
    expectedMs: timeOf(data.expectedMs, data.etaMs),
    probes: countOf(data.probes),
    control: countedOf(data.control),
    quantiles: quantilesOf(data.quantiles),
  };
}

function splitOf(value: Json | undefined): Look['split'] {
  const observed = isObject(value) ? numberOf(value.observed) : null;
  if (!isObject(value) || observed === null) return null;
  return { observed, mismatch: value.mismatch === true, words: textOf(value.words) ?? '' };
}

const rank = ({ role }: LookMetric) => (role === 'gate' ? 0 : 1);

/** A look as the journal keeps it; null when the data is of something else. */
export function readLook(data: JsonObject): Look | null {
  if (!isObject(data.metrics) || numberOf(data.elapsedMs) === null) return null;
  const band = bandOf(data.band);
  const metrics = Object.entries(data.metrics).map(([id, one]) => metricOf(id, objectOf(one)));
  return {
    watch: textOf(data.watch) ?? 'watch',
    state: stateOf(data.state, band),
    band,
    why: textsOf(data.why),
    elapsedMs: countOf(data.elapsedMs),
    windowMs: countOf(data.windowMs),
    extendMs: countOf(data.extendMs),
    extended: data.extended === true,
    readings: countOf(data.readings),
    failures: countOf(data.failures),
    lastFailure: textOf(data.lastFailure),
    requests: countOf(data.requests),
    errors: countOf(data.errors),
    share: numberOf(data.share),
    compared: data.compared === true,
    split: splitOf(data.split),
    drift: textOf(data.drift),
    controlProblem: textOf(data.controlProblem),
    flagProblem: textOf(data.flagProblem),
    metrics: metrics.toSorted((a, b) => rank(a) - rank(b)),
  };
}

/** What was foreseen, as the journal keeps it; null when the data is of something else. */
export function readLookAhead(data: JsonObject): LookAhead | null {
  if (!Array.isArray(data.forecast)) return null;
  const forecast = data.forecast.filter(isObject).map((one) => ({
    id: textOf(one.id) ?? '',
    role: roleOf(one.role),
    words: textOf(one.words) ?? '',
    provable: one.provable === true,
  }));
  return { watch: textOf(data.watch) ?? 'watch', forecast, over: textOf(data.over) };
}
