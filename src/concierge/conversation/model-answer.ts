import { z } from 'zod';
import type { Intent } from '../messages.ts';
import { isIntent } from './intents.ts';

/** What a model may have said: names from our lists and numbers, nothing of its own. */
export interface Proposal {
  readonly intent: Intent | null;
  readonly confidence: number;
  /** Not validated yet. */
  readonly found: Readonly<Record<string, unknown>>;
}

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

const content = z.looseObject({
  intent: z.string().nullable(),
  confidence: z.number().min(0).max(1),
});

/**
 * Reads the body of a chat completion. Undefined when it is not what was asked for: no JSON, another
 * shape, an intent that we do not know.
 */
export function readCompletion(body: string): Proposal | undefined {
  const outer = completion.safeParse(jsonOf(body));
  const said = outer.success ? outer.data.choices[0]?.message.content : undefined;
  const inner = content.safeParse(jsonOf(unfenced(said ?? '')));
  if (!inner.success) return undefined;
  const { intent, confidence, ...found } = inner.data;
  if (intent === null) return { intent, confidence, found: {} };
  return isIntent(intent) ? { intent, confidence, found } : undefined;
}

/** Some models wrap JSON in a code block although they were told not to. */
function unfenced(text: string): string {
  return /^\s*```(?:json)?\s*([\s\S]*?)```\s*$/.exec(text)?.[1] ?? text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
