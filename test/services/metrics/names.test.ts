import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/base/package-root.ts';
import { conciergeNames, usableNames } from '../../../src/services/metrics/names.ts';
import { parsePrometheus } from '../../../src/services/metrics/prometheus-text.ts';
import { useWorld } from '../../concierge/support/world.ts';

const world = useWorld();

describe('the names of metrics', () => {
  it('are those that a concierge declares', async () => {
    const { url } = await world.start();
    const answer = await fetch(`${url}/api/metrics?format=prometheus`);
    const { declared } = parsePrometheus(await answer.text());
    for (const name of Object.values(conciergeNames)) expect(declared).toContain(name);
  });

  it('stand in the docs with what they count', async () => {
    const page = await readFile(join(packageRoot(), 'docs/metrics.md'), 'utf8');
    for (const [word, name] of Object.entries(conciergeNames)) {
      expect(page).toContain(`| \`${word}\` | \`${name}\` |`);
    }
  });

  it('are of use only together where one explains the other', () => {
    const { badSessions, requests } = usableNames({ ...conciergeNames, sessions: null });
    expect({ badSessions, requests }).toEqual({
      badSessions: null,
      requests: conciergeNames.requests,
    });
    expect(usableNames({ ...conciergeNames, endpointSlowSessions: null })).toMatchObject({
      endpointSessions: null,
      endpointBadSessions: null,
    });
  });
});
