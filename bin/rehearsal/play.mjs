// What every script that rehearses does around its work: options, installed packages, a built program, a
// company of its own that is taken down again, Ctrl-C, and one exit code. Node's own modules only.
import { join } from 'node:path';
import { Company } from './company.mjs';
import { checkNode, ensureInstalled } from './ensure-installed.mjs';

/** Signals that come this close together are one: npm passes on what the terminal has sent already. */
const togetherMs = 1_000;

/** A wrong word on the command line: nothing has been started by then. */
export class UsageError extends Error {}

/** Says something with the seconds that have passed. */
export function createSay(begin = Date.now()) {
  return (text) =>
    console.log(`[${((Date.now() - begin) / 1_000).toFixed(1).padStart(6)} s] ${text}`);
}

/**
 * Plays: `readOptions()` gives options with `help` and `keep`, `work(company, options)` the exit code.
 * `kept(company)` says what is left standing with --keep.
 */
async function rehearse({ root, directory, say, help, readOptions, kept, work }) {
  const options = await readOptions();
  if (options.help) {
    console.log(help);
    return 0;
  }
  checkNode();
  await ensureInstalled(root, say);
  const { buildAll } = await import('../build.mjs');
  await buildAll();
  const company = new Company(root, join(root, directory));
  const end = async () => {
    if (options.keep && !company.stopping) return say(kept(company));
    await company.stop();
    say('stack down, nothing left running');
  };
  let interrupted = 0;
  const interrupt = (name) => {
    if (interrupted !== 0 && Date.now() - interrupted > togetherMs) process.exit(130);
    if (interrupted !== 0) return;
    interrupted = Date.now();
    console.error(`\n${name}: the stack goes down`);
    end().finally(() => process.exit(130));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupt);
  try {
    const code = await work(company, options);
    return interrupted === 0 ? code : 130;
  } catch (error) {
    // After Ctrl-C every command fails; that is no news.
    if (interrupted === 0) throw error;
    return 130;
  } finally {
    if (interrupted === 0) await end();
  }
}

/** Plays and sets the exit code: 2 for a wrong word, 1 for anything that broke. */
export function play(script) {
  rehearse(script).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
}
