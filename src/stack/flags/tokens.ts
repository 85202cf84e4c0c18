import { randomBytes } from 'node:crypto';
import type { FlagsTokens } from './options.ts';

/** New random tokens in the form that Unleash wants: `project:environment.secret`. */
export function createFlagsTokens(): FlagsTokens {
  const random = () => randomBytes(28).toString('hex');
  return {
    admin: `*:*.${random()}`,
    development: `default:development.${random()}`,
    production: `default:production.${random()}`,
  };
}
