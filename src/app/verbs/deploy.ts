import type { EnvironmentName } from '../../base/environments.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { migrate, migrationChange } from '../../deploy/migrate.ts';
import { shortDigest } from '../../proof/digest.ts';
import { runEffects } from '../../release/run-effects.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of `deploy`. */
export interface DeployOptions extends RunOptions {
  readonly env: EnvironmentName;
  readonly migrate?: boolean;
  readonly dryRun?: boolean;
}

/** `aurora deploy <build> --env E`: makes a build the stable one of an environment, without a plan. */
export async function deployVerb(
  io: Io,
  selector: string,
  options: DeployOptions,
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const environment = options.env;
    const candidate = await engine.builds.find(selector);
    const params = { environment };
    const effects = ['start-slot', 'switch-traffic', 'stable-cohort'].map((kind) => {
      return { kind, params };
    });
    if (options.dryRun === true) {
      const { dryRunEffects } = await import('./dry-run-effects.ts');
      const words = `deploying ${candidate.version} to ${environment}`;
      const before = options.migrate === false ? [] : [migrationChange(candidate.directory)];
      return dryRunEffects(engine, { candidate, effects, words, before }, output);
    }
    const migrations = async () => {
      await migrate(candidate, await engine.slotEnv(environment, engine.signal), engine.signal);
    };
    const state = await runEffects(engine, {
      label: `deploy-${environment}-${candidate.version}`,
      environment,
      candidate,
      ...(options.migrate === false ? {} : { before: migrations }),
      effects,
    });
    const { name, version, digest } = candidate;
    const seen = [...state.effects.values()].map((effect) => ({
      title: effect.title,
      observed: effect.observed ?? '',
    }));
    output.document('deploy', { environment, build: { name, version, digest }, effects: seen });
    for (const effect of seen) output.text(`done  ${effect.title}: ${effect.observed}`);
    output.text(`${environment} serves ${name} ${version} (${shortDigest(digest)})`);
    return 0;
  });
}
