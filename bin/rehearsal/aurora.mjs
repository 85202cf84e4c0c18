// Calls the built executable as a person would. Node's own modules only.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The environment of every call: caches inside the clone, nothing that colours a log. */
export function environmentOf(root, extra = {}) {
  return { ...process.env, XDG_CACHE_HOME: join(root, '.cache'), ...extra };
}

/** Starts `aurora` with these words; `show` lets it write to this terminal. */
export function startAurora(root, words, { cwd, env = {}, show = false } = {}) {
  const child = spawn(process.execPath, [join(root, 'dist/bin/aurora.js'), ...words], {
    cwd,
    env: environmentOf(root, env),
    stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? 1, signal, stdout, stderr }));
  });
  return { child, ended };
}
