import { AuroraError } from '../base/errors.ts';
import { http } from '../services/http/request.ts';
import { stackStatus } from './supervisor/manage.ts';

/** New sessions per second of each environment; what is left out stays as it is. */
export interface RatesWish {
  readonly production?: number;
  readonly staging?: number;
}

/** Sends so many customers from now on. Answers the rates that hold now. STACK_NOT_RUNNING. */
export async function stackRates(
  directory: string | undefined,
  wish: RatesWish,
  signal: AbortSignal,
): Promise<unknown> {
  const { addresses } = await stackStatus(directory, signal);
  const url = `${addresses.shoppers}/rates`;
  const answer = await http({ method: 'PUT', url, body: { ...wish } }, signal);
  if (answer.status === 200) return JSON.parse(answer.text);
  throw new AuroraError(
    'SERVICE_REFUSED',
    `the shoppers answered ${answer.status}: ${answer.text.slice(0, 200)}`,
    { where: url },
  );
}
