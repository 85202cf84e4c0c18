/** The generator of `aurora canary backtest`: a seed means the same canaries here and there. */
export { Random } from '../../../src/judge/backtest/random.ts';
