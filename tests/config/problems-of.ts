import { ConfigError, loadConfig } from '../../src/config/config.ts';
import type { Environment } from './expectations.ts';

export const HUBS = ['claims', 'financial'];

export const load = (environment: Environment = {}) => loadConfig(HUBS, environment);

/** What is wrong with an environment; empty where nothing is. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    load(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
