import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import { createControl, listenControl } from '../control/service.ts';
import { faultNames } from './faults.ts';
import { toWire } from './messages.ts';
import type { RunningStack } from './stack.ts';
import type { StackState } from './state.ts';

const faultBody = z.strictObject({ fault: z.enum([...faultNames, 'clear']) });

/** Each of these takes a second or two. */
const actionTimeoutMs = 60_000;

/** What the control service stands on. */
export interface ControlGround {
  readonly token: string;
  readonly port: number;
  readonly stack: Pick<RunningStack, 'reset' | 'inject' | 'clear'>;
  readonly state: () => StackState;
  /** Called after each change. */
  readonly onChange: () => Promise<void>;
  readonly onDown: () => void;
}

/** A running control service. */
export interface Control {
  readonly url: string;
  close(): Promise<void>;
}

/** Runs one piece of work after the other. */
function createQueue(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/**
 * The supervisor's control service: `GET /status`, `POST /reset`, `POST /faults {fault}`, `POST /down`.
 * A known error is a 409 with its code, message, place and remedy.
 */
export async function startControl(ground: ControlGround): Promise<Control> {
  const app = createControl(ground.token);
  const inTurn = createQueue();
  const act = async (
    reply: { status(code: number): { send(body: object): unknown } },
    work: (signal: AbortSignal) => Promise<void>,
  ) => {
    try {
      await inTurn(async () => {
        await work(AbortSignal.timeout(actionTimeoutMs));
        await ground.onChange();
      });
      return ground.state();
    } catch (error) {
      if (!(error instanceof AuroraError)) throw error;
      return reply.status(409).send(toWire(error));
    }
  };
  app.get('/status', async () => ground.state());
  app.post('/reset', (_, reply) => act(reply, (signal) => ground.stack.reset(signal)));
  app.post('/faults', (request, reply) => {
    const { fault } = faultBody.parse(request.body);
    return act(reply, (signal) =>
      fault === 'clear' ? ground.stack.clear(signal) : ground.stack.inject(fault, signal),
    );
  });
  app.post('/down', async (_, reply) => {
    // After the answer is out: closing ends this connection too.
    reply.raw.once('finish', () => setImmediate(ground.onDown));
    return reply.status(202).send({});
  });
  const url = await listenControl(app, ground.port);
  return { url, close: () => app.close() };
}
