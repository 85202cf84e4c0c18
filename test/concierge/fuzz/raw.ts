import { connect } from 'node:net';

/** Sends bytes and resolves with what came back until the server closed, or `patienceMs` passed. */
export function sendRaw(url: string, bytes: string | Buffer, patienceMs = 3_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answered = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(end, patienceMs);
    socket.on('data', (chunk) => {
      answered += String(chunk);
      // One whole answer is enough.
      const [head = '', body = ''] = answered.split('\r\n\r\n', 2);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (length !== undefined && Buffer.byteLength(body) >= Number(length)) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}
