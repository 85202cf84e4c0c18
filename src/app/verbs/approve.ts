import { isoTime } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { redact } from '../../base/redact.ts';
import { shortDigest } from '../../proof/digest.ts';
import { approvalNamespace } from '../../proof/ssh/namespace.ts';
import { fingerprint, sameKey } from '../../proof/ssh/public-key.ts';
import {
  type Judging,
  judgeStatement,
  judgeWord,
  type WordVerdict,
} from '../../release/approval.ts';
import type { Engine } from '../../release/engine.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import { type ApprovalStatement, type SignedWord, statementText } from '../../release/statement.ts';
import { signedLabel } from '../../report/approval-words.ts';
import { signingPage } from '../../report/signing-page.ts';
import type { Signer } from '../../services/signing/signing.ts';
import { confirm, terminalPrompt } from '../../ui/prompt.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';
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
): asserts verdict is Extract<WordVerdict, { accepted: true }> {
  if (verdict.accepted) return;
  const message = `step ${request.step} does not take the word of ${verdict.by}: ${verdict.why}`;
  throw new AuroraError(verdict.code, message);
}

/** Whose word it is: as said, then the owner of the key, then whoever acts. */
function giver(
  { as }: ApproveOptions,
  signer: Signer | null,
  { approvers }: Judging,
  actor: string,
): string {
  if (as !== undefined) return as;
  if (signer === null) return actor;
  const owner = approvers.signers.find(({ key }) => sameKey(key, signer.key));
  return owner?.id ?? fingerprint(signer.key);
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

/** The statement as it goes out. USAGE when it would carry a secret into the journal. */
function textOf(statement: ApprovalStatement): string {
  const text = statementText(statement);
  if (redact(text) === text) return text;
  throw new AuroraError('USAGE', 'the comment holds a secret', {
    remedy: 'Say it without: the comment stands in journal and ticket.',
  });
}

async function sign(
  statement: ApprovalStatement,
  signer: Signer | null,
  signal: AbortSignal,
): Promise<SignedWord> {
  const text = textOf(statement);
  if (signer === null) return { statement: text, signature: null };
  return { statement: text, signature: await signer.sign(text, approvalNamespace, signal) };
}

const pastWords = { approve: 'approved', reject: 'rejected', revoke: 'revoked' } as const;

/** `aurora approve [release]`: gives, refuses or takes back a person's word for what was measured. */
export async function approveVerb(
  io: Io,
  release: string | undefined,
  options: ApproveOptions,
): Promise<ExitCode> {
  const decision = decisionOf(options);
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const id = release ?? (await latestRelease(engine.store));
    const entries = await engine.store.read(id);
    const state: ReleaseState = foldJournal(id, entries);
    const about = await openStep(engine, state, entries, { decision, step: options.step });
    const signer = await signerFor(engine, about, options);
    const { binding, role, step } = about.request;
    const by = giver(options, signer, about, engine.actor);
    const comment = options.comment ?? null;
    const at = isoTime(engine.clock.now());
    const statement: ApprovalStatement = {
      ...{ v: 1, kind: 'approval', decision, binding, by, role, comment, at },
    };
    const verdict = judgeStatement(statement, signer?.key ?? null, about);
    requireAccepted(verdict, about);
    output.text([...signingPage(state, engine.plan, binding), '']);
    const how = signer === null ? 'unsigned' : signer.how;
    const question = `${decision} step ${step} as ${verdict.person.name} (${role}), ${how}?`;
    await agree(io, options, question, engine.signal);
    const word = await sign(statement, signer, engine.signal);
    requireAccepted(judgeWord(word, about), about);
    await engine.store.offer({ v: 2, note: 'word', release: id, step, ...word, at });
    const done = pastWords[decision];
    const what = `build ${shortDigest(binding.build)} and evidence ${shortDigest(binding.evidence)}`;
    output.text(
      `${done} by ${verdict.person.name} (${role}), ${signedLabel(verdict)}, for ${what}`,
    );
    output.text(`next: the waiting release goes on by itself; if none runs: aurora resume ${id}`);
    const { key, person } = verdict;
    const who = { by: person.id, name: person.name, role };
    output.document('approval', {
      ...{ release: id, step, decision, ...who, signed: signer !== null, key, binding },
    });
    return 0;
  });
}
