import { describe, expect, it } from 'vitest';
import { checkKinds } from '../../src/checks/registry.ts';
import { configSchema } from '../../src/config/schema.ts';
import { leaves, verbName } from '../../src/docs/commands.ts';
import { fieldsOf } from '../../src/docs/fields.ts';
import { checkWords, effectWords } from '../../src/docs/kinds.ts';
import { schemaNode } from '../../src/docs/schema-node.ts';
import { endings } from '../../src/docs/verb-endings.ts';
import { effectKinds } from '../../src/effects/registry.ts';
import { wholeProgram } from './program.ts';

describe('what the docs say by hand', () => {
  it('says how each verb ends, and of no verb that is gone', async () => {
    expect(Object.keys(endings).sort()).toEqual(
      leaves(await wholeProgram())
        .map(verbName)
        .sort(),
    );
  });

  it('explains each check, and none that is gone', () => {
    expect(Object.keys(checkWords).sort()).toEqual([...checkKinds].sort());
  });

  it('explains each effect, and none that is gone', () => {
    expect(Object.keys(effectWords).sort()).toEqual([...effectKinds].sort());
  });
});

describe('fields', () => {
  const fields = fieldsOf(schemaNode(configSchema));
  const field = (path: string) => fields.find((one) => one.path === path);

  it('goes into both environments at once, and into each kind of a list', () => {
    expect(field('environments.<environment>.driver.token')).toMatchObject({
      type: '{ env } or { vault }',
      required: true,
    });
    expect(field('services.notify[](pagerduty).url')?.default).toBe(
      'https://events.pagerduty.com/v2/enqueue',
    );
  });

  it('tells what is required from what has a default', () => {
    expect(field('project')?.required).toBe(true);
    expect(field('state')).toMatchObject({ required: false, default: '.aurora' });
    expect(field('plan')).toMatchObject({ required: false, default: '' });
  });

  it('lists each path once', () => {
    const paths = fields.map(({ path }) => path);
    expect(paths).toContain('services.alerts.labels');
    expect(new Set(paths).size).toBe(paths.length);
  });
});
