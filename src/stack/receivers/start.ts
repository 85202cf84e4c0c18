import { type Clock, systemClock } from '../../base/clock.ts';
import type { RunningPart } from '../child.ts';
import { listen } from '../listen.ts';
import { Inbox } from './inbox.ts';
import type { ReceiversOptions } from './options.ts';
import { Silences } from './silences.ts';
import { listenForMail } from './smtp.ts';
import { createWeb } from './web.ts';

/**
 * Starts what stands in for the people of a company: a chat, a pager, a mailbox and an alerting
 * system, in memory, on loopback. `endpoints.http` and `endpoints.smtp` are their addresses.
 */
export async function startReceivers(
  options: ReceiversOptions,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<RunningPart> {
  const now = () => clock.now();
  const inbox = new Inbox(now);
  const web = createWeb(inbox, new Silences(now));
  const port = await listen(web, options.httpPort);
  const closeWeb = () => {
    web.closeAllConnections();
    return new Promise<void>((resolve) => web.close(() => resolve()));
  };
  const mail = await listenForMail(inbox, options.smtpPort).catch(async (error: unknown) => {
    await closeWeb();
    throw error;
  });
  return {
    endpoints: { http: `http://127.0.0.1:${port}`, smtp: `smtp://127.0.0.1:${mail.port}` },
    close: async () => {
      await Promise.all([closeWeb(), mail.close()]);
    },
  };
}
