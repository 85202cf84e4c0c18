// `npm run quickstart`: a whole release on a laptop. Installs what is missing, brings up a company,
// releases a build through the nine steps of the plan, takes everything down again. Exits as the
// release does. Node's own modules only.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fixtureOf, quietDay, rushHour } from './rehearsal/company.mjs';
import { createSay, play, UsageError } from './rehearsal/play.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
const help = `npm run quickstart [-- options]

  --build <name>   what to release: 1.4.0 (default), or a bad one: crash, stubs, smoke-gap,
                   staging-5xx, slow-canary, canary-errors, errors-2x, errors-4x, unhappy, kpi-drop
  --fault <name>   what goes wrong: env-mismatch, missing-index, vault-sealed, pm-rejects,
                   prod-start-fails, no-traffic, metrics-down
  --keep           leave the stack running afterwards
`;

/** Faults that are people, not machines. */
const rejection = 'pm-rejects';
const faults = [
  'env-mismatch',
  'missing-index',
  'vault-sealed',
  rejection,
  'prod-start-fails',
  'no-traffic',
  'metrics-down',
];

async function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        build: { type: 'string', default: '1.4.0' },
        fault: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.fault !== undefined && !faults.includes(values.fault)) {
      throw new Error(`there is no fault ${values.fault}; there are: ${faults.join(', ')}`);
    }
    await fixtureOf(root, values.build);
    return values;
  } catch (error) {
    throw new UsageError(`${error.message}\n  -> npm run quickstart -- --help`);
  }
}

const say = createSay();

async function rehearse(company, options) {
  const candidate = await fixtureOf(root, options.build);
  say(
    'local stack up, builds packed: flags, database, vault, cache, edges, host, receivers, shoppers',
  );
  await company.clean();
  await Promise.all([company.up(), company.packFixtures(['1.3.0', options.build])]);
  say('stable build 1.3.0 into staging and production');
  await company.settle('1.3.0');
  await company.shoppers(quietDay);
  if (options.fault !== undefined && options.fault !== rejection) {
    say(`fault: ${options.fault}`);
    await company.call(['stack', 'fault', options.fault]);
  }
  const version = candidate.slice(candidate.lastIndexOf('/') + 1);
  say(
    `release ${version}: nine steps, 60 times faster than planned; Omar V. signs off in a process of his own\n`,
  );
  const rush = options.fault === 'no-traffic' ? undefined : rushHour;
  return company.release(version, { reject: options.fault === rejection, show: true, rush });
}

const words = {
  0: 'released',
  3: 'no-go',
  4: 'held',
  5: 'rolled back',
  6: 'rollback incomplete',
  7: 'another release runs',
};

async function work(company, options) {
  const { code, id } = await rehearse(company, options);
  if (company.stopping) return code;
  console.log('');
  say(`verdict: ${words[code] ?? `exit ${code}`} (exit ${code})`);
  for (const word of await company.words(id)) say(word);
  if (id !== undefined) say(`ticket:  ${join(company.state, 'releases', id, 'ticket.md')}`);
  return code;
}

const program = join(root, 'dist/bin/aurora.js');
play({
  root,
  directory: '.aurora/quickstart',
  say,
  help,
  readOptions,
  kept: ({ directory }) =>
    `the stack stays up; end it with: (cd ${directory} && node ${program} stack down)`,
  work,
});
