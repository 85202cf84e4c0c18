/**
 * The environment of every process of the stack: PATH and nothing else. Somebody with production's
 * MONGODB_URI, VAULT_ADDR, PGHOST or UNLEASH_* exported starts a rehearsal one day.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { PATH: env.PATH ?? '', NODE_ENV: 'production' };
}
