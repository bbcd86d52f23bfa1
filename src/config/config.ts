import { ConfigError } from './config-error.ts';
import { readEnvironment } from './environment.ts';
import { createEnvironmentReader, type Variable } from './environment-reader.ts';
import { suggestedName } from './misspelt.ts';
import { readSettings } from './settings.ts';

export { ConfigError } from './config-error.ts';

/** Everything that can be set from outside. Read once, at the start, from the process and from `.env`. */
export interface Config extends Readonly<ReturnType<typeof readSettings>> {
  /** Where variables were read from, in words. */
  readonly origin: string;
  /** Notices for people, such as variables that have no effect. */
  readonly notices: readonly string[];
}

/**
 * @param features the names that may stand for `<HUB>`
 * @param values replaces the variables of the process and `.env`
 * @throws ConfigError with every problem at once
 */
export function loadConfig(features: readonly string[], values?: Readonly<Record<string, string | undefined>>): Config {
  const environment = values === undefined ? readEnvironment() : { values, origin: 'the program', notices: [] };
  const reader = createEnvironmentReader(environment.values);
  const settings = readSettings(reader, features);
  const misspelt = reader.unknownNames().flatMap((name) => {
    const meant = suggestedName(name, reader.variables);
    return meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`];
  });
  // A misspelt name may be why another is missing.
  if (reader.problems.length > 0) throw new ConfigError([...reader.problems, ...misspelt]);
  return { ...settings, origin: environment.origin, notices: [...environment.notices, ...reader.notices, ...misspelt] };
}

/** Every variable with its default, as declared for an empty environment. */
export function declaredVariables(): readonly Variable[] {
  const reader = createEnvironmentReader({});
  readSettings(reader, []);
  return reader.variables;
}
