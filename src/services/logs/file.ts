import { access } from 'node:fs/promises';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import { type LogFields, lineParser } from './fields.ts';
import { FollowedFile } from './followed-file.ts';
import type { LogFilter, LogsService, LogWindow } from './logs.ts';

/** Which files, as in the configuration. */
export interface FileLogsOptions {
  readonly paths: readonly string[];
  readonly fields?: LogFields | undefined;
}

const keptErrors = 50;

function merge(files: readonly FollowedFile[], filter: LogFilter): LogWindow {
  const windows = files.map((file) => file.window(filter));
  const sum = (pick: (window: (typeof windows)[number]) => number) =>
    windows.reduce((all, window) => all + pick(window), 0);
  const entries = windows.flatMap(({ errorEntries }) => errorEntries);
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    errorEntries: entries
      .sort((x, y) => x.timestamp - y.timestamp)
      .slice(0, filter.limit ?? keptErrors),
    otherLines: sum(({ otherLines }) => otherLines),
  };
}

/**
 * Request logs that are JSON lines in files, one file per slot for instance. A file that does not
 * exist yet has no entries; when none exists the log is SERVICE_UNREACHABLE.
 */
export function openFileLogs({ paths, fields }: FileLogsOptions): LogsService {
  const parse = lineParser(fields);
  const files = paths.map((path) => new FollowedFile(path, parse));
  const label = `log files ${paths.join(', ')}`;
  const readAll = async (filter: LogFilter, signal: AbortSignal): Promise<LogWindow> => {
    signal.throwIfAborted();
    let found = 0;
    for (const file of files) found += (await file.update(signal)) ? 1 : 0;
    if (found === 0) {
      throw new AuroraError('SERVICE_UNREACHABLE', 'no log file exists', { where: label });
    }
    return merge(files, filter);
  };
  // One reader at a time: two would both take the same appended bytes.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    label,
    read(filter, signal) {
      const mine = turn
        .then(() => readAll(filter, signal))
        .catch((error: unknown) => {
          if (error instanceof AuroraError || signal.aborted) throw error;
          throw new AuroraError('SERVICE_UNREACHABLE', messageOf(error), {
            where: label,
            cause: error,
          });
        });
      turn = mine.catch(() => undefined);
      return mine;
    },
    async health(): Promise<ServiceHealth> {
      const readable = await Promise.allSettled(paths.map((path) => access(path)));
      const there = readable.filter(({ status }) => status === 'fulfilled').length;
      if (there > 0) return { ok: true, detail: `${there} of ${paths.length} files` };
      return {
        ok: false,
        detail: 'no log file exists',
        remedy: 'Start a build, or correct environments.<name>.logs.paths.',
      };
    },
  };
}
