import { connect, type Socket } from 'node:net';
import { createTransport, type Transporter } from 'nodemailer';
import { withDeadline } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { MailChange, Prepared } from '../change.ts';
import type { Notice, NotifyService } from './notify.ts';
import { answerMs, examined } from './refusal.ts';

/** The mail server, and between whom. No login: this is a server inside of the network. */
export interface EmailSettings {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: readonly string[];
  /** Milliseconds for one answer; 5,000 when left out. */
  readonly timeoutMs?: number;
  /** Awaited before a message is sent; when it rejects, none is. */
  readonly before?: () => Promise<void>;
}

/** The message that a notice becomes. */
export function mailChange({ host, port, from, to }: EmailSettings, notice: Notice): MailChange {
  return {
    via: 'mail',
    service: `email ${host}:${port}`,
    from,
    to,
    subject: `[${notice.severity}] ${notice.title}`,
    text: `${notice.body}\n\n${notice.key}\n`,
    headers: { 'X-Aurora-Key': notice.key },
  };
}

/** Messages by e-mail, in plain text. TLS is used when the server offers it, and always on 465. */
export function openEmail(settings: EmailSettings): NotifyService {
  const { host, port, to } = settings;
  const audience = to.join(', ');
  const label = `email ${host}:${port}`;
  const prepare = (notice: Notice): Prepared<string> => {
    const change = mailChange(settings, notice);
    const { from, subject, text, headers } = change;
    const message = { from, to: [...change.to], subject, text, headers };
    const send = (signal: AbortSignal) =>
      withTransport(settings, label, signal, async (transport) => {
        await settings.before?.();
        // Nothing in a notice may make this process read files or addresses.
        const closed = { disableFileAccess: true, disableUrlAccess: true };
        const sent = await transport.sendMail({ ...message, ...closed });
        return sent.messageId;
      });
    return { changes: [change], send };
  };
  return {
    kind: 'email',
    audience,
    label,
    prepare,
    send: (notice, signal) => prepare(notice).send(signal),
    health: (signal) =>
      examined(() =>
        withTransport(settings, label, signal, async (transport) => {
          await transport.verify();
          return { ok: true, detail: `the mail server at ${host}:${port} answers` };
        }),
      ),
  };
}

/** Runs `work` on a connection of its own that ends with it, with the deadline or with the signal. */
async function withTransport<T>(
  settings: EmailSettings,
  label: string,
  parent: AbortSignal,
  work: (transport: Transporter) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const { signal, done } = withDeadline(parent, settings.timeoutMs ?? answerMs, label);
  const { host, port } = settings;
  let socket: Socket | undefined;
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    // The library cannot be told to stop; its socket can.
    getSocket: (_, give) => {
      const opening = connect({ host, port });
      socket = opening;
      opening.once('error', give).once('connect', () => {
        opening.off('error', give);
        give(null, { connection: opening });
      });
    },
  });
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(transport), aborted]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof AuroraError ? error : mailError(error, label);
  } finally {
    done();
    socket?.destroy();
    transport.close();
  }
}

/** What nodemailer says, told apart by whether the server answered. */
function mailError(error: unknown, where: string): AuroraError {
  const answered = (error as { responseCode?: unknown } | null)?.responseCode !== undefined;
  const said = messageOf(error).replaceAll(/\s+/g, ' ').slice(0, 300);
  return answered
    ? new AuroraError('SERVICE_REFUSED', `the mail server said: ${said}`, {
        where,
        remedy: 'Check that it accepts mail from this sender to these recipients without a login.',
      })
    : new AuroraError('SERVICE_UNREACHABLE', `no mail server: ${said}`, { where });
}
