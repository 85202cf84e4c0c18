import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';

/**
 * What a slot's process is started with besides its build, as text so that it needs no file of its own:
 * while the file named here exists, nobody can read the metrics. It stands before the build's own code
 * and touches nothing else that customers ask for. Only a rehearsal has it, and no build knows of it.
 */
const program = (file: string) => `
import { existsSync } from 'node:fs';
import { Server } from 'node:http';
const emit = Server.prototype.emit;
Server.prototype.emit = function (event, request, response) {
  const asked = event === 'request' && request.url.startsWith('/api/metrics');
  if (!asked || !existsSync(${JSON.stringify(file)})) return emit.apply(this, arguments);
  request.resume();
  response.writeHead(503, { 'content-type': 'text/plain' }).end('the metrics are away');
  return true;
};
`;

const fileOf = (directory: string, environment: EnvironmentName) =>
  join(directory, `metrics-away-${environment}`);

/** Words for Node that put the gate before a slot's metrics. `directory` is the host's own. */
export function gateWords(directory: string, environment: EnvironmentName): readonly string[] {
  const text = program(fileOf(directory, environment));
  return ['--import', `data:text/javascript,${encodeURIComponent(text)}`];
}

/** Closes the gate before the metrics of one environment's slots, running ones too; null opens all. */
export async function closeGate(directory: string, closed: EnvironmentName | null): Promise<void> {
  // As long as no slot ever ran, nobody has made it.
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const environment of environmentNames) {
    const file = fileOf(directory, environment);
    await (environment === closed
      ? writeFile(file, '', { mode: 0o600 })
      : rm(file, { force: true }));
  }
}
