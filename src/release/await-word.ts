import { randomBytes } from 'node:crypto';
import type { CheckResult } from '../checks/check.ts';
import type { Move, PlanStep } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import { bindingDigest, judgeWord } from './approval.ts';
import type { ApprovalBinding, EventData } from './events.ts';
import { evidenceDigest } from './gate.ts';
import type { Run } from './run-context.ts';
import type { ApprovalWord } from './store.ts';

type ApprovalMove = Extract<Move, { type: 'approval' }>;
type Request = EventData['approval.requested'];

const lookForWordMs = 250;

/** Every result measured in this release so far, in the order of the steps. */
function allEvidence({ log }: Run): readonly CheckResult[] {
  return [...log.state.steps.values()].sort((a, b) => a.step - b.step).flatMap((s) => s.checks);
}

async function askForWord(run: Run, step: PlanStep, move: ApprovalMove): Promise<Request> {
  const { engine, log } = run;
  const binding: ApprovalBinding = {
    release: log.state.id,
    step: step.step,
    plan: engine.plan.digest,
    build: run.candidate.digest,
    evidence: evidenceDigest(allEvidence(run)),
    nonce: randomBytes(8).toString('hex'),
  };
  const who = move.name ?? move.role;
  const request: Request = {
    step: step.step,
    role: move.role,
    name: move.name,
    binding,
    expiresAt: engine.clock.now() + move.expiresMs,
    command: `aurora approve ${log.state.id} --step ${step.step} --as ${JSON.stringify(who)}`,
  };
  await log.append('approval.requested', request);
  return request;
}

/** The first offered word that counts; those that do not are written down once, with why. */
async function acceptedWord(
  run: Run,
  request: Request,
  move: ApprovalMove,
  refused: Set<string>,
): Promise<ApprovalWord | undefined> {
  const { engine, log } = run;
  const { step, binding, expiresAt } = request;
  const about = { move, binding, expiresAt, starter: log.state.starter };
  for (const word of await engine.store.approvals(log.state.id, step)) {
    const verdict = judgeWord(word, about);
    if (verdict.accepted) return word;
    const key = JSON.stringify(word);
    if (refused.has(key)) continue;
    refused.add(key);
    await log.append('approval.refused', { step, by: word.by, reason: verdict.why });
  }
  return undefined;
}

function resultOf(word: ApprovalWord, request: Request): CheckResult {
  const { name, role, step, binding } = request;
  const by = `${word.by} (${word.role})`;
  const base = {
    id: `approval/${step}`,
    title: `word of ${name ?? role}`,
    expected: `approved by ${name ?? 'a person'} (${role}) for binding ${shortDigest(bindingDigest(binding))}`,
  };
  if (word.decision === 'approve') {
    return { ...base, status: 'pass', observed: `approved by ${by}, unsigned` };
  }
  return { ...base, status: 'fail', observed: `rejected by ${word.by}: ${reasonOf(word)}` };
}

function reasonOf(word: ApprovalWord): string {
  return word.comment ?? 'no reason given';
}

async function writeDown({ log }: Run, word: ApprovalWord, request: Request): Promise<void> {
  const { step, binding } = request;
  const { by, role, comment } = word;
  if (word.decision === 'reject') {
    return log.append('approval.rejected', { step, by, role, reason: reasonOf(word) });
  }
  return log.append('approval.given', { step, by, role, signed: false, comment, binding });
}

/**
 * Waits for a person's word as long as the engine says; undefined when none came. A request that
 * has run out is made anew: a word given in its time still counts, a later one never can.
 */
export async function awaitWord(
  run: Run,
  step: PlanStep,
  move: ApprovalMove,
): Promise<readonly CheckResult[] | undefined> {
  const { engine, log } = run;
  const wait = engine.approvalWaitMs === 'planned' ? step.durationMs : engine.approvalWaitMs;
  const deadline = engine.clock.now() + wait;
  const refused = new Set<string>();
  const standing = log.state.steps.get(step.step)?.request;
  let request = standing ?? (await askForWord(run, step, move));
  for (;;) {
    const word = await acceptedWord(run, request, move, refused);
    if (word !== undefined) {
      await writeDown(run, word, request);
      return [resultOf(word, request)];
    }
    if (engine.clock.now() > request.expiresAt) request = await askForWord(run, step, move);
    if (engine.clock.now() >= deadline) return undefined;
    await engine.clock.sleep(lookForWordMs, engine.signal);
  }
}
