import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { checklistSchemas, schemaFiles } from '../../src/docs/checklist-schemas.ts';
import type { SchemaNode } from '../../src/docs/schema-node.ts';

const directory = join(packageRoot(), 'checklists');

function kindsIn(text: string | undefined, word: 'check' | 'effect'): readonly unknown[] {
  const found: unknown[] = [];
  JSON.parse(text ?? '{}', (key, value: SchemaNode) => {
    if (key === word && value?.const !== undefined) found.push(value.const);
    return value;
  });
  return found;
}

describe('JSON Schemas of the checklists', () => {
  it('stand at the head of each checklist, and there is one for each', async () => {
    const lists = (await readdir(directory)).filter((name) => name.endsWith('.yaml'));
    expect(lists.sort()).toEqual(
      Object.keys(checklistSchemas)
        .map((name) => `${name}.yaml`)
        .sort(),
    );
    for (const list of lists) {
      const [first] = (await readFile(join(directory, list), 'utf8')).split('\n');
      const schema = list.replace('.yaml', '.schema.json');
      expect(first).toBe(`# yaml-language-server: $schema=./${schema}`);
    }
  });

  it('know each kind of check and effect with its own parameters', () => {
    const files = schemaFiles();
    const release = files.get('checklists/release.schema.json');
    expect(kindsIn(release, 'check')).toContain('canary');
    expect(kindsIn(release, 'effect')).toContain('set-cohort');
    expect(kindsIn(files.get('checklists/rollback.schema.json'), 'effect')).toContain(
      'disable-flags',
    );
    expect(release).toContain('Amber at the end of the window');
  });

  it('refuse keys that aurora refuses', () => {
    for (const [path, text] of schemaFiles()) {
      expect((JSON.parse(text) as SchemaNode).additionalProperties, path).toBe(false);
    }
  });
});
