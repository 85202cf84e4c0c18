import { type Answer, type Fields, isFields, isText, jsonOf } from './answer.ts';
import type { Inbox } from './inbox.ts';
import {
  assertPattern,
  type HeldSilence,
  type Matcher,
  parseMatcher,
  SilenceError,
  type SilenceRequest,
  type Silences,
} from './silences.ts';

/** The version whose behaviour is followed. */
const imitatedVersion = '0.25.0';

/** A request to the API v2, its path below `/api/v2/`. */
export interface AlertmanagerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly text: string;
}

/** A body that does not fit the API's schema: go-openapi's answer. */
class SchemaError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Silences over HTTP, with Alertmanager's shapes, answers and refusals. */
export function serveAlertmanager(
  silences: Silences,
  inbox: Inbox,
  request: AlertmanagerRequest,
): Answer {
  try {
    return route(silences, inbox, request);
  } catch (error) {
    if (error instanceof SchemaError) {
      // Only what cannot be parsed at all is a plain 400.
      const status = error.code === 400 ? 400 : 422;
      return { status, body: { code: error.code, message: error.message } };
    }
    if (!(error instanceof SilenceError)) throw error;
    return { status: error.status, body: error.message, asJson: true };
  }
}

function route(silences: Silences, inbox: Inbox, request: AlertmanagerRequest): Answer {
  const { method, path } = request;
  if (path === 'status' && method === 'GET') return { status: 200, body: serverStatus() };
  if (path === 'silences' && method === 'GET') {
    const filters = request.query.getAll('filter').map(parseMatcher);
    const held = silences.list(filters).map((silence) => shown(silences, silence));
    return { status: 200, body: held };
  }
  if (path === 'silences' && method === 'POST') {
    const body = jsonOf(request.text);
    const silenceID = silences.save(silenceRequest(body));
    inbox.add('silence', { ...(isFields(body) ? body : {}), silenceID });
    return { status: 200, body: { silenceID } };
  }
  const id = /^silence\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined || (method !== 'GET' && method !== 'DELETE')) {
    const message = `path /api/v2/${path} was not found`;
    return { status: 404, body: { code: 404, message } };
  }
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new SchemaError(601, `silenceID in path must be of type uuid: "${id}"`);
  }
  if (!silences.has(id)) return { status: 404 };
  if (method === 'GET') return { status: 200, body: shown(silences, silences.get(id)) };
  silences.expire(id);
  return { status: 200 };
}

function silenceRequest(body: unknown): SilenceRequest {
  if (!isFields(body)) throw new SchemaError(400, 'parsing silence body failed');
  for (const name of ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt']) {
    if (body[name] === undefined || body[name] === null) {
      throw new SchemaError(602, `${name} in body is required`);
    }
  }
  return {
    id: isText(body.id) ? body.id : undefined,
    matchers: matchersOf(body.matchers),
    startsAt: timeOf(body, 'startsAt'),
    endsAt: timeOf(body, 'endsAt'),
    createdBy: String(body.createdBy),
    comment: String(body.comment),
  };
}

function matchersOf(value: unknown): Matcher[] {
  if (!Array.isArray(value)) {
    throw new SchemaError(601, 'matchers in body must be of type array');
  }
  if (value.length === 0) {
    throw new SchemaError(612, 'matchers in body should have at least 1 items');
  }
  return value.map((entry: unknown, at) => {
    if (!isFields(entry) || typeof entry.name !== 'string' || typeof entry.value !== 'string') {
      throw new SchemaError(602, `matchers.${at} in body: name and value are required`);
    }
    if (typeof entry.isRegex !== 'boolean') {
      throw new SchemaError(602, `matchers.${at}.isRegex in body is required`);
    }
    const { name, value: wanted, isRegex } = entry;
    const matcher = { name, value: wanted, isRegex, isEqual: entry.isEqual !== false };
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      throw new SilenceError(
        400,
        `silence invalid: invalid label matcher ${at}: invalid label name "${name}"`,
      );
    }
    assertPattern(matcher);
    return matcher;
  });
}

function timeOf(body: Fields, name: string): number {
  const time = typeof body[name] === 'string' ? Date.parse(body[name]) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new SchemaError(400, `parsing silence body failed: parsing time of ${name}`);
  }
  return time;
}

function shown(silences: Silences, silence: HeldSilence): object {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    id: silence.id,
    status: { state: silences.state(silence) },
    updatedAt: time(silence.updatedAt),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: time(silence.endsAt),
    startsAt: time(silence.startsAt),
    matchers: silence.matchers,
  };
}

function serverStatus(): object {
  return {
    cluster: { name: 'aurora-stack', peers: [], status: 'disabled' },
    config: { original: '' },
    uptime: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
    versionInfo: {
      branch: '',
      buildDate: '',
      buildUser: '',
      goVersion: '',
      revision: '',
      version: imitatedVersion,
    },
  };
}
