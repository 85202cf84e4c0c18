// `npm test`: unit, integration and end-to-end tests, in a fresh clone too. Node's own modules only.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf } from './rehearsal/aurora.mjs';
import { checkNode, ensureInstalled } from './rehearsal/ensure-installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

function vitest(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...words],
      {
        cwd: root,
        env: environmentOf(root),
        stdio: 'inherit',
      },
    );
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

checkNode();
await ensureInstalled(root, console.log);
const { buildAll } = await import('./build.mjs');
await buildAll();
const words = process.argv.slice(2);
// The end-to-end project measures a canary: it runs alone, after the others.
const projects = words.some((word) => word.startsWith('--project'))
  ? [[]]
  : [
      ['--project', 'parts'],
      ['--project', 'e2e'],
    ];
for (const project of projects) {
  const code = await vitest([...project, ...words]);
  if (code !== 0) {
    process.exitCode = code;
    break;
  }
}
