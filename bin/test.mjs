// `npm test`: unit, integration and end-to-end tests, in a fresh clone too. Node's own modules only.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf } from './rehearsal/aurora.mjs';
import { checkNode, ensureInstalled } from './rehearsal/ensure-installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
const given = process.argv.slice(2);

/** Runs vitest with these words; answers its exit code and how many tests came out how. */
async function vitest(words, reports) {
  const report = join(reports, `${words.join('-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const entry = join(root, 'node_modules/vitest/vitest.mjs');
  const code = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, 'run', ...reporters, ...words, ...given], {
      cwd: root,
      env: environmentOf(root),
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (exit) => resolve(exit ?? 1));
  });
  const counts = await readFile(report, 'utf8').then(JSON.parse, () => ({}));
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = counts;
  return { code, passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
}

checkNode();
await ensureInstalled(root, console.log);
const { buildAll } = await import('./build.mjs');
await buildAll();
// The end-to-end project measures canaries: it runs alone, after the others.
const own = given.some((word) => word.startsWith('--project'));
const runs = own
  ? [[]]
  : [
      ['--project', 'parts'],
      ['--project', 'e2e'],
    ];
const reports = await mkdtemp(join(tmpdir(), 'aurora-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const words of runs) {
    const result = await vitest(words, reports);
    for (const key of Object.keys(total)) total[key] += result[key];
    if (result.code !== 0) {
      process.exitCode = result.code;
      break;
    }
  }
} finally {
  await rm(reports, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
