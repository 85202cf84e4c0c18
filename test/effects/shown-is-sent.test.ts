import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import type { ReleaseFacts } from '../../src/checks/kind.ts';
import { manifestText } from '../../src/deploy/builds/manifest.ts';
import type { EffectContext } from '../../src/effects/effect.ts';
import { foreseeAll } from '../../src/effects/foresee.ts';
import { createEffect } from '../../src/effects/registry.ts';
import { changeLine, shownChange } from '../../src/services/change.ts';
import type { Services } from '../../src/services/services.ts';
import { Company, strategy } from './company.ts';
import { builds, contextOver, secrets, servicesAt } from './company-context.ts';

const signal = new AbortController().signal;
const staging = { environment: 'staging' };
const production = { environment: 'production' };
const flags = ['WIDGET', 'TIMELINE', 'RETURNS'];

let company: Company;
let services: Services;
beforeEach(async () => {
  company = await new Company().open();
  services = servicesAt(company.url);
  company.setSlot('production', 'blue', builds.stable);
  company.setSlot('staging', 'blue', builds.stable);
  company.route('blue');
  company.flag('WIDGET', 'production').strategies = [
    strategy('s-stable', 'stable', 100, builds.stable, 2),
  ];
});
afterEach(async () => {
  await services.close();
  await company.close();
});

/** What arrived, with `<words>` wherever the dry run had them instead of a value. */
function masked(sent: Json, shown: Json): Json {
  if (typeof shown === 'string' && shown.includes('<')) {
    expect(sent).toEqual(expect.stringMatching(/./));
    return shown;
  }
  if (Array.isArray(shown) && Array.isArray(sent))
    return sent.map((one: Json, index) => masked(one, (shown as Json[])[index] ?? null));
  if (typeof shown === 'object' && shown !== null && typeof sent === 'object' && sent !== null) {
    const expected = shown as JsonObject;
    return Object.fromEntries(
      Object.entries(sent).map(([key, one]) => [key, masked(one as Json, expected[key] ?? null)]),
    );
  }
  return sent;
}

/** The requests that arrived, in the form of those that were shown. */
function asShown(shown: readonly JsonObject[]): readonly JsonObject[] {
  return company.changes.map((arrived, index) => {
    const like = shown[index];
    const { headers = {} } = like ?? {};
    const mask = { url: like?.url ?? null, body: like?.body ?? null, headers };
    const sent = {
      url: arrived.url,
      body: (arrived.body ?? null) as Json,
      headers: Object.fromEntries(
        Object.keys(headers as JsonObject).map((name) => [
          name,
          String(arrived.headers[name] ?? ''),
        ]),
      ),
    };
    const { url, body, headers: seen } = masked(sent, mask) as JsonObject;
    return {
      method: arrived.method,
      url: url ?? null,
      headers: seen ?? null,
      ...(body === null ? {} : { body: body ?? null }),
    };
  });
}

/** Shows first, then acts: what was shown, after it has been held against what arrived. */
async function showThenAct(
  kind: string,
  params: object,
  facts: Partial<ReleaseFacts> = {},
  change: Partial<EffectContext> = {},
) {
  const make = () =>
    createEffect(kind, { ...params }, { ...contextOver(services, facts), ...change });
  const [foreseen] = await foreseeAll([{ place: 'step 1', effect: make() }], signal);
  expect(company.changes).toEqual([]);
  expect(foreseen?.unknown).toBeNull();
  const changes = foreseen?.changes ?? [];
  const lines = changes.map(changeLine);
  const shown = changes.map((change): JsonObject => ({ ...shownChange(change) }));
  for (const value of Object.values(secrets))
    expect(`${lines.join()}${JSON.stringify(shown)}`).not.toContain(value);
  // The run is another process: it has an effect of its own, and probes first.
  const effect = make();
  if (!(await effect.probe(signal)).applied) await effect.apply(signal);
  expect(asShown(shown)).toEqual(shown.map(({ via: _via, service: _service, ...sent }) => sent));
  return lines.map((line) => line.replaceAll(company.url, ''));
}

const admin = '/api/admin/projects/default';
const features = `${admin}/features/WIDGET/environments/production`;

describe('what a dry run shows is what arrives: slots and traffic', () => {
  it('start-slot: the order, with open values open and secret ones withheld', async () => {
    expect(await showThenAct('start-slot', staging)).toEqual([
      `POST /slots/staging/green {"buildDirectory":"/builds/1.4.0","build":"${builds.candidate}","env":{"PORT_NAME":"concierge","CONCIERGE_API_KEY":"<secret>"},"secrets":["CONCIERGE_API_KEY"]}`,
    ]);
    expect(company.changes[0]?.body).toMatchObject({ env: { CONCIERGE_API_KEY: secrets.apiKey } });
  });

  it('start-slot: what is left in the idle slot is stopped first', async () => {
    company.setSlot('staging', 'green', 'd'.repeat(64));
    const lines = await showThenAct('start-slot', staging);
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      'DELETE /slots/staging/green',
      'POST /slots/staging/green',
    ]);
  });

  it('switch-traffic and route-candidate: who answers, and where', async () => {
    company.setSlot('staging', 'green', builds.candidate);
    const facts = { slots: { staging: 'green', production: 'green' } } as const;
    expect(await showThenAct('switch-traffic', staging, facts)).toEqual([
      'PUT /traffic {"stable":{"slot":"green","url":"/running/green"},"candidate":null}',
    ]);
    company.arrived.length = 0;
    company.setSlot('production', 'green', builds.candidate);
    company.route('blue');
    expect(await showThenAct('route-candidate', production, facts)).toEqual([
      'PUT /traffic {"stable":{"slot":"blue","url":"/running/blue"},"candidate":{"slot":"green","url":"/running/green"}}',
    ]);
  });

  it('restore-stable: one switch back to the slot that still runs', async () => {
    company.setSlot('production', 'green', builds.candidate);
    company.route('blue', 'green');
    expect(await showThenAct('restore-stable', production)).toEqual([
      'PUT /traffic {"stable":{"slot":"blue","url":"/running/blue"},"candidate":null}',
    ]);
  });

  it('restore-stable: a build that runs nowhere, and an address that only its start tells', async () => {
    company.slots.clear();
    company.setSlot('production', 'green', builds.candidate);
    company.route('green');
    const lines = await showThenAct('restore-stable', production);
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      'DELETE /slots/production/blue',
      'POST /slots/production/blue',
      'PUT /traffic',
    ]);
    expect(lines[2]).toContain('"url":"<the address of blue once it has started>"');
    expect(company.traffic.stable).toEqual({ slot: 'blue', url: `${company.url}/running/blue` });
  });

  it('promote: edge, flag and edge again, in that order', async () => {
    company.setSlot('production', 'green', builds.candidate);
    company.route('blue', 'green');
    company
      .flag('WIDGET', 'production')
      .strategies.push(strategy('s-candidate', 'candidate', 100, builds.candidate, 1));
    const facts = { slots: { production: 'green' } } as const;
    const lines = await showThenAct('promote', production, facts);
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      'PUT /traffic',
      `PUT ${features}/strategies/s-stable`,
      `DELETE ${features}/strategies/s-candidate`,
      'PUT /traffic',
    ]);
  });

  it('retire-candidate: strategy, name of the stable build, slot', async () => {
    company.setSlot('production', 'green', builds.candidate);
    company.flag('WIDGET', 'production').strategies = [
      strategy('s-candidate', 'candidate', 5, builds.candidate, 1),
      strategy('s-stable', 'stable', 100, builds.candidate, 0),
    ];
    const lines = await showThenAct('retire-candidate', production);
    expect(lines.map((line) => line.split(' {')[0])).toEqual([
      `DELETE ${features}/strategies/s-candidate`,
      `PUT ${features}/strategies/s-stable`,
      'DELETE /slots/production/green',
    ]);
  });
});

describe('what a dry run shows is what arrives: flags', () => {
  it('set-cohort: a new strategy, and the flag on when it is off', async () => {
    company.flag('WIDGET', 'production').enabled = false;
    const lines = await showThenAct('set-cohort', { ...production, percent: 5 });
    expect(lines).toEqual([
      expect.stringMatching(
        `^POST ${features}/strategies {"name":"flexibleRollout",.*"rollout":"5"`,
      ),
      `POST ${features}/on`,
    ]);
  });

  it('set-cohort: a wrong order put right, a strategy changed in place, a second one removed', async () => {
    company.flag('WIDGET', 'production').strategies = [
      strategy('s-stable', 'stable', 100, builds.stable, 0),
      strategy('one', 'candidate', 5, builds.candidate, 3),
      strategy('two', 'candidate', 5, builds.candidate, 4),
    ];
    const lines = await showThenAct('set-cohort', { ...production, percent: 100 });
    expect(lines.map((line) => line.split(/ [[{]/)[0])).toEqual([
      `POST ${features}/strategies/set-sort-order`,
      `PUT ${features}/strategies/one`,
      `DELETE ${features}/strategies/two`,
    ]);
  });

  it('stable-cohort: the payload of everybody', async () => {
    const lines = await showThenAct('stable-cohort', production);
    expect(lines).toEqual([expect.stringContaining(`"value":"${builds.candidate}"`)]);
  });

  it('disable-flags: one call for all', async () => {
    expect(await showThenAct('disable-flags', { ...production, flags })).toEqual([
      `POST ${admin}/bulk_features/environments/production/off {"features":["WIDGET","TIMELINE","RETURNS"]}`,
    ]);
  });

  it('enable-flags: only those that are off', async () => {
    company.flag('TIMELINE', 'production').enabled = false;
    company.flag('RETURNS', 'production').enabled = false;
    expect(await showThenAct('enable-flags', { ...production, flags })).toEqual([
      `POST ${admin}/features/TIMELINE/environments/production/on`,
      `POST ${admin}/features/RETURNS/environments/production/on`,
    ]);
  });

  it('nothing at all where it is so already', async () => {
    const there = { ...production, flags };
    expect(await showThenAct('enable-flags', there)).toEqual([]);
    expect(company.changes).toEqual([]);
  });
});

describe('what a dry run shows is what arrives: CDN, people, alerts', () => {
  it('purge-cdn: each path, also of the bundles that are known', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'aurora-bundle-'));
    try {
      const files = { 'server.mjs': 'e'.repeat(64), 'widget.js': 'f'.repeat(64) };
      await writeFile(join(directory, 'manifest.json'), manifestText(files));
      company.pointsTo = `import("/widget/${'0'.repeat(64)}.js")`;
      const findBuild = async (digest: string) => {
        return { name: 'concierge', version: '1', digest, directory };
      };
      const paths = { ...production, paths: ['/widget.js', '/widget/*'] };
      expect(await showThenAct('purge-cdn', paths, {}, { findBuild })).toEqual([
        'PURGE /widget.js',
        'PURGE /widget/*',
        `PURGE /widget/${'f'.repeat(64)}.js`,
        `PURGE /widget/${'0'.repeat(64)}.js`,
      ]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('notify: the message as the chat gets it, its address withheld', async () => {
    const [line = ''] = await showThenAct('notify', { audience: '#aurora-ops' });
    expect(line).toMatch(/^POST \/<secret> {"text":".*errors since 02:10/);
  });

  it('notify: the event as the pager gets it, its key withheld', async () => {
    const [line = ''] = await showThenAct('notify', { audience: 'on-call', severity: 'warning' });
    expect(line).toMatch(/^POST \/pager {"routing_key":"<secret>",.*"severity":"warning"/);
    expect(company.changes[0]?.body).toMatchObject({ routing_key: secrets.pager });
  });

  it('silence-alerts: which labels, and until when', async () => {
    expect(await showThenAct('silence-alerts', { for: '2 h' })).toEqual([
      'POST /api/v2/silences {"matchers":[{"name":"service","value":"concierge","isRegex":false,"isEqual":true}],"startsAt":"2025-01-02T03:04:05.000Z","endsAt":"2025-01-02T05:04:05.000Z","createdBy":"Alex W.","comment":"aurora rollback of r1"}',
    ]);
  });
});
