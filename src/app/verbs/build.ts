import { resolve } from 'node:path';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { findBuild, listBuilds, packBuild, verifyBuild } from '../../deploy/builds/index.ts';
import { shortDigest } from '../../proof/digest.ts';
import { table } from '../../ui/tables.ts';
import { buildsDirectory } from '../build-store.ts';
import type { GlobalOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openConfig } from '../opening.ts';
import { openOutput, tableWidth } from '../output.ts';

/** Options of `build`: without a configuration builds live in ./.aurora. */
export interface BuildOptions extends GlobalOptions {
  readonly state?: string;
  readonly name?: string;
  readonly buildVersion?: string;
}

async function storeOf(io: Io, options: BuildOptions): Promise<string> {
  if (options.state !== undefined)
    return buildsDirectory(resolve(io.workingDirectory, options.state));
  return buildsDirectory((await openConfig(io, options)).stateDirectory);
}

/** `aurora build pack <source...>` */
export async function buildPackVerb(
  io: Io,
  sources: readonly string[],
  options: BuildOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  const { name, buildVersion: version } = options;
  if (sources.length > 1 && (name !== undefined || version !== undefined)) {
    throw new AuroraError('USAGE', '--name and --build-version are for one source', {
      remedy: 'Pack one directory at a time to give it another name or version.',
    });
  }
  const store = await storeOf(io, options);
  const builds = [];
  for (const source of sources) {
    const build = await packBuild({
      source: resolve(io.workingDirectory, source),
      outDirectory: store,
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
    });
    builds.push(build);
    output.text(
      `packed ${build.name} ${build.version}\ndigest ${build.digest}\n${build.directory}`,
    );
  }
  output.document('builds', { builds });
  return 0;
}

/** `aurora build list` */
export async function buildListVerb(io: Io, options: BuildOptions): Promise<ExitCode> {
  const output = openOutput(io, options);
  const store = await storeOf(io, options);
  const builds = await listBuilds(store);
  output.document('builds', { builds });
  if (builds.length === 0)
    output.text(`no builds in ${store}; pack one with: aurora build pack <directory>`);
  else {
    output.text(
      table(
        [{ header: 'build' }, { header: 'version' }, { header: 'digest' }, { header: 'packed' }],
        builds.map((build) => [
          build.name,
          build.version,
          shortDigest(build.digest),
          new Date(build.packedAt).toISOString().slice(0, 19).replace('T', ' '),
        ]),
        tableWidth(output),
      ),
    );
  }
  return 0;
}

/** `aurora build verify <build>` */
export async function buildVerifyVerb(
  io: Io,
  selector: string,
  options: BuildOptions,
): Promise<ExitCode> {
  const output = openOutput(io, options);
  const build = await findBuild(await storeOf(io, options), selector);
  await verifyBuild(build.directory, build.digest);
  output.document('build', { ...build, verified: true });
  output.text(`${build.name} ${build.version} is what was packed: ${build.digest}`);
  return 0;
}
