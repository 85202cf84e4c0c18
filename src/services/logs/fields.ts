import type { LogEntry } from './logs.ts';

/** Names of aurora's words in a log; a configured name replaces all of its defaults. */
export interface LogFields {
  readonly requestId?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly method?: string | undefined;
  readonly status?: string | undefined;
  readonly duration?: string | undefined;
  readonly build?: string | undefined;
}

/** The names of the plan (`http.status`, `path`) and of the runbook (`statusCode`, `endpoint`). */
const defaults: Readonly<Record<keyof LogFields, readonly string[]>> = {
  requestId: ['requestId', 'request_id', 'http.request_id'],
  timestamp: ['timestamp', 'time'],
  endpoint: ['endpoint', 'path', 'http.path'],
  method: ['method', 'http.method'],
  status: ['statusCode', 'http.status', 'status'],
  duration: ['duration', 'durationMs', 'http.duration'],
  build: ['build'],
};

type Line = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Line => typeof value === 'object' && value !== null;

/** `http.status` is a name of its own, or `status` inside `http`. */
function valueAt(line: Line, name: string): unknown {
  if (Object.hasOwn(line, name)) return line[name];
  let value: unknown = line;
  for (const part of name.split('.')) {
    value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** ISO text or milliseconds since the epoch; undefined when it is neither. */
function instant(value: unknown): number | undefined {
  const time = typeof value === 'string' && /\D/.test(value) ? Date.parse(value) : Number(value);
  const missing = value === undefined || value === null || value === '' || Number.isNaN(time);
  return missing ? undefined : time;
}

/** A line of the log: a request, or something else that has at most a time. */
export type ParsedLine =
  | { readonly kind: 'request'; readonly entry: LogEntry }
  | { readonly kind: 'other'; readonly timestamp: number | undefined };

/**
 * Makes the parser of one log's lines. A line without time, status and endpoint is no request, and
 * one that says `probe: true` is none of a customer's.
 */
export function lineParser(fields: LogFields = {}): (text: string) => ParsedLine {
  const lookUp = (line: Line, word: keyof LogFields): unknown => {
    const own = fields[word];
    for (const name of own === undefined ? defaults[word] : [own]) {
      const value = valueAt(line, name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return (raw) => {
    let line: unknown;
    try {
      line = JSON.parse(raw);
    } catch {
      return { kind: 'other', timestamp: undefined };
    }
    if (!isObject(line)) return { kind: 'other', timestamp: undefined };
    const timestamp = instant(lookUp(line, 'timestamp'));
    const status = Number(lookUp(line, 'status') ?? Number.NaN);
    const endpoint = text(lookUp(line, 'endpoint'));
    const isRequest = timestamp !== undefined && Number.isInteger(status) && endpoint !== '';
    if (!isRequest || line.probe === true) {
      return { kind: 'other', timestamp };
    }
    const build = lookUp(line, 'build');
    return {
      kind: 'request',
      entry: {
        requestId: text(lookUp(line, 'requestId')),
        timestamp,
        endpoint,
        method: text(lookUp(line, 'method')),
        status,
        durationMs: Number(lookUp(line, 'duration') ?? 0) || 0,
        build: typeof build === 'string' ? build : null,
      },
    };
  };
}
