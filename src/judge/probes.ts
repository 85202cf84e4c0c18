/** Answers to aurora's own requests: bad by the green and by the red line. */
export interface ProbeSample {
  readonly n: number;
  readonly bad: number;
  readonly badRed: number;
}

/** Probes by the id of the metric that they are samples of. */
export type Probes = Readonly<Record<string, ProbeSample>>;

/** The probes of both. */
export function addProbes(x: Probes, y: Probes): Probes {
  const sum: Record<string, ProbeSample> = { ...x };
  for (const [id, more] of Object.entries(y)) {
    const { n, bad, badRed } = sum[id] ?? { n: 0, bad: 0, badRed: 0 };
    sum[id] = { n: n + more.n, bad: bad + more.bad, badRed: badRed + more.badRed };
  }
  return sum;
}
