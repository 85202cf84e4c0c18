import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the real server is there. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** A port that was free a moment ago, below the ephemeral ones. */
async function freePort(): Promise<number> {
  for (let port = 21_000 + (process.pid % 5_000); ; port += 1) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** A Prometheus of a test: its address, and its end. */
export interface RunningPrometheus {
  readonly url: string;
  close(): Promise<void>;
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not within 15 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function scrapedTargets(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('count(up == 1)')}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await exited;
  clearTimeout(hard);
}

/** Starts a server that scrapes once a second and keeps its data in a directory of its own. */
export async function startPrometheus(instances: readonly string[]): Promise<RunningPrometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'aurora-prometheus-'));
  const port = await freePort();
  const config = join(directory, 'prometheus.yml');
  await writeFile(
    config,
    [
      'global: { scrape_interval: 1s, scrape_timeout: 900ms }',
      'scrape_configs:',
      '  - job_name: concierge',
      `    static_configs: [{ targets: ${JSON.stringify(instances)} }]`,
    ].join('\n'),
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok, 'a ready Prometheus');
    // It takes seconds until a server has found new targets.
    await until(async () => (await scrapedTargets(url)) === instances.length, 'scraped targets');
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}
