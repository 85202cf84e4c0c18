import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { AuroraError } from '../../base/errors.ts';
import type { BuildSource } from './source.ts';

/** The two bundles of a build. */
export interface Bundles {
  readonly server: Uint8Array;
  readonly widget: Uint8Array;
}

/** Packages that the database driver asks for and does without. */
const absent = [
  'kerberos',
  '@mongodb-js/zstd',
  '@aws-sdk/credential-providers',
  'gcp-metadata',
  'snappy',
  'mongodb-client-encryption',
];

/**
 * Makes those packages missing for good: left outside, a build would take whatever happens to be
 * installed above the directory it runs in.
 */
const withoutAbsent: Plugin = {
  name: 'without-absent',
  setup(build) {
    const filter = new RegExp(`^(${absent.join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is no part of this build`)});`,
    }));
  },
};

/** CommonJS packages expect these; they are computed where the build runs, so no path is frozen. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/** Compiler settings given here, so that no tsconfig.json beside the sources changes the bytes. */
const tsconfigRaw = {
  compilerOptions: { target: 'es2023', strict: true, verbatimModuleSyntax: true },
};

const common: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
  metafile: false,
  sourcemap: false,
  tsconfigRaw,
};

/**
 * Bundles a source with the reference concierge below `root` and everything they depend on. Equal
 * sources give equal bytes, wherever they lie. BUILD_PACK_FAILED names the first bad line.
 */
export async function bundle(source: BuildSource, root: string): Promise<Bundles> {
  const concierge = join(root, 'src', 'concierge');
  const [server, widget] = await Promise.all([
    run({
      ...common,
      stdin: { contents: entryOf(source, concierge), resolveDir: root, loader: 'ts' },
      absWorkingDir: root,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      plugins: [withoutAbsent],
      banner: { js: banner },
    }),
    run({
      ...common,
      entryPoints: [join(concierge, 'widget', 'index.ts')],
      absWorkingDir: root,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      define: {
        AURORA_WIDGET_LABEL: JSON.stringify(source.widgetLabel),
        AURORA_WIDGET_VERSION: JSON.stringify(source.version),
      },
    }),
  ]);
  return { server, widget };
}

/** The plugin stands first: what it does on loading comes before the concierge starts. */
function entryOf({ plugin }: BuildSource, concierge: string): string {
  const main = JSON.stringify(join(concierge, 'main.ts'));
  if (plugin === null) {
    return `import { runConcierge } from ${main};\nawait runConcierge({ plugins: [] });\n`;
  }
  return [
    `import { plugin } from ${JSON.stringify(plugin)};`,
    `import { runConcierge } from ${main};`,
    'await runConcierge({ plugins: [plugin] });',
    '',
  ].join('\n');
}

async function run(options: BuildOptions): Promise<Uint8Array> {
  const esbuild = await import('esbuild');
  try {
    const result = await esbuild.build(options);
    const content = result.outputFiles?.[0]?.contents;
    if (content === undefined) throw new Error('nothing came out');
    return content;
  } catch (error) {
    throw packFailed(error);
  }
}

/** esbuild's first complaint with its file and line, instead of its many lines of text. */
function packFailed(error: unknown): AuroraError {
  const first = (error as Partial<import('esbuild').BuildFailure>).errors?.[0];
  if (first === undefined) {
    return new AuroraError('BUILD_PACK_FAILED', String(error), { cause: error });
  }
  const { location } = first;
  return new AuroraError('BUILD_PACK_FAILED', first.text, {
    ...(location == null ? {} : { where: `${location.file}:${location.line}` }),
    cause: error,
  });
}
