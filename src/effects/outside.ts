import { randomBytes } from 'node:crypto';
import type { EnvironmentView } from '../checks/kind.ts';
import { shortDigest } from '../proof/digest.ts';
import { http } from '../services/http/request.ts';

/** Who answered a customer. */
export interface OutsideAnswer {
  readonly status: number;
  readonly build: string | null;
}

/** Asks the public address as a fresh customer would: `/api/health` with a session never seen. */
export async function askOutside(
  environment: EnvironmentView,
  signal: AbortSignal,
): Promise<OutsideAnswer> {
  const answer = await http(
    {
      url: `${environment.origin}/api/health`,
      headers: { 'x-session-id': `sess_look_${randomBytes(8).toString('hex')}` },
      dispatcher: environment.dispatcher,
      timeoutMs: 5_000,
    },
    signal,
  );
  return { status: answer.status, build: answer.headers['x-aurora-build'] ?? null };
}

/** Whether the public address hides the widget now: what every customer gets. */
export async function widgetIsHidden(
  environment: Pick<EnvironmentView, 'origin' | 'dispatcher'>,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await http(
    {
      url: `${environment.origin}/widget.js`,
      dispatcher: environment.dispatcher,
      timeoutMs: 5_000,
    },
    signal,
  );
  return answer.headers['x-aurora-widget'] === 'hidden';
}

/** Asks several times, with a fresh session each. */
export async function askOutsideOften(
  environment: EnvironmentView,
  times: number,
  signal: AbortSignal,
): Promise<readonly OutsideAnswer[]> {
  return Promise.all(Array.from({ length: times }, () => askOutside(environment, signal)));
}

/** What several answers say together: `20 of 20 answered by 0123456789ab`. */
export function tally(
  answers: readonly OutsideAnswer[],
  build: string,
): { readonly all: boolean; readonly text: string } {
  const good = answers.filter((answer) => answer.status === 200 && answer.build === build).length;
  const others = new Set(
    answers
      .filter((answer) => answer.build !== build)
      .map((answer) =>
        answer.build === null ? `status ${answer.status}` : shortDigest(answer.build),
      ),
  );
  const rest = others.size === 0 ? '' : `, others by ${[...others].join(', ')}`;
  return {
    all: good === answers.length && answers.length > 0,
    text: `${good} of ${answers.length} answered by ${shortDigest(build)}${rest}`,
  };
}
