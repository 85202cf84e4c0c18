import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { request } from 'undici';
import type { Company } from '../../bin/rehearsal/company.mjs';
import type { SlotStatus } from '../../src/deploy/driver.ts';

/** The test's own eyes: they use nothing of aurora but the files that a stack leaves. */

/** Credentials of the stack, by name. */
export async function credentials(company: Company): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(company.state, 'stack/credentials.env'), 'utf8');
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1).replace(/^["']|["']$/g, '')];
    }),
  );
}

async function stackState(company: Company): Promise<{ addresses: Record<string, string> }> {
  return JSON.parse(await readFile(join(company.state, 'stack/state.json'), 'utf8'));
}

export async function address(company: Company, name: string): Promise<string> {
  const found = (await stackState(company)).addresses[name];
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found;
}

/** The value of the credential whose name fits. */
export async function credential(company: Company, wanted: RegExp): Promise<string> {
  const all = await credentials(company);
  const name = Object.keys(all).find((key) => wanted.test(key));
  const value = name === undefined ? undefined : all[name];
  if (value === undefined)
    throw new Error(`no credential like ${wanted} in ${Object.keys(all).join(', ')}`);
  return value;
}

export async function listSlots(company: Company): Promise<readonly SlotStatus[]> {
  const token = await credential(company, /DRIVER/);
  const answer = await request(`${await address(company, 'host')}/slots`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await answer.body.json()) as SlotStatus[];
}

const hosts = { staging: 'staging.api.glowglitch.com', production: 'api.glowglitch.com' } as const;

/** What a customer, never seen before, gets at a path. */
export async function visit(
  company: Company,
  path: string,
  { environment = 'production' }: { readonly environment?: keyof typeof hosts } = {},
) {
  const answer = await request(`${await address(company, `shop (${environment})`)}${path}`, {
    headers: { host: hosts[environment], 'x-session-id': `sess_e2e_${randomUUID()}` },
  });
  const text = await answer.body.text();
  const header = (name: string) => {
    const value = answer.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    status: answer.statusCode,
    text,
    build: header('x-aurora-build'),
    cache: header('x-cache'),
    widget: header('x-aurora-widget'),
  };
}

/** Which of the flags production's administration has switched on. */
export async function flagsOn(company: Company): Promise<readonly string[]> {
  const token = await credential(company, /ADMIN/);
  const answer = await request(
    `${await address(company, 'flags')}/api/admin/projects/default/features`,
    { headers: { authorization: token } },
  );
  const { features } = (await answer.body.json()) as {
    features: { name: string; environments: { name: string; enabled: boolean }[] }[];
  };
  return features
    .filter((feature) =>
      feature.environments.some((one) => one.name === 'production' && one.enabled),
    )
    .map((feature) => feature.name)
    .sort();
}

/** How many widget sessions of production the cache holds. */
export async function cachedSessions(company: Company): Promise<number> {
  const redis = new Redis(await credential(company, /REDIS/), {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
  });
  try {
    await redis.connect();
    let count = 0;
    for await (const keys of redis.scanStream({
      match: 'aurora:production:session:*',
      count: 1_000,
    }))
      count += (keys as string[]).length;
    return count;
  } finally {
    redis.disconnect();
  }
}

/** What people and alerting received. */
export async function received(
  company: Company,
): Promise<readonly { kind: string; body: unknown }[]> {
  const answer = await request(`${await address(company, 'receivers')}/received`);
  return (await answer.body.json()) as { kind: string; body: unknown }[];
}

/** What a tiny server says that answers with one number. */
export function ask(server: string): Promise<number> {
  const [host = '', port = ''] = server.split(':');
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), host);
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('end', () => resolve(Number(text)));
    socket.on('error', reject);
  });
}
