import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { guideOf } from '../../src/app/guide.ts';
import type { Io } from '../../src/app/io.ts';
import { AuroraError } from '../../src/base/errors.ts';
import type { Trouble } from '../../src/release/trouble.ts';
import { step } from '../release/world.ts';
import { FakeScreen } from '../ui/screen.ts';

const trouble: Trouble = {
  release: 'r1',
  step: step(4, []),
  verdict: 'no-go',
  checks: [
    {
      ...{ id: 'smoke/find', title: 'find a product', status: 'fail', expected: '200' },
      ...{ observed: '503', remedy: 'look at the log', requestIds: ['q-17'] },
    },
  ],
  choices: ['retry', 'skip', 'abort', 'leave'],
  problem: null,
};

const keys = { down: '\u001b[B', enter: '\r', ctrlC: '\u0003' };

/** A person at a terminal, with what they see. */
function sit(change: { readonly isTTY?: boolean; readonly variables?: Io['variables'] } = {}) {
  const screen = new FakeScreen();
  // A terminal outlives the question; a stream that is no process's own is ended with it.
  screen.end = () => screen;
  const input = Object.assign(new PassThrough(), { isTTY: change.isTTY ?? true });
  const io: Io = {
    ...{ stdout: screen, stderr: screen, stdin: input, workingDirectory: '.' },
    variables: change.variables ?? { TERM: 'xterm', NO_COLOR: '1' },
  };
  const rest = vi.fn(async () => undefined);
  const guide = (options = {}) =>
    guideOf(io, options, { rest }, (signal) => ({ input, output: screen, signal }));
  const sees = (text: string) =>
    vi.waitFor(() => expect(stripVTControlCharacters(screen.raw)).toContain(text), {
      timeout: 5_000,
      interval: 10,
    });
  return { screen, input, guide, sees, rest };
}

const quiet = () => new AbortController().signal;

describe('a person at a terminal', () => {
  it('sees what failed, chooses with the arrows, and the list above stands still meanwhile', async () => {
    const { guide, input, sees, screen, rest } = sit();
    const decided = guide()?.(trouble, quiet());
    await sees('What now?');
    for (const text of ['NO-GO at step 4', 'find a product', '503', 'look at the log', 'q-17']) {
      expect(stripVTControlCharacters(screen.raw)).toContain(text);
    }
    expect(rest).toHaveBeenCalledOnce();
    input.write(keys.down);
    input.write(keys.down);
    input.write(keys.enter);
    expect(await decided).toEqual({ choice: 'abort' });
  });

  it('is asked why a step is passed over, until there is a reason', async () => {
    const { guide, input, sees } = sit();
    const decided = guide()?.(trouble, quiet());
    await sees('What now?');
    input.write(keys.down);
    input.write(keys.enter);
    await sees('Why is it passed over?');
    input.write(keys.enter);
    await sees('must provide a value');
    input.write('known flake');
    await sees('known flake');
    input.write(keys.enter);
    expect(await decided).toEqual({ choice: 'skip', reason: 'known flake' });
  });

  it('leaves things as they are with Ctrl-C', async () => {
    const { guide, input, sees } = sit();
    const decided = guide()?.(trouble, quiet());
    await sees('What now?');
    input.write(keys.ctrlC);
    expect(await decided).toEqual({ choice: 'leave' });
  });

  it('is no longer asked once a signal came', async () => {
    const { guide, sees } = sit();
    const stopped = new AbortController();
    const decided = guide()?.(trouble, stopped.signal);
    await sees('What now?');
    stopped.abort(new AuroraError('INTERRUPTED', 'stopped by SIGTERM'));
    await expect(decided).rejects.toMatchObject({ message: 'stopped by SIGTERM' });
  });

  it('is asked whether to watch again where a canary holds', async () => {
    const { guide, input, sees } = sit();
    const canary = { type: 'check', kind: 'canary', params: {} } as const;
    const held: Trouble = {
      ...{ ...trouble, step: step(7, [canary]), verdict: 'hold' },
      choices: ['retry', 'roll-back', 'leave'],
    };
    const decided = guide()?.(held, quiet());
    await sees('HOLD at step 7');
    await sees('watch again');
    input.write(keys.enter);
    expect(await decided).toEqual({ choice: 'retry' });
  });

  it('sees why the last choice could not be followed', async () => {
    const { guide, input, sees } = sit();
    const decided = guide()?.({ ...trouble, problem: 'wrong passphrase' }, quiet());
    await sees('could not be done: wrong passphrase');
    await sees('What now?');
    input.write(keys.enter);
    expect(await decided).toEqual({ choice: 'retry' });
  });

  it.each([
    ['with --json', {}, { json: true }],
    ['in a pipe', { isTTY: false }, {}],
    ['in CI', { variables: { CI: 'true' } }, {}],
    ['on a dumb terminal', { variables: { TERM: 'dumb' } }, {}],
  ])('is nobody %s', (_what, change, options) => {
    expect(sit(change).guide(options)).toBeUndefined();
  });
});
