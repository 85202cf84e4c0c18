import type { Register } from '../src/app/verb.ts';
import { register as approve } from './approve.ts';
import { register as build } from './build.ts';
import { register as deploy } from './deploy.ts';
import { register as doctor } from './doctor.ts';
import { register as env } from './env.ts';
import { register as explain } from './explain.ts';
import { register as flag } from './flag.ts';
import { register as gate } from './gate.ts';
import { register as history } from './history.ts';
import { register as init } from './init.ts';
import { register as kpi } from './kpi.ts';
import { register as plan } from './plan.ts';
import { register as preflight } from './preflight.ts';
import { register as release } from './release.ts';
import { register as resume } from './resume.ts';
import { register as rollback } from './rollback.ts';
import { register as smoke } from './smoke.ts';
import { register as stack } from './stack.ts';
import { register as status } from './status.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Register[] = [
  init,
  doctor,
  release,
  resume,
  gate,
  approve,
  rollback,
  status,
  history,
  plan,
  env,
  preflight,
  smoke,
  build,
  deploy,
  flag,
  kpi,
  stack,
  explain,
];
