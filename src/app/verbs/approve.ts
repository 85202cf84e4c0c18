import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { shortDigest } from '../../proof/digest.ts';
import {
  type AcceptedWord,
  type Judging,
  judgeStatement,
  judgeWord,
  type WordVerdict,
} from '../../release/approval.ts';
import type { Engine } from '../../release/engine.ts';
import { foldJournal } from '../../release/state.ts';
import type { ApprovalStatement } from '../../release/statement.ts';
import { signedLabel } from '../../report/approval-words.ts';
import { signingPage } from '../../report/signing-page.ts';
import type { Signer } from '../../services/signing/signing.ts';
import { confirm, terminalPrompt } from '../../ui/prompt.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { type Output, openOutput } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { signingQuestion, signWord, statementFor } from '../word.ts';
import { openStep } from './approve-step.ts';

/** Options of `approve`. */
export interface ApproveOptions extends RunOptions {
  readonly step?: number;
  /** Who approves; needed only where nothing is signed. */
  readonly as?: string;
  readonly comment?: string;
  readonly reject?: boolean;
  readonly revoke?: boolean;
}

type Decision = ApprovalStatement['decision'];

/** What is to be said. USAGE when that is two things, or a no without a reason. */
function decisionOf({ reject, revoke, comment }: ApproveOptions): Decision {
  if (reject === true && revoke === true) {
    throw new AuroraError('USAGE', '--reject and --revoke are two things', {
      remedy: 'Reject what is asked for now; revoke what you have approved.',
    });
  }
  const decision = reject === true ? 'reject' : revoke === true ? 'revoke' : 'approve';
  if (decision === 'approve' || comment !== undefined) return decision;
  throw new AuroraError('USAGE', 'a no needs a reason', { remedy: 'Add --comment "why".' });
}

/** Throws what the release would say of this word. APPROVAL_... */
function requireAccepted(
  verdict: WordVerdict,
  { request }: Judging,
): asserts verdict is AcceptedWord {
  if (verdict.accepted) return;
  const message = `step ${request.step} does not take the word of ${verdict.by}: ${verdict.why}`;
  throw new AuroraError(verdict.code, message);
}

/** The key that signs; null where the plan wants no signature and the person named none. */
async function signerFor(
  engine: Engine,
  { move }: Judging,
  { key, as }: ApproveOptions,
): Promise<Signer | null> {
  if (move.unsigned && as !== undefined && key === undefined) return null;
  const signer = await engine.signer();
  if (signer !== null || move.unsigned) return signer;
  throw new AuroraError('APPROVAL_UNSIGNED', 'no key was found, and the plan wants a signature', {
    remedy: 'Name your key with --key or AURORA_KEY; `aurora keygen` makes one.',
  });
}

/** In a terminal a person is asked; elsewhere a key or a name that was given is the word. */
async function agree(
  io: Io,
  options: ApproveOptions,
  message: string,
  signal: AbortSignal,
): Promise<void> {
  if (io.stdin.isTTY === true) {
    if (await confirm({ message, option: '--key' }, terminalPrompt(signal))) return;
    throw new AuroraError('INTERRUPTED', 'nothing was signed', {
      remedy: 'Nothing was left for the release; run it again when you have looked.',
    });
  }
  const { key, as } = options;
  const named = key ?? as ?? io.variables.AURORA_KEY;
  if (named !== undefined && named !== '') return;
  throw new AuroraError('USAGE', 'nobody can be asked here', {
    remedy: 'Name the key that signs with --key: without a terminal that is the word.',
  });
}

const pastWords = { approve: 'approved', reject: 'rejected', revoke: 'revoked' } as const;

/** What stands now: read again after a person has looked, since the release goes on meanwhile. */
async function look({ engine }: Session, id: string, options: ApproveOptions, decision: Decision) {
  const entries = await engine.store.read(id);
  const state = foldJournal(id, entries);
  const about = await openStep(engine, state, entries, { decision, step: options.step });
  return { state, about };
}

/** What comes next; a word that was taken back leaves nothing that goes on by itself. */
function nextText(id: string, decision: Decision): string {
  const resume = `aurora resume ${id}`;
  if (decision === 'revoke') return `next: the release asks anew before its next step: ${resume}`;
  return `next: the waiting release goes on by itself; if none runs: ${resume}`;
}

function tell(output: Output, { statement, person, key }: AcceptedWord, id: string): void {
  const { decision, binding, role } = statement;
  const what = `build ${shortDigest(binding.build)} and evidence ${shortDigest(binding.evidence)}`;
  const who = `${person.name} (${role}), ${signedLabel({ key })}`;
  output.text(`${pastWords[decision]} by ${who}, for ${what}`);
  output.text(nextText(id, decision));
  const { step } = binding;
  const by = { by: person.id, name: person.name, role };
  output.document('approval', {
    ...{ release: id, step, decision, ...by, signed: key !== null, key, binding },
  });
}

/** `aurora approve [release]`: gives, refuses or takes back a person's word for what was measured. */
export async function approveVerb(
  io: Io,
  release: string | undefined,
  options: ApproveOptions,
): Promise<ExitCode> {
  const decision = decisionOf(options);
  return withSession<ExitCode>(io, options, async (session) => {
    const { engine } = session;
    const output = openOutput(io, options);
    const id = release ?? (await latestRelease(engine.store));
    const { state, about } = await look(session, id, options, decision);
    const signer = await signerFor(engine, about, options);
    const { as, comment } = options;
    const say = () => statementFor(engine, { decision, as, comment }, signer, about);
    const verdict = judgeStatement(say(), signer?.key ?? null, about);
    requireAccepted(verdict, about);
    output.text([...signingPage(state, engine.plan, about.request.binding), '']);
    const question = signingQuestion(verdict.statement, verdict.person.name, signer);
    await agree(io, options, question, engine.signal);
    const word = await signWord(say(), signer, engine.signal);
    const now = await look(session, id, options, decision);
    const accepted = judgeWord(word, now.about);
    requireAccepted(accepted, now.about);
    const { at, binding } = accepted.statement;
    await engine.store.offer({ v: 2, note: 'word', release: id, step: binding.step, ...word, at });
    tell(output, accepted, id);
    return 0;
  });
}
