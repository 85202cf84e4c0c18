import { formatDuration } from '../base/duration.ts';
import { AuroraError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import type { Engine } from '../release/engine.ts';
import { holderText } from '../release/holder-text.ts';
import type { LeaseRecord } from '../release/lease.ts';
import type { WhenHeld } from '../release/when-held.ts';
import type { PromptStreams } from '../ui/prompt.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';

/** Options of the verbs that may wait for a lease, or take it over. */
export interface HeldOptions {
  /** Milliseconds. */
  readonly wait?: number;
  readonly takeover?: boolean;
  /** Answers the question that comes before a takeover. */
  readonly yes?: boolean;
}

type Asking = Pick<Engine, 'leases' | 'signal'>;

function heldText({ leases }: Asking, held: LeaseRecord): string {
  const { clock, ttlMs } = leases;
  return `${held.environment} is held by ${holderText(held, { now: clock.now(), ttlMs })}`;
}

function say(io: Io, line: string): void {
  io.stderr.write(`${redact(line)}\n`);
}

function takingOver(
  io: Io,
  options: HeldOptions,
  engine: Asking,
  streamsOf: ((signal: AbortSignal) => PromptStreams) | undefined,
): WhenHeld {
  const asked = new Set<string>();
  return {
    kind: 'take-over',
    confirm: async (held) => {
      // Whoever holds both environments is asked about once.
      if (held.holder !== null && asked.has(held.holder.release)) return true;
      asked.add(held.holder?.release ?? '');
      const text = heldText(engine, held);
      if (options.yes === true) {
        say(io, `taking over: ${text}`);
        return true;
      }
      const { confirm, terminalPrompt } = await import('../ui/prompt.ts');
      const message = `${text}. Take over? That process can do nothing more`;
      return confirm({ message, option: '--yes' }, (streamsOf ?? terminalPrompt)(engine.signal));
    },
  };
}

/**
 * What `--wait` or `--takeover` asks for; undefined without either. USAGE for a takeover that nobody
 * can be asked about and that was not agreed to.
 */
export function whenHeldOf(
  io: Io,
  options: HeldOptions & GlobalOptions,
  engine: Asking,
  streamsOf?: (signal: AbortSignal) => PromptStreams,
): WhenHeld | undefined {
  const { wait: withinMs, takeover, yes } = options;
  if (takeover === true) {
    if (yes !== true && (options.json === true || io.stdin.isTTY !== true)) {
      throw new AuroraError('USAGE', 'a takeover asks first, and nobody can be asked here', {
        remedy: 'Look at `aurora status`, then pass --yes beside --takeover.',
      });
    }
    return takingOver(io, options, engine, streamsOf);
  }
  if (withinMs === undefined) return undefined;
  const most = formatDuration(withinMs);
  const onHeld = (held: LeaseRecord) =>
    say(io, `waiting at most ${most}: ${heldText(engine, held)}`);
  return { kind: 'wait', withinMs, onHeld };
}
