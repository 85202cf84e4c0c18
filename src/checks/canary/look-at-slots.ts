import { messageOf } from '../../base/errors.ts';
import type { SlotStatus } from '../../deploy/driver.ts';
import type { Probes } from '../../judge/probes.ts';
import { apiKeyOf } from '../api-key.ts';
import { type Crash, crashIn } from '../candidate-slot.ts';
import type { CheckContext } from '../kind.ts';
import { attempt } from '../unmeasured.ts';
import type { WatchPlan } from './plan.ts';
import { probeCandidate } from './probe.ts';

/** The answers to aurora's own requests at one look. */
interface Probed {
  readonly probes: Probes;
  /** Why they could not be sent; null when they were, or none are wanted. */
  readonly probeProblem: string | null;
}

const nothingProbed = (probeProblem: string | null): Probed => ({ probes: {}, probeProblem });

const isReady = (slot: SlotStatus): slot is SlotStatus & { readonly url: string } =>
  slot.state === 'ready' && slot.url !== null;

function wantsProbes({ rules }: WatchPlan): boolean {
  return rules.slo.metrics.some((metric) => 'probe' in metric && metric.probe !== undefined);
}

async function probe(
  { environment, rules }: WatchPlan,
  context: CheckContext,
  slots: readonly SlotStatus[],
): Promise<Probed> {
  const { signal, facts } = context;
  const slot = slots.filter(isReady).find((one) => {
    return one.environment === environment && one.build === facts.candidate;
  });
  if (slot === undefined) return nothingProbed('the candidate has no ready slot');
  const reasons: string[] = [];
  const sent = await attempt(signal, async () => {
    const apiKey = await apiKeyOf(environment, context);
    const onUnsent = (_ids: readonly string[], reason: string) => reasons.push(reason);
    return probeCandidate(rules.slo, slot.url, { apiKey, signal, onUnsent });
  });
  if ('error' in sent) return nothingProbed(messageOf(sent.error));
  return { probes: sent.value, probeProblem: reasons[0] ?? null };
}

/** Whether the candidate's slot ended by itself; if it runs, the probes that the bands ask for. */
export async function lookAtSlots(
  plan: WatchPlan,
  context: CheckContext,
): Promise<Probed & { readonly crash: Crash | null }> {
  const { environment } = plan;
  const { services, signal, facts } = context;
  const slots = await attempt(signal, async () =>
    (await services.driver(environment)).slots(signal),
  );
  if ('error' in slots) return { crash: null, ...nothingProbed(messageOf(slots.error)) };
  const crash = crashIn(slots.value, environment, facts);
  const asks = crash === null && wantsProbes(plan);
  return { crash, ...(asks ? await probe(plan, context, slots.value) : nothingProbed(null)) };
}
