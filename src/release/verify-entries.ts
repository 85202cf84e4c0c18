import type { EventData, JournalEntry } from './events.ts';
import { handlers } from './fold-release.ts';
import { refusal } from './follow-table.ts';
import { evidenceDigest } from './gate.ts';
import { evidenceBefore } from './standing.ts';
import { applyEntry, emptyState, type ReleaseState } from './state.ts';
import type { Line } from './verify-chain.ts';
import type { Place } from './verify-report.ts';
import { same, verifyApproval, verifyOverride, type WordsAbout } from './verify-words.ts';

/** Clocks of two machines may differ; a journal is written by several. Milliseconds. */
const skewMs = 10 * 60_000;

type Entry<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;
type Given = EventData['approval.given'];

/** Goes through the entries of a journal with the state that they fold to. */
export class EntryWalk {
  #state: ReleaseState;
  #time = 0;
  /** Entries that follow a `rescue.merged` and were written down where the store could not be. */
  #merged = 0;
  readonly #fences = new Map<string, number>();
  readonly #nonces = new Set<string>();
  /** Requests whose history is another than the one that they name. */
  readonly #unpinned = new Map<string, Place>();
  readonly #skips: EventData['override.given'][] = [];

  constructor(private readonly about: WordsAbout) {
    this.#state = emptyState(about.release);
  }

  /** Holds one entry against everything before it. `before` is the digest of the line before it. */
  take({ place, entry }: Line, before: string): void {
    if (entry === null) return;
    try {
      this.#timeOf(entry, place);
      this.#transition(entry, place);
      this.#look(entry, place, before);
      this.#state = applyEntry(this.#state, entry);
    } catch {
      const what = 'its data is not what this kind of entry holds';
      this.about.notebook.note('wrong', 'transitions', place, what);
    }
    this.#merged = entry.type === 'rescue.merged' ? entry.data.entries : this.#merged - 1;
  }

  get state(): ReleaseState {
    return this.#state;
  }

  #timeOf({ at }: JournalEntry, place: Place): void {
    const { notebook } = this.about;
    const time = Date.parse(at);
    notebook.hold('times', place, Number.isNaN(time) ? `${at} is no time` : null);
    // What was kept aside happened before it was written down here.
    if (Number.isNaN(time) || this.#merged > 0) return;
    if (time < this.#time - skewMs) {
      const minutes = Math.round((this.#time - time) / 60_000);
      notebook.note('remark', 'times', place, `the clock went back by ${minutes} min`);
    }
    this.#time = Math.max(this.#time, time);
  }

  #transition(entry: JournalEntry, place: Place): void {
    const { notebook } = this.about;
    if (!Object.hasOwn(handlers, entry.type)) {
      const what = 'only a newer aurora knows this kind of entry';
      notebook.note('unsure', 'transitions', place, what);
      return;
    }
    const why = refusal(this.#state, entry.type, entry.data);
    if (why !== null && this.#merged > 0) notebook.note('remark', 'transitions', place, why);
    notebook.hold('transitions', place, this.#merged > 0 ? null : why);
  }

  #look(entry: JournalEntry, place: Place, before: string): void {
    switch (entry.type) {
      case 'lease.acquired':
      case 'release.overtaken':
        this.#fence(entry.data, place);
        break;
      case 'step.ended':
        this.#stepEnded(entry, place);
        break;
      case 'approval.requested':
        this.#requested(entry, place, before);
        break;
      case 'approval.given':
        this.#given(entry, place);
        break;
      case 'approval.rejected':
        this.#answer(entry, place, 'reject', entry.data.reason);
        break;
      case 'approval.revoked':
        this.#revoked(entry, place);
        break;
      case 'override.given':
        this.#override(entry, place);
        break;
      case 'step.skipped':
        this.#skipped(entry, place);
        break;
      default:
    }
  }

  #fence({ environment, fence }: { environment: string; fence: number }, place: Place): void {
    const last = this.#fences.get(environment) ?? 0;
    const wrong = `the number of ${environment} fell from ${last} to ${fence}`;
    this.about.notebook.hold('fences', place, fence < last ? wrong : null);
    this.#fences.set(environment, Math.max(fence, last));
  }

  #stepEnded({ data }: Entry<'step.ended'>, place: Place): void {
    const { notebook } = this.about;
    const step = this.#state.steps.get(data.step);
    const fits = evidenceDigest(step?.checks ?? []) === data.evidence;
    notebook.hold('evidence', place, fits ? null : 'its digest is not that of its checks');
    const { request = null, approvals = [] } = step ?? {};
    if (request === null || data.verdict !== 'go') return;
    const missing = approvals.length < request.count;
    const what = `it went on with ${approvals.length} of ${request.count} approvals`;
    notebook.hold('approvals', place, missing ? what : null);
  }

  #requested({ data }: Entry<'approval.requested'>, place: Place, before: string): void {
    const { notebook } = this.about;
    notebook.hold('approvals', place, this.#wrongRequest(data));
    this.#nonces.add(data.binding.nonce);
    // Progress may come between a binding and its line: such a request is made again, and only
    // a word for it would be wrong.
    if (data.binding.journal === before) return;
    this.#unpinned.set(data.binding.nonce, place);
  }

  #wrongRequest({ step, binding, expiresAt }: EventData['approval.requested']): string | null {
    const { release, created } = this.about;
    const evidence = evidenceDigest(evidenceBefore(this.#state, step));
    if (binding.release !== release || binding.step !== step) return 'it is bound to another step';
    if (created !== null && binding.plan !== created.plan.digest) {
      return 'it is bound to another plan';
    }
    if (created !== null && binding.build !== created.build.digest) {
      return 'it is bound to another build';
    }
    if (binding.evidence !== evidence)
      return 'it is bound to other evidence than what was measured';
    if (Date.parse(binding.expires) !== expiresAt)
      return 'its expiry is not the one it is bound to';
    return this.#nonces.has(binding.nonce) ? 'its nonce was used before' : null;
  }

  #given(entry: Entry<'approval.given'>, place: Place): void {
    const { data } = entry;
    const { notebook } = this.about;
    this.#answer(entry, place, 'approve', data.comment);
    const request = this.#state.steps.get(data.step)?.request ?? null;
    const before: readonly Given[] = this.#state.steps.get(data.step)?.approvals ?? [];
    const twice = before.some(({ by }) => by === data.by);
    if (twice) notebook.note('wrong', 'approvals', place, `${data.by} had approved it already`);
    if (request !== null && !same(request.binding, data.binding)) {
      notebook.note('wrong', 'approvals', place, 'it is not bound to what was asked for');
    }
    if (data.signed !== (data.signature !== null)) {
      notebook.note(
        'wrong',
        'approvals',
        place,
        'it says something else of being signed than is so',
      );
    }
  }

  #answer(
    { at, data }: Entry<'approval.given' | 'approval.rejected'>,
    place: Place,
    decision: 'approve' | 'reject',
    comment: string | null,
  ): void {
    const request = this.#state.steps.get(data.step)?.request ?? null;
    verifyApproval({ place, at, word: data, decision, request, comment }, this.about);
    const unpinned = request === null ? undefined : this.#unpinned.get(request.binding.nonce);
    if (unpinned === undefined) return;
    const what = 'what stands before it is not what the approval was asked for';
    this.about.notebook.note('wrong', 'approvals', unpinned, what);
  }

  #revoked({ at, data }: Entry<'approval.revoked'>, place: Place): void {
    const { statement } = data;
    // What was no longer so was opened again by aurora itself: nobody signs that.
    if (statement === null) return;
    const request = this.#state.steps.get(data.step)?.request ?? null;
    const word = { ...data, statement };
    verifyApproval(
      { place, at, word, decision: 'revoke', request, comment: data.reason },
      this.about,
    );
  }

  #override({ at, data }: Entry<'override.given'>, place: Place): void {
    verifyOverride(data, place, at, this.about);
    const nonce = /"nonce":"([^"]*)"/.exec(data.statement)?.[1] ?? '';
    const again = this.#nonces.has(nonce);
    this.#nonces.add(nonce);
    if (again) this.about.notebook.note('wrong', 'overrides', place, 'its nonce was used before');
    if (data.subject === 'skip') this.#skips.push(data);
  }

  #skipped({ data }: Entry<'step.skipped'>, place: Place): void {
    const covered = this.#skips.some(
      ({ about, by, role, reason, signed }) =>
        covers(about, data.step) &&
        same([by, role, reason, signed], [data.by, data.role, data.reason, data.signed]),
    );
    this.about.notebook.hold('overrides', place, covered ? null : 'no override covers it');
  }
}

/** Whether `3` or `1-4` names a step. */
function covers(about: string, step: number): boolean {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(about) ?? [];
  return first !== undefined && Number(first) <= step && step <= Number(last);
}
