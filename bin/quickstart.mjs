// `npm run quickstart`: a whole release on a laptop. Installs what is missing, brings up a company,
// releases a build through the nine steps of the plan, takes everything down again. Exits as the
// release does. Node's own modules only.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Company, fixtureOf, quietDay, rushHour } from './rehearsal/company.mjs';
import { checkNode, ensureInstalled } from './rehearsal/ensure-installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
const help = `npm run quickstart [-- options]

  --build <name>   what to release: 1.4.0 (default), or a bad one: crash, stubs, smoke-gap,
                   staging-5xx, slow-canary, canary-errors, unhappy, kpi-drop
  --fault <name>   what goes wrong: env-mismatch, missing-index, vault-sealed, pm-rejects,
                   prod-start-fails, no-traffic
  --keep           leave the stack running afterwards
`;

/** Signals that come this close together are one. */
const togetherMs = 1_000;

/** Faults that are people, not machines. */
const rejection = 'pm-rejects';
const faults = [
  'env-mismatch',
  'missing-index',
  'vault-sealed',
  rejection,
  'prod-start-fails',
  'no-traffic',
];

/** A wrong word on the command line: nothing has been started by then. */
class UsageError extends Error {}

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

const begin = Date.now();
const say = (text) =>
  console.log(`[${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s] ${text}`);

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

async function main() {
  const options = await readOptions();
  if (options.help) {
    console.log(help);
    return 0;
  }
  checkNode();
  await ensureInstalled(root, say);
  const { buildAll } = await import('./build.mjs');
  await buildAll();
  const company = new Company(root, join(root, '.aurora/quickstart'));
  const end = async () => {
    if (options.keep && !company.stopping) {
      say(
        `the stack stays up; end it with: (cd ${company.directory} && node ${join(root, 'dist/bin/aurora.js')} stack down)`,
      );
      return;
    }
    await company.stop();
    say('stack down, nothing left running');
  };
  let interrupted = 0;
  const interrupt = (name) => {
    // npm passes on what the terminal has sent already: what comes twice at once is one.
    if (interrupted !== 0 && Date.now() - interrupted > togetherMs) process.exit(130);
    if (interrupted !== 0) return;
    interrupted = Date.now();
    console.error(`\n${name}: the stack goes down`);
    end().finally(() => process.exit(130));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupt);
  try {
    const { code, id } = await rehearse(company, options);
    if (interrupted !== 0) return 130;
    console.log('');
    say(`verdict: ${words[code] ?? `exit ${code}`} (exit ${code})`);
    for (const word of await company.words(id)) say(word);
    if (id !== undefined) say(`ticket:  ${join(company.state, 'releases', id, 'ticket.md')}`);
    return code;
  } catch (error) {
    // After Ctrl-C every command fails; that is no news.
    if (interrupted === 0) throw error;
    return 130;
  } finally {
    if (interrupted === 0) await end();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
