/** The few signs that stand beside words, never instead of them. */
export interface Symbols {
  readonly pass: string;
  readonly fail: string;
  readonly hold: string;
  readonly error: string;
  readonly undo: string;
  readonly waiting: string;
  readonly running: string;
  readonly arrow: string;
  readonly ellipsis: string;
  readonly rule: string;
  readonly spinner: readonly string[];
  /** A bar as far as it has come, and the rest of it. */
  readonly full: string;
  readonly empty: string;
  /** Heights of a sparkline, lowest first. */
  readonly levels: readonly string[];
}

/** For terminals that speak UTF-8. */
export const unicodeSymbols: Symbols = {
  pass: '✔',
  fail: '✖',
  hold: '◆',
  error: '?',
  undo: '↩',
  waiting: '·',
  running: '▸',
  arrow: '→',
  ellipsis: '…',
  rule: '─',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  full: '█',
  empty: '░',
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

/** For everything else. */
export const asciiSymbols: Symbols = {
  pass: '+',
  fail: 'x',
  hold: '!',
  error: '?',
  undo: '<',
  waiting: '.',
  running: '>',
  arrow: '->',
  ellipsis: '...',
  rule: '-',
  spinner: ['-', '\\', '|', '/'],
  full: '#',
  empty: '.',
  levels: ['_', '.', '-', '=', '+', '*', '#'],
};

/** The signs that a terminal can show. */
export function symbolsFor(unicode: boolean): Symbols {
  return unicode ? unicodeSymbols : asciiSymbols;
}
