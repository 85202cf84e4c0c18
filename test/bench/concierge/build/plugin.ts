import type { ConciergePlugin } from '../../../../src/concierge/plugin.ts';
import { usageNow } from '../usage.ts';

/** The reference concierge as it is, and a way to see what it takes. It ends with its bench. */
export const plugin: ConciergePlugin = (app) => {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
  app.get('/bench/usage', async (request) => usageNow(request.url.endsWith('?gc')));
};
