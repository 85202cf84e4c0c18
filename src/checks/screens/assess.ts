import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckResult } from '../check.ts';

/** A picture as it was kept. */
export interface KeptPicture {
  /** Its path on the machine that took it. */
  readonly file: string;
  /** SHA-256 of its bytes: the evidence that a person signs holds it. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What one screenshot is about. */
export interface Shown {
  readonly id: string;
  readonly title: string;
  readonly address: string;
}

/** What was seen of it. */
export interface Sighting {
  readonly picture: KeptPicture;
  /** Digests of the builds that answered. */
  readonly builds: readonly string[];
  /** What did not come, in words; null when everything did. */
  readonly missing: string | null;
}

/** The face of a screenshot's result before anything is known. */
export function describeScreen(environment: EnvironmentName, { id, title }: Shown) {
  return {
    id: `screens/${environment}/${id}`,
    title: `${title} in a browser, ${environment}`,
    expected: 'everything comes, and a screenshot shows it',
  };
}

/** Whether what a customer would see is there. Pure. */
export function assessScreen(
  environment: EnvironmentName,
  shown: Shown,
  { picture, builds, missing }: Sighting,
): CheckResult {
  const { address } = shown;
  const check = {
    ...describeScreen(environment, shown),
    evidence: { address, ...picture, builds: [...builds] },
  };
  if (missing === null) return { ...check, status: 'pass', observed: 'as expected; screenshot' };
  const remedy = `Look at ${picture.file}; correct the page, or what screens.yaml expects of it.`;
  return { ...check, status: 'fail', observed: missing, remedy };
}
