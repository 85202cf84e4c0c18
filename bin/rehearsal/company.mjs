// A company on a laptop: the local stack with the stable build in both environments, customers, and
// a product manager in a process of her own. Node's own modules only.
import { watch } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startAurora } from './aurora.mjs';

/** Sessions per second on a quiet day; staging's are enough for a log of ten seconds. */
export const quietDay = { production: 120, staging: 20 };
/** Enough for a canary of 30 s at 5 %. */
export const rushHour = { production: 520, staging: 20 };

/** The directory under fixtures/builds of a build: by version, or by the last word of it. */
export async function fixtureOf(root, name) {
  const all = await readdir(join(root, 'fixtures/builds'));
  const found =
    all.find((entry) => entry === name) ?? all.find((entry) => entry.endsWith(`-${name}`));
  if (found !== undefined) return join(root, 'fixtures/builds', found);
  throw new Error(`there is no build ${name}; there are: ${all.sort().join(', ')}`);
}

export class Company {
  constructor(root, directory, env = {}) {
    this.root = root;
    this.directory = directory;
    this.env = env;
    /** Commands that run now. */
    this.alive = new Set();
    this.stopping = false;
    this.config = join(directory, '.aurora/stack/aurora.config.yaml');
    this.state = join(directory, '.aurora');
    /** The product manager's key, made by the stack. */
    this.managersKey = join(directory, '.aurora/stack/keys/omar.v');
  }

  /** Starts a command; what it printed is kept in the transcript. */
  start(words, options = {}) {
    if (this.stopping) throw new Error('stopping');
    return this.#start(words, options);
  }

  #start(words, options) {
    const env = { AURORA_CONFIG: this.config, ...this.env };
    const { child, ended } = startAurora(this.root, words, {
      cwd: this.directory,
      env,
      ...options,
    });
    this.alive.add(child);
    const kept = ended.then(async (result) => {
      this.alive.delete(child);
      const text = `$ aurora ${words.join(' ')}\n${result.stdout}${result.stderr}exit ${result.code}\n`;
      await appendFile(join(this.directory, 'transcript.log'), text).catch(() => undefined);
      return result;
    });
    return { child, ended: kept };
  }

  /** Runs a command to its end; throws with what it printed unless the exit code is 0. */
  async call(words, options = {}) {
    const result = await this.start(words, options).ended;
    if (result.code === 0) return result;
    const printed = (result.stderr + result.stdout).trim();
    throw new Error(`aurora ${words.join(' ')}: exit ${result.code}\n${printed}`);
  }

  /** An empty directory to live in. A stack that an earlier run left there is ended first. */
  async clean() {
    await this.down().catch(() => undefined);
    await rm(this.directory, { recursive: true, force: true });
    await mkdir(this.state, { recursive: true, mode: 0o700 });
  }

  up() {
    return this.call(['stack', 'up', '--yes']);
  }

  /** Packs builds of fixtures/builds, by version or by the last word of it. */
  async packFixtures(names, words = []) {
    const sources = await Promise.all(names.map((name) => fixtureOf(this.root, name)));
    return this.call(['build', 'pack', ...sources, '--state', this.state, ...words]);
  }

  /** The stable build in both environments, and what was normal before. */
  async settle(version) {
    const deploy = (environment) =>
      this.call(['deploy', version, '--env', environment, '--actor', 'DevOps']);
    await Promise.all([deploy('staging'), deploy('production'), this.call(['kpi', 'baseline'])]);
  }

  shoppers(rates) {
    return this.call([
      'stack',
      'shoppers',
      '--production',
      String(rates.production),
      '--staging',
      String(rates.staging),
    ]);
  }

  async releases() {
    return (await readdir(join(this.state, 'releases')).catch(() => [])).sort();
  }

  async journal(release) {
    const text = await readFile(
      join(this.state, 'releases', release, 'journal.jsonl'),
      'utf8',
    ).catch(() => '');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** What people said in a release, and which key proves it. */
  async words(release) {
    const entries = release === undefined ? [] : await this.journal(release);
    return entries.flatMap(({ type, data }) => {
      if (type !== 'approval.given' && type !== 'approval.rejected') return [];
      const said = type === 'approval.given' ? 'approved' : 'rejected';
      return [`step ${data.step}: ${said} by ${data.name}, signed with ${data.key.fingerprint}`];
    });
  }

  /** Resolves with the first entry that `wanted` takes, in a release that began after `before`. */
  async awaitEntry(before, wanted, signal) {
    const seen = new Set(before);
    for (;;) {
      signal?.throwIfAborted();
      for (const release of (await this.releases()).filter((id) => !seen.has(id))) {
        const entry = (await this.journal(release)).find(wanted);
        if (entry !== undefined) return entry;
      }
      await this.#changed(signal);
    }
  }

  /** The next change of the state directory; at most a fifth of a second, for what watch misses. */
  #changed(signal) {
    return new Promise((resolve) => {
      const watcher = watch(this.state, { recursive: true }, done);
      const timer = setTimeout(done, 200);
      function done() {
        clearTimeout(timer);
        watcher.close();
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  /**
   * Releases a build while the product manager, in another process, gives her word.
   * @param {string} version
   * @param {{ reject?: boolean, timeScale?: number, show?: boolean, words?: string[],
   *   rush?: { production: number, staging: number } }} options `rush`: sessions per second from
   *   step 6 on, when there is something to see.
   */
  async release(
    version,
    { reject = false, timeScale = 60, show = false, words = [], rush = undefined } = {},
  ) {
    const before = await this.releases();
    const over = new AbortController();
    const running = this.start(
      [
        'release',
        version,
        '--time-scale',
        String(timeScale),
        '--approval-wait',
        '60 s',
        '--actor',
        'Alex W.',
        ...words,
      ],
      { show },
    );
    this.running = running;
    const manager = this.#decide(before, reject, over.signal);
    const crowd = rush === undefined ? undefined : this.#rush(before, rush, over.signal);
    const result = await running.ended;
    over.abort();
    await manager;
    await crowd;
    this.running = undefined;
    const id = (await this.releases()).filter((release) => !before.includes(release)).at(-1);
    return { ...result, id };
  }

  /** Most customers come when there is something to see: from step 6 on. */
  async #rush(before, rates, signal) {
    try {
      const begun = (entry) => entry.type === 'step.started' && entry.data.step === 6;
      await this.awaitEntry(before, begun, signal);
      await this.shoppers(rates);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #decide(before, reject, signal) {
    try {
      const asked = await this.awaitEntry(
        before,
        (entry) => entry.type === 'approval.requested',
        signal,
      );
      const refusal = ['--reject', '--comment', 'the offer card is cut off'];
      await this.call([
        'approve',
        asked.release,
        '--step',
        '5',
        '--key',
        this.managersKey,
        ...(reject ? refusal : []),
      ]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  down() {
    return this.call(['stack', 'down']);
  }

  /** Ends a release that a failed test left running. */
  async quiet() {
    this.running?.child.kill('SIGKILL');
    await this.running?.ended;
  }

  /** Ends whatever runs, then the stack; nothing new begins. */
  async stop() {
    this.stopping = true;
    const ending = [...this.alive].map((child) => {
      child.kill('SIGINT');
      return new Promise((resolve) =>
        child.exitCode === null ? child.once('exit', resolve) : resolve(),
      );
    });
    await Promise.all(ending);
    await this.#start(['stack', 'down'], {}).ended;
  }
}
