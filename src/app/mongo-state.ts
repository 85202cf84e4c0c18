import { systemClock } from '../base/clock.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { openServices } from '../config/open-services.ts';
import type { StateMongodbConfig } from '../config/schema.ts';
import { openMongoState } from '../release/mongo/open.ts';
import type { OpenState } from './lazy-state.ts';

/** Opens the state that a configuration keeps in MongoDB. CREDENTIAL_MISSING, CONFIG_INVALID. */
export async function openConfiguredMongo(
  loaded: Pick<LoadedConfig, 'config' | 'stateDirectory'>,
  { uri, database }: StateMongodbConfig,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<OpenState> {
  // For the reference's sake: of all services at most the vault is reached.
  const services = openServices(loaded, variables);
  try {
    const secret = await services.resolve(uri, 'store/uri');
    const { stateDirectory } = loaded;
    return openMongoState({ uri: secret, database, stateDirectory }, systemClock);
  } finally {
    await services.close();
  }
}
