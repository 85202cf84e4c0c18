import { Chalk } from 'chalk';
import type { CheckStatus, Verdict } from '../checks/check.ts';
import type { Tone } from '../report/narrate.ts';
import { type Symbols, symbolsFor } from './symbols.ts';

/** Paints a text. Without colour it gives the text back unchanged. */
export type Paint = (text: string) => string;

/** Every colour that aurora uses, by meaning. The words carry the meaning too. */
export interface Theme {
  readonly symbols: Symbols;
  readonly strong: Paint;
  readonly quiet: Paint;
  readonly go: Paint;
  readonly noGo: Paint;
  readonly hold: Paint;
  readonly rollback: Paint;
  readonly command: Paint;
  /** Paint of a line by what it is about. */
  tone(tone: Tone): Paint;
  /** The sign of a check's status, painted. */
  status(status: CheckStatus): string;
  /** The sign of a verdict, painted. */
  verdict(verdict: Verdict): string;
}

/** The theme of a terminal. Sixteen colours only, so that every palette stays readable. */
export function createTheme(options: { colour: boolean; unicode: boolean }): Theme {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const symbols = symbolsFor(options.unicode);
  const tones: Readonly<Record<Tone, Paint>> = {
    plain: (text) => text,
    quiet: chalk.dim,
    go: chalk.green,
    'no-go': chalk.red,
    hold: chalk.yellow,
    rollback: chalk.magenta,
  };
  const statuses = { pass: 'go', fail: 'no-go', inconclusive: 'hold', error: 'hold' } as const;
  const signs = { pass: 'pass', fail: 'fail', inconclusive: 'hold', error: 'error' } as const;
  const verdictSigns = { go: 'pass', 'no-go': 'fail', hold: 'hold', rollback: 'undo' } as const;
  return {
    symbols,
    strong: chalk.bold,
    quiet: tones.quiet,
    go: tones.go,
    noGo: tones['no-go'],
    hold: tones.hold,
    rollback: tones.rollback,
    command: chalk.cyan,
    tone: (tone) => tones[tone],
    status: (status) => tones[statuses[status]](symbols[signs[status]]),
    verdict: (verdict) => tones[verdict](symbols[verdictSigns[verdict]]),
  };
}
