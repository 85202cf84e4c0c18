import type { ExitCode } from '../base/exit-codes.ts';

/** What the exit codes of one verb mean; 1, 2 and 130 are said once for all. */
export type Ending = Readonly<Partial<Record<ExitCode, string>>>;

const run: Ending = {
  0: 'released, or the last step of `--until` is a go',
  3: 'a gate said no-go, or a service could not be reached before anything was done',
  4: 'holds: evidence or a word is missing; `aurora resume` goes on',
  5: 'rolled back, and customers were seen to be safe',
  6: 'rolled back as far as it went: something could not be done or seen',
  7: 'another release has the lease, or a rollback took it away',
};

const checks: Ending = { 0: 'every check passed', 3: 'a check failed or could not be measured' };
const acts: Ending = {
  0: 'done, and seen from outside',
  3: 'an act failed or was not seen, or a service could not be reached',
  7: 'a release has the lease',
};
const reads: Ending = { 0: 'shown' };
const reaches: Ending = { 0: 'shown', 3: 'a service could not be reached' };

/** Every verb by the words that call it. A test holds this table and the commands together. */
export const endings: Readonly<Record<string, Ending>> = {
  init: { 0: 'written' },
  doctor: { 0: 'everything answers', 3: 'something does not' },
  release: run,
  resume: run,
  gate: { ...run, 0: 'the step is a go' },
  approve: { 0: 'the word is written down, a refusal too' },
  approvers: {
    0: 'shown, and every step that wants a signed word has somebody for it',
    3: 'a step wants a signed word that nobody listed may give',
  },
  keygen: { 0: 'the key is written' },
  pause: {
    0: 'it stands still',
    4: 'asked for: the process that runs it stops at its next move',
    7: 'another release has the lease',
  },
  abort: {
    0: 'it has ended, and what it did was put back or is named',
    4: 'asked for: the process that runs it stops at its next move',
    7: 'another release has the lease',
  },
  rollback: {
    0: 'everything was done and seen from outside',
    6: 'something could not be done or seen; it says what',
  },
  status: { 0: 'shown, whatever the release came to' },
  history: reads,
  verify: {
    0: 'everything fits, or is not known',
    3: 'something does not fit; the first is named',
  },
  'plan show': reads,
  'plan check': { 0: 'every checklist is valid' },
  'env check': checks,
  preflight: checks,
  smoke: checks,
  'build pack': { 0: 'packed' },
  'build list': reads,
  'build verify': { 0: 'every file is as it was packed' },
  deploy: acts,
  'flag show': reaches,
  'flag restore': acts,
  'kpi baseline': {
    0: 'measured and stored',
    2: 'an unfinished release is among the seven days',
    3: 'the database could not be reached',
    4: 'there is nothing to measure',
  },
  'kpi show': { 0: 'shown', 4: 'no baseline is stored' },
  'canary watch': {
    0: 'the watch ended with a go',
    2: 'nothing is being watched, and `--wait` was not given',
    3: 'it ended with a no-go',
    4: 'it holds (amber), or nobody works on the release any more',
    5: 'red: the release is rolled back',
  },
  'canary forecast': {
    ...reaches,
    4: 'there is no traffic to foresee from',
  },
  'canary backtest': { 0: 'shown, whatever the bands would have done' },
  'stack up': { 0: 'it runs' },
  'stack down': { 0: 'nothing of it is left' },
  'stack status': { 0: 'every part runs', 3: 'a part has ended' },
  'stack reset': { 0: 'it is as new' },
  'stack fault': { 0: 'broken, or repaired' },
  'stack shoppers': { 0: 'they come, or stay away' },
  explain: reads,
};
