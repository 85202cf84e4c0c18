import { randomBytes } from 'node:crypto';
import { isoTime } from '../base/clock.ts';
import { AuroraError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { approvalNamespace } from '../proof/ssh/namespace.ts';
import type { Signer } from '../services/signing/signing.ts';
import { recordKey } from './approval.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import {
  either,
  judgeOverride,
  type OverrideAbout,
  type Overriders,
  type Permission,
  permissionOf,
} from './judge-override.ts';
import { type OverrideStatement, statementText } from './statement.ts';

export type Override = EventData['override.given'];

async function overriders(engine: Engine): Promise<Overriders> {
  const approvers = await engine.approvers();
  return { approvers, roles: engine.plan.overrides.roles, now: engine.clock.now() };
}

/** The key at hand with what its owner may; null where there is no key. */
async function atHand(engine: Engine): Promise<{ signer: Signer; may: Permission } | null> {
  const signer = await engine.signer();
  return signer && { signer, may: permissionOf(signer.key, await overriders(engine)) };
}

/** Whether whoever sits here may override. Trouble with key or file is a no. */
export async function mayOverride(engine: Engine): Promise<boolean> {
  if (engine.plan.overrides.roles.length === 0) return false;
  return atHand(engine).then(
    (found) => found?.may.ok === true,
    () => false,
  );
}

function refused(engine: Engine, about: OverrideAbout, why: string): AuroraError {
  const { roles } = engine.plan.overrides;
  return new AuroraError('OVERRIDE_REFUSED', `${about.subject} ${about.about}: ${why}`, {
    ...(roles.length === 0 ? { remedy: 'Name who may under `overrides.roles` of the plan.' } : {}),
  });
}

/**
 * Signs a person's word that a rule of the plan does not hold this once. OVERRIDE_UNSIGNED without a
 * key, OVERRIDE_REFUSED when its owner may not, SIGNING_FAILED.
 */
export async function giveOverride(
  engine: Engine,
  about: OverrideAbout,
  reason: string,
): Promise<Override> {
  if (reason.trim() === '') throw new AuroraError('USAGE', 'an override needs a reason');
  const found = await atHand(engine);
  if (found === null) {
    const who = either(engine.plan.overrides.roles) || 'nobody';
    throw new AuroraError(
      'OVERRIDE_UNSIGNED',
      `${about.subject} ${about.about}: there is no key here`,
      {
        remedy: `Name one with --key. The plan lets ${who} override; \`aurora approvers\` shows who that is.`,
      },
    );
  }
  const { signer, may } = found;
  if (!may.ok) throw refused(engine, about, may.why);
  const statement: OverrideStatement = {
    v: 1,
    kind: 'override',
    ...about,
    reason,
    by: may.person.id,
    role: may.role,
    at: isoTime(engine.clock.now()),
    nonce: randomBytes(16).toString('hex'),
  };
  const text = statementText(statement);
  if (redact(text) !== text) {
    // The journal would keep another text than the one that was signed.
    throw new AuroraError('USAGE', 'the reason of the override holds a secret', {
      remedy: 'Say it without: the reason stands in journal and ticket.',
    });
  }
  const signature = await signer.sign(text, approvalNamespace, engine.signal);
  // An agent may have signed with another key than the one that was asked.
  const verdict = judgeOverride({ statement: text, signature }, about, await overriders(engine));
  if (!verdict.counts) throw refused(engine, about, verdict.why);
  const { subject, by, role } = statement;
  const key = recordKey(signer.key);
  return {
    subject,
    about: about.about,
    by,
    role,
    reason,
    signed: true,
    statement: text,
    signature,
    key,
  };
}

/** Whether a word of this release's journal sets this rule aside, by what holds now. */
export async function isOverridden(
  engine: Engine,
  about: OverrideAbout,
  given: readonly Override[],
): Promise<boolean> {
  if (given.length === 0) return false;
  const by = await overriders(engine);
  return given.some((word) => judgeOverride(word, about, by).counts);
}
