/** What a part of the stack answers when it is ready. */
export interface RunningPart {
  /** Safe to print and to write into the state file: addresses, never secrets. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Ends it gracefully, within a second. */
  close(): Promise<void>;
}

/** What a part tells its supervisor over IPC. */
export type PartMessage =
  | { readonly type: 'ready'; readonly endpoints: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly message: string };

/**
 * The life of one stack process: takes its options (secrets among them, so never in argv or the
 * environment) as the first IPC message, starts, reports `ready`, and ends on SIGTERM, SIGINT or
 * when the supervisor is gone, however it went: a broken IPC channel is enough.
 */
export function runPart<Options>(start: (options: Options) => Promise<RunningPart>): void {
  let running: RunningPart | undefined;
  let ending = false;
  const send = (message: PartMessage) => {
    if (process.connected) process.send?.(message);
  };
  const end = async (code: number) => {
    if (ending) return;
    ending = true;
    // A part that cannot end gracefully must not outlive the stack.
    setTimeout(() => process.exit(code), 1_500).unref();
    await running?.close().catch(() => undefined);
    process.exit(code);
  };
  process.once('disconnect', () => void end(0));
  process.once('SIGTERM', () => void end(0));
  // Ctrl-C reaches the whole process group; the supervisor decides when its parts end.
  process.on('SIGINT', () => undefined);
  process.once('message', (options) => {
    start(options as Options).then(
      (part) => {
        running = part;
        send({ type: 'ready', endpoints: part.endpoints });
      },
      (error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.stderr.write(`${text}\n`);
        send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
        void end(1);
      },
    );
  });
}
