// What the canaries of a soak came to, from the journal of their release.

const verdicts = { 0: 'go', 3: 'no-go', 4: 'hold', 5: 'rollback', 6: 'rollback' };

/** The last look that the journal has of a step since entry `from`. */
function lastLook(entries, step, from) {
  return entries
    .filter(({ seq, type, data }) => seq > from && type === 'watch.progress' && data.step === step)
    .map(({ data }) => data.data)
    .findLast((data) => data?.metrics !== undefined);
}

const evidence = (value) => (value >= 1e6 ? '>10^6' : String(Number(value.toPrecision(2))));

/** One canary as it ended. Times in milliseconds. */
export function resultOf({ entries, step, from, exit, tookMs }) {
  const look = lastLook(entries, step, from);
  const metrics = Object.entries(look?.metrics ?? {});
  const gates = metrics.filter(([, { role }]) => role === 'gate');
  return {
    verdict: verdicts[exit] ?? `exit ${exit}`,
    tookMs,
    watchedMs: look?.elapsedMs ?? 0,
    extended: look?.extended === true,
    sessions: look?.metrics?.errors?.n ?? 0,
    proof: gates.map(([id, { bad, n, evidence: e, evidenceNeeded }]) => {
      return `${id} ${bad}/${n} E ${evidence(e)}/${evidenceNeeded}`;
    }),
  };
}

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

/** One canary in a line. */
export function resultLine(nth, { verdict, watchedMs, extended, sessions, proof }) {
  const watched = `${seconds(watchedMs)}${extended ? '+' : ' '}`;
  const head = `${String(nth).padStart(3)}  ${verdict.padEnd(8)}  ${watched.padStart(8)}`;
  return `${head}  ${String(sessions).padStart(6)} sessions  ${proof.join(', ')}`;
}

/** What was promised of healthy canaries. */
export const mostHolds = 2;

/** What a soak breaks of the promise, in words; empty when it keeps it. */
export function broken(results, count) {
  const of = (verdict) => results.filter((result) => result.verdict === verdict).length;
  const other = results.filter(({ verdict }) => !['go', 'hold', 'rollback'].includes(verdict));
  return [
    ...(of('rollback') > 0 ? [`${of('rollback')} rolled back, and nothing was wrong`] : []),
    ...(of('hold') > mostHolds ? [`${of('hold')} held, at most ${mostHolds} may`] : []),
    ...other.map(({ verdict }) => `one ended with ${verdict}`),
    ...(results.length < count ? [`only ${results.length} of ${count} were watched`] : []),
  ];
}
