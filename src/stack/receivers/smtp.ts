import { SMTPServer } from 'smtp-server';
import type { Inbox } from './inbox.ts';
import { parseMail } from './mail.ts';

const largestMail = 1024 * 1024;

/** A mailbox for everybody, without TLS or login; resolves to what ends it, and the port. */
export function listenForMail(
  inbox: Inbox,
  port: number,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = new SMTPServer({
    name: 'aurora-stack',
    size: largestMail,
    disabledCommands: ['AUTH', 'STARTTLS'],
    // A name for the client's address would take a look-up outside of this machine.
    disableReverseLookup: true,
    closeTimeout: 200,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(new Error('the message is too large'));
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((recipient) => recipient.address),
        };
        const source = Buffer.concat(chunks).toString();
        inbox.add('email', { envelope, ...parseMail(source), source });
        done();
      });
    },
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listener = server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A client that breaks off is no failure of the server.
      server.on('error', () => undefined);
      const address = listener.address();
      if (address === null || typeof address === 'string') return reject(new Error('no address'));
      const close = () => new Promise<void>((ended) => server.close(() => ended()));
      resolve({ port: address.port, close });
    });
  });
}
