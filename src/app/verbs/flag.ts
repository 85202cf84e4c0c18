import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { Engine } from '../../release/engine.ts';
import { flagsBefore } from '../../release/flags-before.ts';
import { runEffects } from '../../release/run-effects.ts';
import type { FlagState } from '../../services/flags/flags.ts';
import { table } from '../../ui/tables.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput, tableWidth } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of `flag show`. */
export interface FlagOptions extends RunOptions {
  readonly env?: EnvironmentName;
}

function cohorts(flag: FlagState): string {
  return flag.strategies
    .map(
      (s) =>
        `${s.cohort ?? s.kind} ${s.percent} %${s.build === null ? '' : ` ${shortDigest(s.build)}`}`,
    )
    .join(', ');
}

/** `aurora flag show` */
export async function flagShowVerb(io: Io, options: FlagOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const flags = await engine.services.flags();
    const where = options.env === undefined ? environmentNames : [options.env];
    const states = await Promise.all(
      where.flatMap((environment) =>
        engine.plan.flags.all.map((name) => flags.read(name, environment, engine.signal)),
      ),
    );
    output.document('flags', { flags: states });
    output.text(
      table(
        [
          { header: 'environment' },
          { header: 'flag' },
          { header: 'state' },
          { header: 'strategies' },
        ],
        states.map((flag) => [
          flag.environment,
          flag.name,
          flag.enabled ? 'on' : 'off',
          cohorts(flag),
        ]),
        tableWidth(output),
      ),
    );
    return 0;
  });
}

/** Into the journal of the release that was rolled back: its status then stops asking for it. */
async function noteRestored(engine: Engine, release: string, flags: readonly string[]) {
  const journal = await engine.store.open(release, engine.actor);
  try {
    await journal.append('flags.restored', { flags });
  } finally {
    await journal.close();
  }
}

/** `aurora flag restore <release>`: what was on before the rollback, on the build that serves now. */
export async function flagRestoreVerb(
  io: Io,
  release: string,
  options: RunOptions & { readonly dryRun?: boolean },
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const flags = flagsBefore(await engine.store.read(release));
    if (flags.length === 0) {
      throw new AuroraError(
        'RELEASE_STATE',
        `the journal of ${release} records no flag that a rollback switched off`,
        {
          remedy: '`aurora flag show` shows how they stand; `aurora history` lists the releases.',
        },
      );
    }
    const { environment } = engine.plan.flags;
    const effects = [{ kind: 'enable-flags', params: { environment, flags } }];
    if (options.dryRun === true) {
      const { dryRunEffects } = await import('./dry-run-effects.ts');
      const words = `switching on again what ${release} switched off`;
      return dryRunEffects(engine, { candidate: null, effects, words }, output);
    }
    await runEffects(engine, {
      label: 'flag-restore',
      environment,
      candidate: null,
      effects,
      after: () => noteRestored(engine, release, flags),
    });
    output.document('flag-restore', { release, environment, flags });
    output.text(
      `${flags.join(', ')} ${flags.length === 1 ? 'is' : 'are'} on again in ${environment}, on the stable build`,
    );
    return 0;
  });
}
