import type { Command } from 'commander';
import type { App } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

/** `aurora canary watch` */
export function addWatch(canary: Command, app: App): void {
  canary
    .command('watch')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('what the canary or the ramp of a release shows, from any machine, to its verdict')
    .option('-w, --wait', 'wait for the next watch, also while nobody works on the release')
    .addHelpText(
      'after',
      [
        '',
        'Only looks: Ctrl-C ends the looking and leaves the release alone.',
        'With --json each look is one line, and the verdict is the last one.',
        '',
        'Examples:',
        '  aurora canary watch',
        '  aurora canary watch 20251122-050000-1.4.0-7k2f --wait',
        "  aurora canary watch --json | jq -c '[.elapsedMs, .state]'",
        '',
      ].join('\n'),
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { canaryWatchVerb } = await import('../src/app/verbs/canary-watch.ts');
        return canaryWatchVerb(app.io, release, allOptions(command));
      }),
    );
}
