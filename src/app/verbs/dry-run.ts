import { formatDuration } from '../../base/duration.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import type { BuildAtHand } from '../../effects/effect.ts';
import { type Forthcoming, foreseeAll } from '../../effects/foresee.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { Engine } from '../../release/engine.ts';
import { foreseenDocument, foreseenLines, withoutVault } from '../foreseen.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { type Output, openOutput } from '../output.ts';
import { withSession } from '../session.ts';
import { layOutMove } from './describe-plan.ts';

/** Every step with its moves, and of each effect what a run would send by what is there now. */
export async function foreseeSteps(engine: Engine, candidate: BuildAtHand) {
  const quiet = withoutVault(engine);
  const laidOut = engine.plan.steps.map((step) => ({
    step,
    moves: step.moves.map((move) => layOutMove(quiet, move, candidate)),
  }));
  const forthcoming: readonly Forthcoming[] = laidOut.flatMap(({ step, moves }) =>
    moves.flatMap(({ effect }) =>
      effect === null ? [] : [{ place: `step ${step.step}`, effect }],
    ),
  );
  const foreseen = await foreseeAll(forthcoming, engine.signal);
  const told = new Map(
    forthcoming.flatMap((one, index) => {
      const seen = foreseen[index];
      return seen === undefined ? [] : [[one.effect, [one, seen] as const] as const];
    }),
  );
  return laidOut.map(({ step, moves }) => ({
    step: step.step,
    title: step.title,
    owner: step.owner,
    planned: formatDuration(step.durationMs),
    moves: moves.map(({ words, effect }) => {
      const seen = effect === null ? undefined : told.get(effect);
      return seen === undefined
        ? { document: words, lines: words.lines, below: [] }
        : {
            document: { ...words, ...foreseenDocument(...seen) },
            lines: words.lines,
            below: foreseenLines(...seen),
          };
    }),
  }));
}

type ForeseenSteps = Awaited<ReturnType<typeof foreseeSteps>>;

const marks = { check: 'check ', effect: 'do    ', approval: 'person' } as const;

function tellSteps(output: Output, steps: ForeseenSteps): void {
  for (const step of steps) {
    const { role, name } = step.owner;
    const owner = name === null ? role : `${role}, ${name}`;
    output.text(`\n${step.step}. ${step.title} (${owner}, planned ${step.planned})`);
    for (const { document, lines, below } of step.moves) {
      for (const line of lines) output.text(`   ${marks[document.type]}  ${line}`);
      for (const line of below) output.text(`             ${line}`);
    }
  }
}

/** `aurora release <build> --dry-run`: what would be checked and sent; only looks. */
export async function dryRunRelease(
  io: Io,
  selector: string,
  options: RunOptions,
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const candidate = await engine.builds.find(selector);
    const steps = await foreseeSteps(engine, candidate);
    const connect = Object.entries(engine.connect).map(([from, to]) => `${from} -> ${to}`);
    const { name, version, digest } = candidate;
    output.document('dry-run', {
      build: { name, version, digest },
      plan: engine.plan.digest,
      connect: engine.connect,
      steps: steps.map((step) => ({
        ...step,
        moves: step.moves.map(({ document }) => document),
      })),
    });
    output.text(`dry run of ${name} ${version} (${shortDigest(digest)}): nothing is changed`);
    for (const line of connect) output.text(`connect ${line}`);
    tellSteps(output, steps);
    return 0;
  });
}
