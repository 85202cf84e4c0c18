import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { ModelSettings } from '../../../src/concierge/conversation/chat-client.ts';
import type { RunningPart } from '../../../src/stack/child.ts';
import { startModel } from '../../../src/stack/model/start.ts';

export const modelKey = 'sk-key-of-the-tests';

/** The stack's model on a loopback socket, and what is done to it. */
export interface StandIn {
  readonly url: string;
  readonly settings: ModelSettings;
  fault(kind: string | null, more?: { ms?: number; retryAfter?: number }): Promise<void>;
  asked(): Promise<{ readonly questions: number; readonly last: string | null }>;
}

/** One stand-in for the tests of a file; healthy at the beginning of each. */
export function useStandIn(): StandIn {
  let part: RunningPart | undefined;
  const url = () => part?.endpoints.model ?? '';
  beforeAll(async () => {
    part = await startModel({ port: 0, apiKeys: [modelKey] });
  });
  afterAll(async () => {
    await part?.close();
  });
  const fault: StandIn['fault'] = async (kind, more = {}) => {
    const body = JSON.stringify({ kind, ...more });
    const { status } = await fetch(`${url()}/fault`, { method: 'PUT', body });
    if (status !== 204) throw new Error(`no such fault: ${body}`);
  };
  beforeEach(() => fault(null));
  return {
    get url() {
      return url();
    },
    get settings() {
      return { baseUrl: url(), apiKey: modelKey, model: 'deepseek-chat' };
    },
    fault,
    asked: async () => (await (await fetch(`${url()}/asked`)).json()) as never,
  };
}
