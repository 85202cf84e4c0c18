import type { AlertsService } from '../services/alerts/alerts.ts';
import type { NotifyService } from '../services/notify/notify.ts';
import type { Outgoing, Resolve } from './open-services.ts';
import type { Config } from './schema.ts';

type NotifyConfig = Config['services']['notify'][number];

async function openOne(
  settings: NotifyConfig,
  resolve: Resolve,
  where: string,
  { dispatcher, guard }: Outgoing,
): Promise<NotifyService> {
  switch (settings.kind) {
    case 'slack': {
      const { openSlack } = await import('../services/notify/slack.ts');
      const webhook = await resolve(settings.webhook, `${where}/webhook`);
      return openSlack({ channel: settings.channel, webhook, dispatcher });
    }
    case 'pagerduty': {
      const { openPagerduty } = await import('../services/notify/pagerduty.ts');
      const routingKey = await resolve(settings.routingKey, `${where}/routingKey`);
      return openPagerduty({ policy: settings.policy, url: settings.url, routingKey, dispatcher });
    }
    case 'email': {
      const { openEmail } = await import('../services/notify/email.ts');
      const { host, port, from, to } = settings;
      return openEmail({ host, port, from, to, before: () => guard.before() });
    }
  }
}

/** Every configured way to reach people, in the order of the configuration. */
export function openNotify(
  config: Config,
  resolve: Resolve,
  outgoing: Outgoing,
): Promise<readonly NotifyService[]> {
  return Promise.all(
    config.services.notify.map((settings, index) =>
      openOne(settings, resolve, `services/notify/${index}`, outgoing),
    ),
  );
}

/** The alerting system. */
export async function openAlerts(
  config: Config,
  { dispatcher }: Pick<Outgoing, 'dispatcher'>,
): Promise<AlertsService> {
  const { url, labels } = config.services.alerts;
  const { openAlertmanager } = await import('../services/alerts/alertmanager.ts');
  return openAlertmanager({ url, labels, dispatcher });
}
