import { unlessAborted, withDeadline } from '../base/deadline.ts';
import { formatDuration } from '../base/duration.ts';
import { AuroraError } from '../base/errors.ts';
import type { Owner, PlanStep } from '../plan/plan.ts';
import type { Notice } from '../services/notify/notify.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import { sameWords } from './person.ts';
import { recordError } from './recorded-error.ts';
import type { ReleaseLog } from './release-log.ts';

type Told = EventData['owner.told'];

/** A message that has not arrived by then is written down as one that did not. */
const sendMs = 5_000;

const nameOf = (owner: Owner) =>
  owner.name === null ? owner.role : `${owner.role} (${owner.name})`;

/** Whether a step falls to somebody else than the one before it; before the first stands the starter. */
export function isTurn(steps: readonly PlanStep[], step: PlanStep, starter: string): boolean {
  const before = steps[steps.indexOf(step) - 1];
  if (before === undefined) return step.owner.name === null || !sameWords(step.owner.name, starter);
  return nameOf(before.owner) !== nameOf(step.owner);
}

/** What a person must run for a step that is theirs. */
function commandOf(step: PlanStep, release: string): string {
  const asks = step.moves.some((move) => move.type === 'approval');
  return asks
    ? `aurora approve ${release} --step ${step.step}`
    : `aurora status ${release} --follow`;
}

const messageName = ({ step }: PlanStep, why: Told['why'], over: string) =>
  `${step} ${why} ${over}`;

function noticeOf(
  step: PlanStep,
  why: Told['why'],
  about: { release: string; build: string; plannedMs: number },
): Notice {
  const { release, build, plannedMs } = about;
  const what = `step ${step.step}, ${step.title}`;
  const planned = `planned ${formatDuration(plannedMs)}`;
  return {
    title: why === 'turn' ? `Your turn: ${what}` : `Longer than planned: ${what}`,
    body: `${nameOf(step.owner)}: ${build}, ${planned}.\n\`${commandOf(step, release)}\``,
    severity: why === 'turn' ? 'info' : 'warning',
    key: release,
  };
}

/**
 * Tells the owners of steps that it is their turn, and that a step takes longer than planned. Never
 * in the way: messages go out beside the step, and what became of them is written down between two
 * moves, so that the journal keeps one writer.
 */
export class OwnerTelling {
  readonly #arrived: Told[] = [];
  /** On its way or arrived, and perhaps not written down yet: a step that is taken again is no other turn. */
  readonly #sent = new Set<string>();
  readonly #pending = new Set<Promise<void>>();

  constructor(
    private readonly engine: Engine,
    private readonly log: ReleaseLog,
  ) {}

  /** Once for each step, also over resumes. */
  turn(step: PlanStep): void {
    const { plan } = this.engine;
    if (!plan.people.turn || !isTurn(plan.steps, step, this.log.state.starter)) return;
    this.#tell(step, 'turn');
  }

  /** Watches the time of a step until `end`. */
  watch(step: PlanStep): { end(): void } {
    const { plan, clock } = this.engine;
    const over = new AbortController();
    if (!plan.people.overdue || plan.people.tell.length === 0) return { end: () => undefined };
    const startedAt = this.log.state.steps.get(step.step)?.startedAt;
    const due =
      (startedAt === undefined ? clock.now() : Date.parse(startedAt)) + this.#plannedMs(step);
    clock.sleep(Math.max(0, due - clock.now()), over.signal).then(
      () => this.#tell(step, 'overdue'),
      () => undefined,
    );
    return { end: () => over.abort() };
  }

  /** Writes down what has arrived, or has not. */
  async writeDown(): Promise<void> {
    for (let told = this.#arrived.shift(); told !== undefined; told = this.#arrived.shift()) {
      await this.log.append('owner.told', told);
    }
  }

  /** Waits for what is on its way, which has a deadline, and writes that down too. */
  async finish(): Promise<void> {
    await Promise.all(this.#pending);
    await this.writeDown();
  }

  #plannedMs({ durationMs }: PlanStep): number {
    return durationMs / this.engine.timeScale;
  }

  #tell(step: PlanStep, why: Told['why']): void {
    for (const over of this.engine.plan.people.tell) {
      const known = this.log.entries.some(
        ({ type, data }) =>
          type === 'owner.told' &&
          data.ok &&
          data.step === step.step &&
          data.why === why &&
          data.over === over,
      );
      const name = messageName(step, why, over);
      if (known || this.#sent.has(name)) continue;
      this.#sent.add(name);
      const sending = this.#send(step, why, over).finally(() => this.#pending.delete(sending));
      this.#pending.add(sending);
    }
  }

  /** Never rejects. */
  async #send(step: PlanStep, why: Told['why'], over: string): Promise<void> {
    const { engine, log } = this;
    const { build } = log.state;
    const about = {
      release: log.state.id,
      build: build === null ? log.state.id : `${build.name} ${build.version}`,
      plannedMs: this.#plannedMs(step),
    };
    const told = { step: step.step, owner: nameOf(step.owner), why, over };
    const { signal, done } = withDeadline(engine.signal, sendMs, over);
    try {
      await unlessAborted(sendOver(engine, over, noticeOf(step, why, about), signal), signal);
      this.#arrived.push({ ...told, ok: true });
    } catch (error) {
      this.#sent.delete(messageName(step, why, over));
      this.#arrived.push({ ...told, ok: false, error: recordError(error) });
    } finally {
      done();
    }
  }
}

async function sendOver({ services }: Engine, over: string, notice: Notice, signal: AbortSignal) {
  const all = await services.notify();
  const found = all.find((service) => service.audience === over);
  if (found === undefined) {
    throw new AuroraError('CONFIG_INVALID', `nobody is configured as ${over}`, {
      where: 'services.notify',
    });
  }
  await found.send(notice, signal);
}
