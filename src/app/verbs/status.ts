import type { ExitCode } from '../../base/exit-codes.ts';
import { keptText, rescuedFiles } from '../../release/rescue-files.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import { releaseDocument } from '../../report/json.ts';
import { statusLines } from '../../ui/status.ts';
import { table } from '../../ui/tables.ts';
import { createTheme } from '../../ui/theme.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { type Output, openOutput, tableWidth } from '../output.ts';
import { type Reading, withReading } from '../reading.ts';

/** Options of `status`. */
export interface StatusOptions extends RunOptions {
  readonly follow?: boolean;
}

/** Whether its holder still lives shows in no change of the release: it is looked for besides. */
const lookAgainMs = 2_000;

/** Whether a process works on the release right now. */
async function isAlive({ leases, plan }: Reading, state: ReleaseState): Promise<boolean> {
  const holder = await leases.holder(plan.flags.environment);
  return holder !== null && holder.release === state.id;
}

/** What happened and is in no journal yet: a release may be further than it looks. */
async function remarkRescued(
  { loaded }: Reading,
  output: Output,
  wanted: (release: string) => boolean,
): Promise<void> {
  for (const { release, path } of await rescuedFiles(loaded.stateDirectory)) {
    if (wanted(release)) output.remark(`note: ${release}: ${keptText(path)}`);
  }
}

/** `aurora status [release]` */
export async function statusVerb(
  io: Io,
  release: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
  return withReading<ExitCode>(io, options, async (reading) => {
    const { plan, store } = reading;
    const output = openOutput(io, options);
    const id = release ?? (await latestRelease(store));
    const state = foldJournal(id, await store.read(id));
    await remarkRescued(reading, output, (one) => one === id);
    if (options.follow === true && !output.json && state.status !== 'ended') {
      return follow(io, options, reading, id);
    }
    const alive = await isAlive(reading, state);
    output.document('status', { ...releaseDocument(state, plan), alive });
    output.text(
      statusLines(state, plan, {
        alive,
        now: reading.clock.now(),
        theme: createTheme(output.terminal),
        ...tableWidth(output),
      }),
    );
    return 0;
  });
}

/** Renders the journal of a release while another process writes it. */
async function follow(
  io: Io,
  options: StatusOptions,
  reading: Reading,
  id: string,
): Promise<ExitCode> {
  const { plan, store, signal } = reading;
  const { createRenderer } = await import('../../ui/renderer.ts');
  const output = openOutput(io, options);
  const renderer = createRenderer({
    stdout: io.stdout,
    stderr: io.stderr,
    terminal: output.terminal,
    plan,
  });
  let seen = 0;
  try {
    for (;;) {
      const entries = await store.read(id);
      for (const entry of entries.slice(seen)) renderer.entry(entry);
      seen = entries.length;
      const state = foldJournal(id, entries);
      if (state.status === 'ended') return 0;
      if (
        state.status !== 'running' &&
        state.status !== 'rolling-back' &&
        !(await isAlive(reading, state))
      )
        return 0;
      await store.changed(id, signal, lookAgainMs);
    }
  } finally {
    await renderer.end();
  }
}

/** `aurora history` */
export async function historyVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withReading<ExitCode>(io, options, async (reading) => {
    const { plan, store } = reading;
    const output = openOutput(io, options);
    await remarkRescued(reading, output, () => true);
    const states: ReleaseState[] = [];
    for (const id of await store.list()) {
      try {
        states.push(foldJournal(id, await store.read(id)));
      } catch (error) {
        output.remark(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    output.document('history', {
      releases: states.map((state) => releaseDocument(state, plan)),
    });
    if (states.length === 0) output.text('no releases yet; start one with: aurora release <build>');
    else {
      output.text(
        table(
          [
            { header: 'release' },
            { header: 'build' },
            { header: 'by' },
            { header: 'started' },
            { header: 'state' },
            { header: 'reason' },
          ],
          states.map((state) => [
            state.id,
            state.build === null
              ? ''
              : `${state.build.version} (${state.build.digest.slice(0, 8)})`,
            state.starter,
            state.createdAt.slice(0, 19).replace('T', ' '),
            state.outcome ?? state.status,
            state.ended?.reason ?? state.hold?.reason ?? '',
          ]),
          tableWidth(output),
        ),
      );
    }
    return 0;
  });
}
