import type { Verbs } from '../src/app/verb.ts';

/** Every verb, in the order of the help. Its file is loaded when somebody names it. */
export const verbs: Verbs = {
  init: () => import('./init.ts'),
  doctor: () => import('./doctor.ts'),
  release: () => import('./release.ts'),
  resume: () => import('./resume.ts'),
  gate: () => import('./gate.ts'),
  approve: () => import('./approve.ts'),
  approvers: () => import('./approvers.ts'),
  keygen: () => import('./keygen.ts'),
  pause: () => import('./pause.ts'),
  abort: () => import('./abort.ts'),
  rollback: () => import('./rollback.ts'),
  status: () => import('./status.ts'),
  history: () => import('./history.ts'),
  verify: () => import('./verify.ts'),
  plan: () => import('./plan.ts'),
  env: () => import('./env.ts'),
  preflight: () => import('./preflight.ts'),
  smoke: () => import('./smoke.ts'),
  build: () => import('./build.ts'),
  deploy: () => import('./deploy.ts'),
  flag: () => import('./flag.ts'),
  kpi: () => import('./kpi.ts'),
  stack: () => import('./stack.ts'),
  explain: () => import('./explain.ts'),
};
