import type { CheckResult } from '../checks/check.ts';

/** A screenshot as the evidence of a check names it. */
export interface Screen {
  readonly title: string;
  /** Path on the machine that took it. */
  readonly file: string;
  readonly sha256: string;
}

/** The screenshots of some checks, in their order. */
export function screensOf(checks: readonly CheckResult[]): readonly Screen[] {
  return checks.flatMap(({ id, title, evidence }) => {
    const { file, sha256 } = evidence ?? {};
    if (!id.startsWith('screens/') || typeof file !== 'string' || typeof sha256 !== 'string') {
      return [];
    }
    return [{ title, file, sha256 }];
  });
}

/** What there is no screenshot of, each with its reason. */
function notShown(checks: readonly CheckResult[]): readonly string[] {
  return checks.flatMap(({ evidence }) => {
    const { noScreens } = evidence ?? {};
    return Array.isArray(noScreens) ? noScreens.filter((one) => typeof one === 'string') : [];
  });
}

/** Screenshots for a person who looks at them before signing; nothing where none were asked for. */
export function screenLines(checks: readonly CheckResult[]): readonly string[] {
  const screens = screensOf(checks);
  const left = notShown(checks);
  return [
    ...(screens.length === 0 ? [] : ['Screenshots (file, SHA-256):']),
    ...screens.map(({ title, file, sha256 }) => `  ${title}: ${file} ${sha256}`),
    ...left.map((what) => `No screenshot of ${what}: look at the links.`),
  ];
}
