import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { rememberSecret } from '../../src/base/redact.ts';
import { errorLines, writeError } from '../../src/ui/error.ts';
import { confirm, select } from '../../src/ui/prompt.ts';
import { table } from '../../src/ui/tables.ts';
import { describeTerminal, type TerminalFacts } from '../../src/ui/terminal.ts';
import { textWidth, truncate, wrap } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';

const theme = createTheme({ colour: false, unicode: false });

describe('terminal', () => {
  const tty = (facts: Partial<TerminalFacts>) =>
    describeTerminal({ isTTY: true, env: {}, ...facts });

  it.each([
    ['a terminal', { isTTY: true }, true],
    ['a pipe', { isTTY: false }, false],
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { env: { NO_COLOR: '' } }, true],
    ['FORCE_COLOR in a pipe', { isTTY: false, env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }, false],
    ['NO_COLOR against FORCE_COLOR', { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
    ['--no-color against FORCE_COLOR', { colourFlag: false, env: { FORCE_COLOR: '1' } }, false],
    ['--color against NO_COLOR', { colourFlag: true, env: { NO_COLOR: '1' } }, true],
    ['a dumb terminal', { env: { TERM: 'dumb' } }, false],
  ])('decides the colour of %s', (_name, facts, colour) => {
    expect(tty(facts).colour).toBe(colour);
  });

  it('draws live only on a terminal that can redraw and is not watched by a CI', () => {
    expect(tty({}).live).toBe(true);
    expect(tty({ isTTY: false }).live).toBe(false);
    expect(tty({ env: { TERM: 'dumb' } }).live).toBe(false);
    expect(tty({ env: { CI: 'true' } }).live).toBe(false);
    expect(tty({ env: { CI: 'false' } }).live).toBe(true);
  });

  it('shows UTF-8 only where the locale does', () => {
    expect(tty({ env: { LANG: 'en_US.UTF-8' } }).unicode).toBe(true);
    expect(tty({ env: { LANG: 'en_US.UTF-8', LC_ALL: 'C' } }).unicode).toBe(false);
    expect(tty({ env: { LANG: 'C', LC_CTYPE: 'C.utf8' } }).unicode).toBe(true);
    expect(tty({}).unicode).toBe(false);
  });
});

describe('table', () => {
  it('aligns columns, numbers to the right, and leaves no blanks at the end', () => {
    const lines = table(
      [{ header: 'name' }, { header: 'n', align: 'right' }, { header: '' }],
      [
        ['a', '7', ''],
        ['longer', '100', 'x'],
      ],
    );
    expect(lines).toEqual(['name      n', 'a         7', 'longer  100  x']);
  });

  it('wraps or cuts only flexible columns, and only on a screen', () => {
    const columns = [{ header: '' }, { header: '', flexible: 'wrap' as const }];
    const rows = [['fixed', 'many words that do not fit into the width']];
    expect(table(columns, rows)).toHaveLength(1);
    const lines = table(columns, rows, { width: 24 });
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(24);
  });

  it('paints words and not the space around them', () => {
    const paint = (text: string) => `<${text}>`;
    expect(table([{ header: '' }, { header: '' }], [[{ text: 'a', paint }, 'b']])).toEqual([
      '<a>  b',
    ]);
  });

  it('knows wide characters', () => {
    const lines = table(
      [{ header: '' }, { header: '' }],
      [
        ['李', 'x'],
        ['ab', 'y'],
      ],
    );
    expect(lines).toEqual(['李  x', 'ab  y']);
  });
});

describe('text', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ' ', 'é', '李', '✔', '🙂') });

  it('never gets wider than asked, cut or wrapped', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 60 }), (text, width) => {
        expect(textWidth(truncate(text, width, '…'))).toBeLessThanOrEqual(width);
        for (const line of wrap(text, width)) {
          expect(textWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('keeps what fits, and says where it cut', () => {
    expect(truncate('exactly', 7, '...')).toBe('exactly');
    expect(truncate('too long a text', 8, '...')).toBe('too l...');
  });
});

describe('error', () => {
  it('of a known kind is one line with code, what and where, and the remedy under it', () => {
    const error = new AuroraError('CONFIG_INVALID', 'unknown key "slck"', {
      where: 'aurora.config.yaml services.slck',
      remedy: 'Did you mean "slack"?',
    });
    expect(errorLines(error, theme)).toEqual([
      'CONFIG_INVALID: unknown key "slck" (aurora.config.yaml services.slck)',
      '  -> Did you mean "slack"?',
    ]);
  });

  it('of an unknown kind shows its stack and its cause', () => {
    const error = new Error('boom', { cause: new Error('root') });
    const text = errorLines(error, theme).join('\n');
    expect(text).toContain('please report it');
    expect(text).toContain('Error: boom\n    at ');
    expect(text).toContain('caused by:\nError: root');
  });

  it('is redacted and goes where it is sent', () => {
    rememberSecret('pass-phrase-1');
    let text = '';
    writeError(new Error('login with pass-phrase-1'), theme, { write: (part) => (text += part) });
    expect(text).toContain('login with [secret]');
    expect(text).not.toContain('pass-phrase-1');
  });
});

describe('prompt', () => {
  const question = { message: 'Install it?', option: '--yes' };
  const streams = (isTTY: boolean) => {
    const input = Object.assign(new PassThrough(), { isTTY });
    return { input, output: new PassThrough() };
  };

  it('is refused where nobody can answer, and names the option that does', async () => {
    await expect(confirm(question, streams(false))).rejects.toMatchObject({
      code: 'USAGE',
      remedy: expect.stringContaining('--yes'),
    });
  });

  it('asks on the output it was given, and takes Enter as no', async () => {
    const { input, output } = streams(true);
    const answer = confirm(question, { input, output });
    let asked = '';
    for await (const part of output) {
      asked += String(part);
      if (stripVTControlCharacters(asked).includes('Install it?')) break;
    }
    input.write('\n');
    expect(await answer).toBe(false);
  });

  it('is an interruption when it is broken off', async () => {
    const stop = new AbortController();
    const answer = select(question, [{ value: 'a', name: 'A' }], {
      ...streams(true),
      signal: stop.signal,
    });
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
