import { formatDuration } from '../base/duration.ts';
import type { Plan, PlanStep } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { wantsWord } from '../report/approval-words.ts';
import { checkDetails } from '../report/check-detail.ts';
import { type NextStepFacts, nextLine, nextStep } from '../report/next-step.ts';
import { overrideLabel } from '../report/override-words.ts';
import {
  buildLabel,
  countShort,
  elapsedMs,
  errorLabel,
  outcomeWord,
  ownerLabel,
  plannedLabel,
  scaleOf,
  statusWord,
  utcLabel,
  verdictWord,
} from '../report/words.ts';
import { type Cell, type Column, table } from './tables.ts';
import { oneLine } from './text.ts';
import type { Paint, Theme } from './theme.ts';

/** What the status view is drawn with. */
export interface StatusOptions extends NextStepFacts {
  readonly theme: Theme;
  /** Columns of the screen; undefined in a pipe, where nothing is cut. */
  readonly width?: number | undefined;
  readonly now: number;
}

/** The `aurora status` view of a release. The last line says who must do what. */
export function statusLines(
  state: ReleaseState,
  plan: Plan,
  options: StatusOptions,
): readonly string[] {
  return [
    ...header(state, options),
    '',
    ...steps(state, plan, options),
    ...trouble(state, options),
    ...rollback(state, options),
    '',
    nextLine(nextStep(state, plan, options)),
  ];
}

function standing(state: ReleaseState, { alive }: StatusOptions): string {
  if (state.outcome !== null && state.status === 'ended') return outcomeWord(state.outcome);
  const gone = alive === false ? ', but no process works on it' : '';
  const words: Readonly<Record<ReleaseState['status'], string>> = {
    none: `not begun${gone}`,
    running: `running${gone}`,
    waiting: 'waiting for an approval',
    held: state.place === 'switched-off' ? 'on hold, with its flags switched off' : 'on hold',
    interrupted: 'interrupted',
    'rolling-back': `rolling back${gone}`,
    ended: 'ended',
  };
  return words[state.status];
}

function standingPaint(state: ReleaseState, theme: Theme): Paint {
  if (state.outcome === 'released' || state.outcome === 'done') return theme.go;
  if (state.outcome === 'no-go' || state.outcome === 'rollback-incomplete') return theme.noGo;
  if (state.rollback !== null) return theme.rollback;
  return state.status === 'running' ? theme.strong : theme.hold;
}

function header(state: ReleaseState, options: StatusOptions): readonly string[] {
  const { theme, now } = options;
  const end = state.endedAt ?? new Date(now).toISOString();
  const took = elapsedMs(state.createdAt, end);
  const rows: [string, Cell][] = [
    ['release', { text: state.id, paint: theme.strong }],
    ['stands', { text: standing(state, options), paint: standingPaint(state, theme) }],
  ];
  if (state.build !== null) rows.push(['build', buildLabel(state.build)]);
  const { created } = state;
  if (created !== null) {
    rows.push(['before', created.stable === null ? 'nothing' : buildLabel(created.stable)]);
    const scale = created.timeScale === 1 ? '' : `, time scale x${created.timeScale}`;
    const kind = created.rehearsal ? ', rehearsal' : '';
    rows.push([
      'plan',
      `${created.plan.version} (${shortDigest(created.plan.digest)})${kind}${scale}`,
    ]);
  }
  const since = took === undefined ? '' : ` (${formatDuration(took)})`;
  rows.push(['started', `${utcLabel(state.createdAt)} UTC by ${state.starter || '-'}${since}`]);
  return table([{ header: '' }, { header: '', flexible: 'wrap' }], rows, { width: options.width });
}

const stepColumns: readonly Column[] = [
  { header: '' },
  { header: 'step' },
  { header: 'what', flexible: 'wrap' },
  { header: 'owner', flexible: 'wrap' },
  { header: 'verdict' },
  { header: 'checks' },
  { header: 'actual', align: 'right' },
  { header: 'planned', align: 'right', flexible: 'wrap' },
];

const checksColumn = stepColumns.findIndex(({ header }) => header === 'checks');
/** Narrower screens leave the counts out: what did not pass is told below anyway. */
const checksFrom = 100;

function steps(state: ReleaseState, plan: Plan, options: StatusOptions): readonly string[] {
  const { theme, width } = options;
  const narrow = width !== undefined && width < checksFrom;
  const shown = <T>(cells: readonly T[]) => cells.filter((_, i) => !narrow || i !== checksColumn);
  const rows = plan.steps.map((row) => shown(stepRow(state, row, options)));
  return table(shown(stepColumns), rows, {
    width,
    header: theme.quiet,
    ellipsis: theme.symbols.ellipsis,
  });
}

function stepRow(
  state: ReleaseState,
  row: PlanStep,
  { theme, now }: StatusOptions,
): readonly Cell[] {
  const step = state.steps.get(row.step);
  // The header names the scale; here both lengths are enough.
  const planned = plannedLabel(row.durationMs, scaleOf(state, row.step)).replace(/, x.*\)/, ')');
  const paint = verdictPaint(step, theme);
  const sign = signOf(step, theme);
  const until = step?.endedAt ?? (step === undefined ? null : new Date(now).toISOString());
  const took = step === undefined ? undefined : elapsedMs(step.startedAt, until);
  return [
    { text: sign, paint },
    String(row.step),
    row.title,
    ownerLabel(row.owner),
    { text: verdictText(state, step), paint },
    step === undefined || step.checks.length === 0 ? '' : countShort(step.checks),
    took === undefined ? '' : formatDuration(took),
    { text: planned, paint: theme.quiet },
  ];
}

function signOf(step: StepState | undefined, { symbols }: Theme): string {
  if (step === undefined) return symbols.waiting;
  if (step.verdict === null) {
    return wantsWord(step) ? symbols.hold : symbols.running;
  }
  const signs = {
    go: symbols.pass,
    'no-go': symbols.fail,
    hold: symbols.hold,
    rollback: symbols.undo,
  } as const;
  return signs[step.verdict];
}

function verdictPaint(step: StepState | undefined, theme: Theme): Paint {
  if (step === undefined) return theme.quiet;
  return step.verdict === null ? theme.hold : theme.tone(step.verdict);
}

function verdictText(state: ReleaseState, step: StepState | undefined): string {
  if (step === undefined) return '';
  if (step.skipped !== null) return 'skipped';
  if (step.verdict !== null) return verdictWord(step.verdict);
  if (wantsWord(step)) return 'waiting';
  return state.status === 'running' ? 'running' : 'open';
}

/** Why it is not going on: the checks that did not pass, the hold, the error. */
function trouble(state: ReleaseState, { theme, width }: StatusOptions): readonly string[] {
  const lines: string[] = state.overrides.length === 0 ? [] : [''];
  for (const override of state.overrides) {
    lines.push(theme.hold(`${theme.symbols.hold} ${oneLine(overrideLabel(override))}`));
  }
  const stopped = [...state.steps.values()].findLast((step) => step.verdict !== 'go');
  for (const check of stopped?.checks.filter((one) => one.status !== 'pass') ?? []) {
    const title = `${theme.status(check.status)} step ${stopped?.step}: ${statusWord(check.status)}: ${oneLine(check.title)}`;
    const details = checkDetails(check).map(([label, text]) => [label, oneLine(text)]);
    const columns: Column[] = [{ header: '' }, { header: '', flexible: 'wrap' }];
    lines.push('', title, ...table(columns, details, { width, indent: 2 }));
  }
  if (state.hold !== null) {
    lines.push(
      '',
      `${theme.hold(theme.symbols.hold)} HOLD at step ${state.hold.step}: ${oneLine(state.hold.reason)}`,
    );
  }
  if (state.failure !== null) {
    const { error } = state.failure;
    const remedy = error.remedy === undefined ? [] : [`  -> ${oneLine(error.remedy)}`];
    lines.push('', `${theme.noGo(theme.symbols.fail)} ${oneLine(errorLabel(error))}`, ...remedy);
  }
  return lines;
}

function rollback(state: ReleaseState, { theme, width }: StatusOptions): readonly string[] {
  if (state.rollback === null) return [];
  const { ended, started, compensations } = state.rollback;
  const word =
    ended === null ? 'rolling back' : ended.complete ? 'rolled back' : 'ROLLBACK INCOMPLETE';
  const paint = ended?.complete === false ? theme.noGo : theme.rollback;
  const words = { running: 'running', done: 'done', failed: 'FAILED' } as const;
  const paints = { running: theme.hold, done: theme.go, failed: theme.noGo } as const;
  const rows = [...compensations.values()].map((one): readonly Cell[] => [
    { text: one.already ? 'was so' : words[one.status], paint: paints[one.status] },
    oneLine(one.title),
    oneLine(one.error === undefined ? (one.observed ?? '') : errorLabel(one.error)),
  ]);
  const columns: Column[] = [
    { header: '' },
    { header: '', flexible: 'wrap' },
    { header: '', flexible: 'wrap' },
  ];
  const safe =
    ended === null
      ? []
      : [
          ended.customersSafe
            ? '  customers are off the candidate, seen from outside'
            : theme.noGo('  NOT seen from outside that customers are off the candidate'),
          ...ended.proof.map((line) => `  ${oneLine(line)}`),
        ];
  return [
    '',
    paint(`${word}: ${oneLine(started.reason)}`),
    ...table(columns, rows, { width, indent: 2 }),
    ...safe,
  ];
}
