/** What a server's process takes. */
export interface Usage {
  /** Processor time since its start, in milliseconds. */
  readonly cpuMs: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Of this process; `collected` first lets go of what nobody holds (needs `--expose-gc`). */
export function usageNow(collected: boolean): Usage {
  if (collected) for (let pass = 0; pass < 3; pass += 1) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  return { cpuMs: (user + system) / 1_000, heapBytes: heapUsed, residentBytes: rss };
}

/** Of a server. */
export async function usageOf(url: string, collected = false): Promise<Usage> {
  const answer = await fetch(`${url}/bench/usage${collected ? '?gc' : ''}`);
  return (await answer.json()) as Usage;
}
