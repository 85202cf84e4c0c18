import { hostname, userInfo } from 'node:os';

/** Who acts: as given, then AURORA_ACTOR, then CI's own variable, then the user of the machine. */
export function actorName(
  given: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const named =
    given ?? variables.AURORA_ACTOR ?? variables.GITHUB_ACTOR ?? variables.GITLAB_USER_LOGIN;
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    return hostname();
  }
}
