/** What a stream can show, decided once. */
export interface Terminal {
  readonly isTTY: boolean;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Columns; 100 when nobody knows. */
  readonly width: number;
  /** Whether a list may be redrawn in place. */
  readonly live: boolean;
}

/** What the decision is made from. */
export interface TerminalFacts {
  readonly isTTY: boolean;
  readonly columns?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--color` / `--no-color`; undefined when neither was given. */
  readonly colourFlag?: boolean | undefined;
}

/** Width of what is written to nobody's screen. */
const pipeWidth = 100;
/** Narrower ones are treated as this wide: below it no table makes sense. */
const narrowest = 40;

/** Decides what a stream can show, from the option, the environment and the stream alone. */
export function describeTerminal(facts: TerminalFacts): Terminal {
  const dumb = facts.env.TERM === 'dumb';
  const columns = facts.columns ?? 0;
  return {
    isTTY: facts.isTTY,
    colour: wantsColour(facts, dumb),
    unicode: speaksUtf8(facts.env),
    width: columns > 0 ? Math.max(columns, narrowest) : pipeWidth,
    live: facts.isTTY && !dumb && !isSet(facts.env.CI),
  };
}

const isSet = (value: string | undefined) =>
  value !== undefined && value !== '' && value !== '0' && value !== 'false';

/** The option wins, then NO_COLOR, then FORCE_COLOR, then what the stream is. */
function wantsColour({ colourFlag, env, isTTY }: TerminalFacts, dumb: boolean): boolean {
  if (colourFlag !== undefined) return colourFlag;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR === '' || isSet(env.FORCE_COLOR);
  return isTTY && !dumb;
}

/** As the C library does it: the first of LC_ALL, LC_CTYPE and LANG that is not empty decides. */
function speaksUtf8(env: TerminalFacts['env']): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((v) => v !== undefined && v !== '');
  return /utf-?8/i.test(locale ?? '');
}
