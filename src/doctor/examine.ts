import { setMaxListeners } from 'node:events';
import { withDeadline } from '../base/deadline.ts';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import type { EnvironmentView } from '../checks/kind.ts';
import type { Examined } from '../services/health.ts';
import { http } from '../services/http/request.ts';
import type { Services } from '../services/services.ts';

/** One line of `aurora doctor`. */
export interface DoctorRow {
  /** What was looked at: `flags: unleash http://127.0.0.1:20030`. */
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; null when it is well. */
  readonly remedy: string | null;
}

type Look = (signal: AbortSignal) => Promise<DoctorRow>;

const longestLook = 10_000;

function sick(what: string, error: unknown): DoctorRow {
  const place =
    error instanceof AuroraError && error.where !== undefined ? ` (${error.where})` : '';
  return {
    what,
    ok: false,
    detail: messageOf(error) + place,
    remedy: error instanceof AuroraError ? error.remedy : 'Report this: it is not a known error.',
  };
}

async function examineService(
  name: string,
  service: Examined,
  signal: AbortSignal,
): Promise<DoctorRow> {
  const { ok, detail, remedy } = await service.health(signal);
  return { what: `${name}: ${service.label}`, ok, detail, remedy: ok ? null : (remedy ?? null) };
}

/** Rejects as soon as the signal aborts, for work that may not listen to it. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** One look with its own deadline: a service that hangs costs one row, not the others. */
async function look(
  what: string,
  run: Look,
  parent: AbortSignal,
  limitMs: number,
): Promise<DoctorRow> {
  const deadline = withDeadline(parent, limitMs, what);
  try {
    return await within(deadline.signal, run(deadline.signal));
  } catch (error) {
    if (parent.aborted) throw parent.reason;
    return sick(what, error);
  } finally {
    deadline.done();
  }
}

function lookAtService(name: string, open: () => Promise<Examined>): readonly [string, Look] {
  return [name, async (signal) => examineService(name, await open(), signal)];
}

function lookAtEnvironment(view: EnvironmentView): readonly (readonly [string, Look])[] {
  const envFile = `env file of ${view.name}`;
  const service = `${view.name}: ${view.origin}`;
  return [
    [
      envFile,
      async () => {
        const { size } = await view.variables();
        const detail = `${view.envFile}, ${size} variables`;
        return { what: envFile, ok: true, detail, remedy: null };
      },
    ],
    [
      service,
      async (signal) => {
        const url = `${view.origin}/api/health`;
        const { status } = await http({ url, dispatcher: view.dispatcher }, signal);
        const ok = status === 200;
        const remedy = ok ? null : `Look at the service behind ${view.origin}, and at \`connect\`.`;
        return { what: service, ok, detail: `/api/health answered ${status}`, remedy };
      },
    ],
  ];
}

/** Every way to reach people; when they cannot even be opened, one row says so. */
async function lookAtNotify(
  services: Services,
  signal: AbortSignal,
  limitMs: number,
): Promise<readonly DoctorRow[]> {
  const opening = withDeadline(signal, limitMs, 'notify');
  try {
    const ways = await within(opening.signal, services.notify());
    return await Promise.all(
      ways.map((way) =>
        look(
          `notify ${way.audience}`,
          (inner) => examineService(`notify ${way.audience}`, way, inner),
          signal,
          limitMs,
        ),
      ),
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return [sick('notify', error)];
  } finally {
    opening.done();
  }
}

/**
 * Looks at everything that a release needs, side by side, each within `limitMs` milliseconds, and
 * changes nothing. Throws only when the signal aborts.
 */
export async function examine(
  services: Services,
  environments: Readonly<Record<EnvironmentName, EnvironmentView>>,
  signal: AbortSignal,
  limitMs: number = longestLook,
): Promise<readonly DoctorRow[]> {
  const looks: readonly (readonly [string, Look])[] = [
    ...environmentNames.flatMap((name) => lookAtEnvironment(environments[name])),
    lookAtService('secrets', () => services.secrets()),
    lookAtService('database', () => services.database()),
    lookAtService('flags', () => services.flags()),
    lookAtService('cache', () => services.cache()),
    lookAtService('cdn', () => services.cdn()),
    lookAtService('alerts', () => services.alerts()),
    ...environmentNames.flatMap((name) => [
      lookAtService(`driver of ${name}`, () => services.driver(name)),
      lookAtService(`metrics of ${name}`, () => services.metrics(name)),
      lookAtService(`logs of ${name}`, () => services.logs(name)),
    ]),
  ];
  // So many looks wait on one signal that Node would take them for a leak.
  setMaxListeners(0, signal);
  const [rows, people] = await Promise.all([
    Promise.all(looks.map(([what, run]) => look(what, run, signal, limitMs))),
    lookAtNotify(services, signal, limitMs),
  ]);
  return [...rows, ...people];
}
