import type { Reply } from '../../../checks/support/loopback.ts';

type Labels = Readonly<Record<string, string>>;

interface Series {
  readonly labels: Labels;
  /** The value at a moment, in milliseconds of the server's clock. */
  readonly value: (at: number) => number;
}

const everyMs = 15_000;

/** The HTTP API of a Prometheus over series that are computed: one sample each 15 s. */
export class FakeHistory {
  readonly queries: string[] = [];
  /** How far this server's clock is ahead of ours. */
  aheadMs = 0;
  /** How long ago it stopped to scrape. */
  stoppedMs = 0;
  /** How long ago it began to. */
  ageMs = 24 * 3_600_000;
  /** Answers of `count(name{...})`: series with a build; those without any. */
  readonly counts = new Map<string, number>();
  readonly countsWithoutBuild = new Map<string, number>();
  readonly declared = new Set<string>();
  #series: Series[] = [];

  /** A counter that goes up by one with each scrape. */
  counter(name: string, labels: Labels): void {
    const value = (at: number) => Math.floor(at / everyMs) - 100_000_000;
    this.#series.push({ labels: { __name__: name, ...labels }, value });
  }

  constant(name: string, labels: Labels, value: number): void {
    this.#series.push({ labels: { __name__: name, ...labels }, value: () => value });
  }

  forget(name: string): void {
    this.#series = this.#series.filter(({ labels }) => labels.__name__ !== name);
  }

  readonly answer = (parameters: URLSearchParams, path: string): Reply => {
    if (path.endsWith('/metadata')) return this.#metadata(parameters.get('metric') ?? '');
    if (path.endsWith('/buildinfo')) return success({ version: '2.42.0' });
    const query = parameters.get('query') ?? '';
    this.queries.push(query);
    const now = Date.now() + this.aheadMs;
    if (query === 'time()')
      return success({ resultType: 'scalar', result: pair(now, now / 1_000) });
    const counted = /^count\(([\w:]+)\{(.*)\}\)$/.exec(query);
    if (counted !== null) return this.#count(counted[1] ?? '', counted[2] ?? '', now);
    const [, selector = '', ms = '0'] = /^(\{.*\})\[(\d+)ms\]$/.exec(query) ?? [];
    return this.#range(selector, Number(parameters.get('time')) * 1_000, Number(ms), now);
  };

  #metadata(metric: string): Reply {
    return success(this.declared.has(metric) ? { [metric]: [{ type: 'counter' }] } : {});
  }

  #count(name: string, matchers: string, now: number): Reply {
    const byBuild = this.counts.get(name) ?? 0;
    const others = matchers.includes('!=""') ? 0 : (this.countsWithoutBuild.get(name) ?? 0);
    const n = byBuild + others;
    return success({
      resultType: 'vector',
      result: n === 0 ? [] : [{ metric: {}, value: pair(now, n) }],
    });
  }

  #range(selector: string, to: number, ms: number, now: number): Reply {
    const names = new RegExp(`^(?:${/__name__=~"([^"]*)"/.exec(selector)?.[1]})$`);
    const newest = Math.min(to, now - this.stoppedMs);
    const oldest = Math.max(to - ms, now - this.ageMs);
    const result = this.#series
      .filter(({ labels }) => names.test(labels.__name__ ?? ''))
      .map(({ labels, value }) => {
        const values: [number, string][] = [];
        for (let at = Math.ceil(oldest / everyMs) * everyMs; at <= newest; at += everyMs) {
          values.push(pair(at, value(at)));
        }
        return { metric: labels, values };
      })
      .filter(({ values }) => values.length > 0);
    return success({ resultType: 'matrix', result });
  }
}

const pair = (at: number, value: number): [number, string] => [at / 1_000, String(value)];
const success = (data: unknown): Reply => ({ body: { status: 'success', data } });
