import { type Config, configSchema } from './schema.ts';
import { readYamlFile } from './yaml-file.ts';

/** The content of a configuration file as written. CONFIG_MISSING, CONFIG_INVALID. */
export function readConfig(path: string): Promise<Config> {
  return readYamlFile(path, configSchema, { invalid: 'CONFIG_INVALID', missing: 'CONFIG_MISSING' });
}
