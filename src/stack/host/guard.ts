import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * The guard's program, as text so that it needs no file of its own. It is told which processes run,
 * and ends them when its channel to the host breaks: that happens however the host ends, kill -9
 * included. It does not stand between host and slots, so nothing depends on it in normal life.
 */
const program = `
const running = new Set();
const end = (signal) => {
  for (const pid of running) {
    try { process.kill(pid, signal); } catch { running.delete(pid); }
  }
};
process.on('message', ({ add, remove }) => {
  if (add) running.add(add);
  if (remove) running.delete(remove);
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => {
  end('SIGTERM');
  const rest = setInterval(() => {
    end(0);
    if (running.size === 0) clearInterval(rest);
  }, 20);
  setTimeout(() => { end('SIGKILL'); clearInterval(rest); }, 1000).unref();
});
`;

/** Sees to it that no slot outlives the host. */
export interface Guard {
  /** From now on this process ends with the host. */
  watch(pid: number): void;
  /** It has ended: its number may belong to somebody else soon. */
  forget(pid: number): void;
  close(): Promise<void>;
}

function send(child: ChildProcess, message: object): void {
  if (child.connected) child.send(message, () => undefined);
}

/** Starts the guard: one small process for all slots, in its own process group and environment. */
export function startGuard(): Guard {
  const child = spawn(process.execPath, ['-e', program], {
    env: {},
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => undefined);
  // The channel must not keep a host alive that has nothing else to do.
  child.unref();
  child.channel?.unref();
  return {
    watch: (pid) => send(child, { add: pid }),
    forget: (pid) => send(child, { remove: pid }),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
