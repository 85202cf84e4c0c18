import { resolve } from 'node:path';
import { isoTime } from '../../base/clock.ts';
import type { EnvironmentName } from '../../base/environments.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import type { CheckResult, Verdict } from '../../checks/check.ts';
import { checkKind } from '../../checks/registry.ts';
import type { MoveParams } from '../../plan/plan.ts';
import type { Engine } from '../../release/engine.ts';
import { gateVerdict } from '../../release/gate.ts';
import { screenLines } from '../../report/screens.ts';
import { table } from '../../ui/tables.ts';
import { annotate, requireArtifacts, writeArtifact } from '../ci-report.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput, tableWidth } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of verbs that check without a release. */
export interface CheckOptions extends RunOptions {
  readonly env?: EnvironmentName;
  /** File for JUnit XML. */
  readonly junit?: string;
}

/** Options of `aurora smoke`. */
export interface SmokeOptions extends CheckOptions {
  /** Screenshots too: into this directory, or where the state is when it is `true`. */
  readonly screens?: string | true;
}

/** What is checked, under which name. */
export interface ChecksAbout {
  readonly title: string;
  readonly calls: readonly CheckCall[];
  /** Directory for what is seen and kept. */
  readonly evidence?: string;
}

/** One check with its parameters, as a checklist would name it. */
export interface CheckCall {
  readonly kind: string;
  readonly params: MoveParams;
}

const rules = {
  fail: 'no-go',
  inconclusive: 'no-go',
  error: 'no-go',
  catastrophe: 'no-go',
} as const;

async function runCalls(
  engine: Engine,
  { calls, evidence }: Pick<ChecksAbout, 'calls' | 'evidence'>,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const call of calls) {
    const found = await checkKind(call.kind).run(call.params, {
      clock: engine.clock,
      signal: engine.signal,
      environments: engine.environments,
      services: engine.services,
      facts: { candidate: '', stable: null, slots: {} },
      timeScale: engine.timeScale,
      checklists: engine.plan.directory,
      stateDirectory: engine.stateDirectory,
      ...(evidence === undefined ? {} : { evidence }),
      flags: engine.plan.flags,
      looks: () => [],
      progress: () => undefined,
    });
    results.push(...found);
  }
  return results;
}

/** Checks that were run outside a release. */
interface CheckedGate {
  readonly title: string;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  readonly startedAt: string;
  readonly durationMs: number;
}

/** What CI reads of them: JUnit, and annotations on GitHub. */
async function writeChecksReport(io: Io, options: CheckOptions, gate: CheckedGate): Promise<void> {
  const { title, checks } = gate;
  if (options.junit !== undefined) {
    const { junitXml } = await import('../../report/junit.ts');
    const classname = `aurora.${title.replaceAll(' ', '-')}`;
    const suite = { name: title, classname, reasons: [], ...gate };
    await writeArtifact(io, options.junit, junitXml(`aurora ${title}`, [suite]));
  }
  const { checksAnnotations } = await import('../../report/github.ts');
  await annotate(io, options.json === true, checksAnnotations(title, checks));
}

/** Runs checks outside a release, shows each, and exits 0 or 3. */
export async function checksVerb(
  io: Io,
  options: CheckOptions,
  about: ChecksAbout,
): Promise<ExitCode> {
  await requireArtifacts(io, options);
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const startedAt = isoTime(engine.clock.now());
    const results = await runCalls(engine, about);
    const verdict = gateVerdict(results, rules);
    const durationMs = engine.clock.now() - Date.parse(startedAt);
    const gate = { title: about.title, verdict, checks: results, startedAt, durationMs };
    await writeChecksReport(io, options, gate);
    output.document('checks', { title: about.title, verdict, checks: results });
    output.text(
      table(
        [{ header: 'status' }, { header: 'check' }, { header: 'expected' }, { header: 'observed' }],
        results.map((result) => [result.status, result.title, result.expected, result.observed]),
        tableWidth(output),
      ),
    );
    for (const result of results) {
      if (result.status !== 'pass' && result.remedy !== undefined)
        output.text(`-> ${result.title}: ${result.remedy}`);
      if ((result.requestIds ?? []).length > 0)
        output.text(`   ${result.title}: ${result.requestIds?.join(', ')}`);
    }
    for (const line of screenLines(results)) output.text(line);
    const passed = results.filter((result) => result.status === 'pass').length;
    output.text(`${about.title}: ${verdict} (${passed} of ${results.length} checks passed)`);
    return verdict === 'go' ? 0 : 3;
  });
}

/** `aurora env check` */
export function envCheckVerb(io: Io, options: CheckOptions): Promise<ExitCode> {
  const params = { environment: options.env ?? 'both' };
  return checksVerb(io, options, {
    title: 'environment matrix',
    calls: [{ kind: 'environment-matrix', params }],
  });
}

/** `aurora preflight` */
export function preflightVerb(io: Io, options: CheckOptions): Promise<ExitCode> {
  const environment = options.env ?? 'both';
  const calls = [
    { kind: 'secrets', params: { environment } },
    { kind: 'indexes', params: { environment } },
    { kind: 'stubs-off', params: { of: 'env-file', environment } },
  ];
  return checksVerb(io, options, { title: 'pre-flight', calls });
}

/** `aurora smoke`: with `--screens` also what a customer sees, in a browser where there is one. */
export function smokeVerb(io: Io, options: SmokeOptions): Promise<ExitCode> {
  const environment = options.env ?? 'staging';
  const smoke = { kind: 'smoke', params: { environment, target: 'environment' } };
  const { screens } = options;
  if (screens === undefined) return checksVerb(io, options, { title: 'smoke', calls: [smoke] });
  const links = { kind: 'links', params: { environment, screens: 'auto' } };
  return checksVerb(io, options, {
    title: 'smoke',
    calls: [smoke, links],
    ...(screens === true ? {} : { evidence: resolve(io.workingDirectory, screens) }),
  });
}
