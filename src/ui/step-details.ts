import type { CheckResult } from '../checks/check.ts';
import type { EffectState, ReleaseState, StepState } from '../release/state.ts';
import { givenSoFar, nobodyMay, wantsWord } from '../report/approval-words.ts';
import { checkDetails } from '../report/check-detail.ts';
import { errorLabel, ownerLabel, statusWord, utcLabel } from '../report/words.ts';
import { canaryPanel } from './canary-panel.ts';
import { type Canvas, deeper, detail } from './canvas.ts';
import { padEnd } from './text.ts';

/** Lines under a step: everything while it runs, and what was not a go afterwards. */
export function stepDetails(
  state: ReleaseState,
  step: StepState,
  done: boolean,
  canvas: Canvas,
): readonly string[] {
  const effects = new Map([...state.effects].filter(([, effect]) => effect.step === step.step));
  return done ? afterwards(step, effects, canvas) : meanwhile(step, [...effects.values()], canvas);
}

function meanwhile(
  step: StepState,
  effects: readonly EffectState[],
  canvas: Canvas,
): readonly string[] {
  const pending = effects.filter((effect) => effect.status === 'running');
  const settled = effects.filter((effect) => effect.status !== 'running');
  const past = [
    ...settled.map((effect) => effectLine(effect, canvas)),
    ...step.checks.map((check) => checkLine(check, canvas)),
  ];
  const present = [
    ...pending.map((effect) => effectLine(effect, canvas)),
    ...progressLines(step, canvas),
    ...approvalLines(step, canvas),
  ];
  return [...latest(past, Math.max(leastPast, canvas.room - present.length), canvas), ...present];
}

/** What is done already keeps this many lines while something else is drawn. */
const leastPast = 2;

/** A watch has a view of its own; of any other long check its last words are shown. */
function progressLines(step: StepState, canvas: Canvas): readonly string[] {
  const panel = canaryPanel(step.looks, canvas.room - leastPast, canvas);
  if (panel !== null) return panel;
  return step.progress === null
    ? []
    : [detail(canvas.theme.symbols.running, step.progress, canvas)];
}

function afterwards(
  step: StepState,
  effects: ReadonlyMap<string, EffectState>,
  canvas: Canvas,
): readonly string[] {
  if (step.verdict === 'go') return [];
  const bad = step.checks.filter((check) => check.status !== 'pass');
  // A failed act is also a failed check, which tells more.
  const asCheck = new Set(bad.map((check) => `${step.step}/${check.id.replace(/^effect\//, '')}`));
  const broken = [...effects].flatMap(([key, effect]) =>
    effect.status === 'done' || (effect.status === 'failed' && asCheck.has(key)) ? [] : [effect],
  );
  const told = bad.length + broken.length > 0 || step.request !== null || step.rejection !== null;
  const { hold } = canvas.theme;
  return [
    ...broken.map((effect) => effectLine(effect, canvas)),
    ...bad.flatMap((check) => failedCheck(check, canvas)),
    ...(told ? [] : step.reasons.map((r) => detail(hold(canvas.theme.symbols.hold), r, canvas))),
    ...approvalLines(step, canvas),
  ];
}

function latest(lines: readonly string[], room: number, canvas: Canvas): readonly string[] {
  if (lines.length <= room) return lines;
  const hidden = lines.length - room + 1;
  const { quiet, symbols } = canvas.theme;
  return [detail(quiet(symbols.waiting), '', canvas, `${hidden} more`), ...lines.slice(hidden)];
}

function checkLine(check: CheckResult, canvas: Canvas): string {
  const { theme } = canvas;
  const word = check.status === 'pass' ? '' : `${statusWord(check.status)}: `;
  return detail(theme.status(check.status), `${word}${check.title}`, canvas, check.observed);
}

const labelWidth = 10;

/** A check that did not pass stays on the screen with everything that helps; nothing is cut. */
function failedCheck(check: CheckResult, canvas: Canvas): readonly string[] {
  const { theme } = canvas;
  const word = check.catastrophe === true ? 'catastrophe' : statusWord(check.status);
  return [
    detail(theme.status(check.status), `${word}: ${check.title}`, canvas),
    ...checkDetails(check).flatMap(([label, text]) =>
      deeper(text, canvas, padEnd(label, labelWidth)),
    ),
  ];
}

const effectWords = {
  running: '',
  done: '',
  failed: 'failed: ',
  undone: 'undone: ',
  'undo-failed': 'NOT undone: ',
} as const;

function effectLine(effect: EffectState, canvas: Canvas): string {
  const { theme, spin } = canvas;
  const signs = {
    running: theme.hold(spin),
    done: theme.status('pass'),
    failed: theme.status('fail'),
    undone: theme.rollback(theme.symbols.undo),
    'undo-failed': theme.status('fail'),
  } as const;
  const seen = effect.error === undefined ? (effect.observed ?? '') : errorLabel(effect.error);
  return detail(signs[effect.status], `${effectWords[effect.status]}${effect.title}`, canvas, seen);
}

/** A word that is waited for stays visible: who, until when, and the exact command, never cut. */
function approvalLines(step: StepState, canvas: Canvas): readonly string[] {
  const { theme } = canvas;
  if (step.rejection !== null) {
    const { name, role, reason } = step.rejection;
    return [detail(theme.status('fail'), `rejected by ${name} (${role}): ${reason}`, canvas)];
  }
  if (step.request === null || !wantsWord(step)) return [];
  const { role, name, expiresAt, command } = step.request;
  const until = utcLabel(new Date(expiresAt).toISOString()).slice(0, 16);
  const who = ownerLabel({ role, name });
  return [
    detail(
      theme.hold(theme.symbols.hold),
      `waits for ${who}${givenSoFar(step)}, until ${until} UTC:`,
      canvas,
    ),
    ...deeper(command, canvas).map((line) => theme.command(line)),
    ...[nobodyMay(step.request) ?? []].flat().flatMap((line) => deeper(line, canvas)),
  ];
}
