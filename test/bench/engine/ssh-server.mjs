// An SSH server of this bench's own, on loopback, with keys made for it: what Capistrano deploys over.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Not on everybody's PATH; it wants to be called by its whole name. */
const places = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'];
const patienceMs = 10_000;
/** Ends the server when its input ends: however this bench ends, no server is left behind. */
const guard = '"$@" & child=$!; read -r _; kill "$child"; wait "$child"';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function makeKey(path) {
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
}

const settings = (directory, port) => `
Port ${port}
ListenAddress 127.0.0.1
HostKey ${directory}/host
AuthorizedKeysFile ${directory}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
# Bash reads no ~/.bashrc below another shell: what is in there is no cost of a step.
SetEnv SHLVL=1
`;

async function answers(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function untilItAnswers(child, port) {
  const deadline = performance.now() + patienceMs;
  while (child.exitCode === null && performance.now() < deadline) {
    if (await answers(port)) return true;
    await delay(50);
  }
  return false;
}

async function prepare(directory, port) {
  await mkdir(directory);
  makeKey(join(directory, 'host'));
  makeKey(join(directory, 'client'));
  await copyFile(join(directory, 'client.pub'), join(directory, 'authorized_keys'));
  await writeFile(join(directory, 'sshd_config'), settings(directory, port));
  // Where root's sshd locks its unprivileged part in; the system makes it at boot.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
}

/** `{ port, user, key, close }`, or `{ why }` when there is no server to be had here. */
export async function startSshServer(parent) {
  const sshd = places.find((place) => existsSync(place));
  if (sshd === undefined) return { why: 'sshd is not installed' };
  const directory = join(parent, 'ssh');
  const port = await freePort();
  await prepare(directory, port);
  const words = ['-c', guard, 'sh', sshd, '-D', '-e', '-f', join(directory, 'sshd_config')];
  const child = spawn('sh', words, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-1_000);
  });
  const closed = once(child, 'close');
  const close = async () => {
    child.stdin.end();
    await closed;
  };
  if (await untilItAnswers(child, port)) {
    return { port, user: userInfo().username, key: join(directory, 'client'), close };
  }
  await close();
  return { why: `sshd did not start: ${said.trim()}` };
}
