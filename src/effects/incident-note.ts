import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Effect, EffectKind } from './effect.ts';
import { planned } from './planned.ts';

const params = z.strictObject({});

/** Writes the incident note beside the journal. */
export const incidentNote: EffectKind<Record<string, never>> = {
  kind: 'incident-note',
  params,
  create(_params, context): Effect {
    let path: string | undefined;
    return planned({
      key: 'incident-note',
      title: 'write the incident note',
      describe: () => [
        'file incident.md of the release: what failed, what was done, what was seen',
      ],
      probe: async () => ({ applied: false, before: {} }),
      async plan() {
        const change = { via: 'file', path: `incident.md of ${context.release}` } as const;
        const send = async () => {
          path = await context.writeDocument('incident.md', context.incidentNote());
        };
        return [{ changes: [change], send }];
      },
      async verify() {
        const length = path === undefined ? 0 : (await readFile(path, 'utf8')).length;
        return {
          ok: length > 0,
          expected: 'the note can be read back',
          observed: `${path ?? 'no file'}, ${length} characters`,
        };
      },
    });
  },
};
