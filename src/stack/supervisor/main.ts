import { type SupervisorMessage, type SupervisorOptions, toWire } from './messages.ts';
import type { StackProgress } from './part-group.ts';
import { type Supervised, supervise } from './supervise.ts';

/**
 * The detached process that holds a stack. It takes its options as the first IPC message, tells how the
 * start goes, and stays when its starter goes away once the stack is up. It ends on `POST /down` and on
 * SIGTERM, and before it is up also with its starter.
 */
const abort = new AbortController();
let running: Supervised | undefined;
let ending = false;

const tell = (message: SupervisorMessage) => {
  if (process.connected) process.send?.(message);
};

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  abort.abort(new Error('the stack was ended while it started'));
  // With everything closed the process ends by itself; something that hangs must not keep it.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 4_000).unref();
  await running?.close().catch(report);
  if (process.connected) process.disconnect();
}

function report(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
}

async function begin(options: SupervisorOptions): Promise<void> {
  try {
    const on = {
      progress: (progress: StackProgress) => tell({ type: 'progress', progress }),
      down: () => void end(),
    };
    running = await supervise(options, on, abort.signal);
    if (ending) await running.close();
    else tell({ type: 'ready', state: running.state });
  } catch (error) {
    report(error);
    process.exitCode = 1;
    tell({ type: 'failed', error: toWire(error) });
    await end();
  }
}

process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void end());
process.once('disconnect', () => {
  if (running === undefined) void end();
});
process.once('message', (options) => void begin(options as SupervisorOptions));
