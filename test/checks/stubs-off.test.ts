import { afterEach, describe, expect, it } from 'vitest';
import { stubsOff } from '../../src/checks/stubs-off.ts';
import {
  candidate,
  contextWith,
  driverWith,
  environmentWith,
  readySlot,
  someServices,
  stable,
} from './support/context.ts';
import { type Loopback, loopback, type Reply } from './support/loopback.ts';

const off = { AURORA_FAKE_MODE: 'false', AURORA_USE_STUBS: 'false' };
const open: Loopback[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function lookAtFile(variables: Record<string, string>) {
  const context = contextWith({
    environments: {
      staging: environmentWith('staging', variables),
      production: environmentWith('production', off),
    },
  });
  return stubsOff.run(stubsOff.params.parse({ of: 'env-file', environment: 'staging' }), context);
}

/** Asks a service that says this of its stubs, at the customers' door or in the slot. */
async function lookAtService(of: 'slot' | 'environment', reply: Reply | null, build = candidate) {
  const server = await loopback(() => reply);
  open.push(server);
  const slot = { ...readySlot('staging', server.url), build };
  const context = contextWith({
    environments: {
      staging: environmentWith('staging', {}, of === 'environment' ? server.url : undefined),
      production: environmentWith('production', {}),
    },
    services: someServices({ driver: async (name) => driverWith(name, [slot]) }),
    facts: { candidate, stable, slots: { staging: 'green' } },
  });
  return stubsOff.run(stubsOff.params.parse({ of, environment: 'staging' }), context);
}

const says = (active: boolean, fakeMode: string | null, useStubs: string | null) => ({
  body: { status: 'ok', stubs: { active, fakeMode, useStubs } },
});

describe('stubs', () => {
  it('are off when both switches are literally false', async () => {
    expect((await lookAtFile(off)).map(({ status }) => status)).toEqual(['pass', 'pass']);
  });

  it.each([
    ['unset', {}, 'unset'],
    ['True', { AURORA_FAKE_MODE: 'FALSE' }, '"FALSE"'],
    ['a zero', { AURORA_FAKE_MODE: '0' }, '"0"'],
    ['empty', { AURORA_FAKE_MODE: '' }, '""'],
    ['true', { AURORA_FAKE_MODE: 'true' }, '"true"'],
  ])('are not off when a switch is %s', async (_, fakeMode, observed) => {
    const results = await lookAtFile({ AURORA_USE_STUBS: 'false', ...fakeMode });
    expect(results).toMatchObject([
      { id: 'stubs-off/env-file/staging/AURORA_FAKE_MODE', status: 'fail', observed },
      { status: 'pass' },
    ]);
  });

  it.each(['slot', 'environment'] as const)('are asked of a running %s', async (of) => {
    const results = await lookAtService(of, says(false, 'false', 'false'));
    expect(results.map(({ id, status }) => [id, status])).toEqual([
      [`stubs-off/${of}/staging/active`, 'pass'],
      [`stubs-off/${of}/staging/AURORA_FAKE_MODE`, 'pass'],
      [`stubs-off/${of}/staging/AURORA_USE_STUBS`, 'pass'],
    ]);
  });

  it('are on when the service says so, whatever its variables hold', async () => {
    const results = await lookAtService('slot', says(true, 'false', 'false'));
    expect(results.map(({ status }) => status)).toEqual(['fail', 'pass', 'pass']);
  });

  it('are on when a running service has a switch unset', async () => {
    const results = await lookAtService('environment', says(false, null, 'false'));
    expect(results.map(({ status }) => status)).toEqual(['pass', 'fail', 'pass']);
    expect(results[1]?.observed).toBe('unset');
  });

  it.each([
    ['hangs up', null, 'no answer'],
    ['does not speak of stubs', { body: { status: 'ok' } }, 'no word of stubs'],
  ])('cannot be measured when the service %s', async (_, reply, reason) => {
    const results = await lookAtService('slot', reply);
    expect(results.map(({ status }) => status)).toEqual(['error', 'error']);
    expect(results[0]?.observed).toContain(reason);
  });

  it('cannot be measured when the slot holds another build', async () => {
    const results = await lookAtService('slot', says(false, 'false', 'false'), stable);
    expect(results.map(({ status }) => status)).toEqual(['error', 'error']);
    expect(results[0]?.observed).toContain('holds 555555555555, not cccccccccccc');
  });
});
