import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../src/app/io.ts';
import { wordHereOf } from '../../src/app/word-here.ts';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import type { Engine } from '../../src/release/engine.ts';
import { startRelease } from '../../src/release/run-release.ts';
import { foldJournal } from '../../src/release/state.ts';
import type { PromptStreams } from '../../src/ui/prompt.ts';
import {
  noteOf,
  omar,
  omarsWord,
  sam,
  signedBy,
  signerOf,
  statementOf,
} from '../release/people.ts';
import { approval, flagAt, rollbackPhases, step, World } from '../release/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

/** A terminal with somebody at the keyboard. */
class Seat {
  shown = '';
  /** What the prompt wrote. */
  asked = '';
  readonly #screen = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      this.shown += chunk.toString();
      done();
    },
  });
  readonly #keyboard = Object.assign(new PassThrough(), { isTTY: true });

  io(change: Partial<Io> = {}): Io {
    const screen = Object.assign(this.#screen, { isTTY: true, columns: 100 });
    return {
      ...{ stdout: screen, stderr: screen, stdin: { isTTY: true } },
      ...{ variables: { TERM: 'xterm-256color' }, workingDirectory: '/' },
      ...change,
    };
  }

  /** Answers the question as soon as it stands there. */
  streams(answer: string | null): (signal: AbortSignal) => PromptStreams {
    const output = new PassThrough();
    let answered = false;
    output.on('data', (chunk: Buffer) => {
      this.asked += chunk.toString();
      if (answered || answer === null || !this.asked.includes('?')) return;
      answered = true;
      // A person takes their time: the question stands before the key is pressed.
      setTimeout(() => this.#keyboard.write(`${answer}\n`), 50);
    });
    return (signal) => ({ input: this.#keyboard, output, signal });
  }

  askHere(answer: string | null, io = this.io(), options = {}) {
    return wordHereOf(io, options, { rest: async () => undefined }, this.streams(answer));
  }
}

const steps = [step(1, [flagAt(0), approval()])];

/** A release that waits for a word, with this person at its terminal. */
function release(seat: Seat, answer: string | null, who = omar, change: Partial<Engine> = {}) {
  const askHere = seat.askHere(answer);
  if (askHere === undefined) throw new Error('nobody would be asked');
  const engine = world.engine(steps, rollbackPhases, {
    ...{ signer: async () => signerOf(who), approvalWaitMs: 600, askHere },
    ...change,
  });
  return { engine, running: startRelease(engine, '1.4.0') };
}

/** The key at this terminal is not the one that the release was started with. */
const startedElsewhere = (who = omar): Partial<Engine> => {
  let asked = 0;
  return {
    signer: async () => {
      asked += 1;
      return asked === 1 ? null : signerOf(who);
    },
  };
};

describe('the person at the terminal of a release', () => {
  it('is shown the evidence and gives a signed word by saying yes', async () => {
    const seat = new Seat();
    const { running } = release(seat, 'y', omar, { ...startedElsewhere(), approvalWaitMs: 20_000 });
    const { exit, state } = await running;
    expect(exit).toBe(0);
    expect(seat.shown).toContain('What was measured:');
    expect(seat.shown).toContain('If any of them changes, your word is void');
    expect(seat.asked).toContain('approve step 1 as Omar V. (Product Manager), key of Omar V.?');
    expect(state.steps.get(1)?.approvals).toMatchObject([
      { by: omar.id, key: { fingerprint: fingerprint(omar.key.publicKey) } },
    ]);
  });

  it('gives none by just pressing Enter: the release goes on waiting', async () => {
    const seat = new Seat();
    const stop = new AbortController();
    const { engine, running } = release(seat, '', omar, {
      ...startedElsewhere(),
      ...{ approvalWaitMs: 20_000, signal: stop.signal },
    });
    const ended = expect(running).rejects.toThrow('enough');
    await vi.waitUntil(() => /No(?!\w)/.test(seat.asked), 10_000);
    const [id = ''] = await engine.store.list();
    expect(await engine.store.inbox(id)).toEqual([]);
    expect(foldJournal(id, await engine.store.read(id)).status).toBe('waiting');
    stop.abort(new Error('enough'));
    await ended;
  });

  it('is not asked when it is whoever started the release, by key', async () => {
    const seat = new Seat();
    const { running } = release(seat, 'y');
    const { exit, state } = await running;
    expect([exit, seat.asked, seat.shown]).toEqual([4, '', '']);
    expect(state.created?.starterKey).toBe(fingerprint(omar.key.publicKey));
  });

  it('is not asked when the plan wants somebody else', async () => {
    const seat = new Seat();
    const { running } = release(seat, 'y', sam, startedElsewhere(sam));
    expect([(await running).exit, seat.asked]).toEqual([4, '']);
  });

  it('is asked no longer once the word has come from elsewhere', async () => {
    const seat = new Seat();
    const change = { ...startedElsewhere(), approvalWaitMs: 20_000 };
    const { engine, running } = release(seat, null, omar, {
      ...change,
      onEntry: (entry) => {
        if (entry.type !== 'approval.requested') return;
        engine.store.offer(omarsWord(entry.data.binding)).catch(() => undefined);
      },
    });
    expect((await running).exit).toBe(0);
  });

  it.each<readonly [string, Partial<Io>, object]>([
    ['with --json', {}, { json: true }],
    ['without a keyboard', { stdin: {} }, {}],
    ['in CI', { variables: { CI: 'true', TERM: 'xterm' } }, {}],
  ])('is not there %s', (_what, change, options) => {
    const seat = new Seat();
    expect(seat.askHere('y', seat.io(change), options)).toBeUndefined();
  });
});

describe('the starter of a release', () => {
  it('is known by the key that was found when it began, whatever name was given', async () => {
    const engine = (change: Partial<Engine> = {}) =>
      world.engine([step(1, [flagAt(0), approval({ name: null })])], rollbackPhases, {
        ...{ actor: 'ci-robot', signer: async () => signerOf(omar) },
        ...change,
      });
    const running = engine({ approvalWaitMs: 5_000 });
    const ended = startRelease(
      {
        ...running,
        onEntry: (entry, state) => {
          running.onEntry(entry, state);
          if (entry.type !== 'approval.requested') return;
          const { binding } = entry.data;
          const samsWord = () =>
            noteOf(binding, signedBy(sam, statementOf(binding, { by: sam.id })));
          running.store
            .offer(omarsWord(binding))
            .then(() => running.store.offer(samsWord()))
            .catch(() => undefined);
        },
      },
      '1.4.0',
    );
    expect((await ended).exit).toBe(0);
    expect(running.entries).toContainEqual(
      expect.objectContaining({
        type: 'approval.refused',
        data: expect.objectContaining({ code: 'APPROVAL_SELF', by: omar.id }),
      }),
    );
  });
});
