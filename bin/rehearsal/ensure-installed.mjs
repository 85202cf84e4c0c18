// Installs what package-lock.json asks for when it is not there yet. Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const oldestNode = [20, 19];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = oldestNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: aurora needs ${oldestNode.join('.')} or newer`,
  );
}

function run(file, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(text)
        : reject(new Error(`${file} ${args.join(' ')}: exit ${code}\n${text.trim()}`)),
    );
  });
}

/** Runs `npm ci` in the clone unless the lock file is the one that was installed last. */
export async function ensureInstalled(root, say) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = join(root, 'node_modules', '.aurora-installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return false;
  const byHand =
    existsSync(join(root, 'node_modules', '.package-lock.json')) &&
    existsSync(join(root, 'node_modules', 'esbuild')) &&
    !existsSync(mark);
  if (!byHand) {
    say('installing packages (npm ci) ...');
    await run('npm', ['ci', '--no-audit', '--no-fund'], root);
  }
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(mark, lock);
  return !byHand;
}
