import { readFileSync } from 'node:fs';
import type { ErrorDetail } from '@alpes/messaging';

/** What the environment says of some variables. */
export interface Given {
  readonly given: Readonly<Record<string, string>>;
  readonly unreadable: readonly ErrorDetail[];
}

/**
 * The variables of these names that are not empty. Where NAME is absent, NAME_FILE may name a file that holds it, without
 * the line end at its end: so Docker and Kubernetes hand over secrets.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, names: readonly string[]): Given {
  const given: Record<string, string> = {};
  const unreadable: ErrorDetail[] = [];
  for (const name of names) {
    const file = env[`${name}_FILE`];
    try {
      const value = env[name] || (file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : '');
      if (value !== '') given[name] = value;
    } catch (error) {
      unreadable.push({ path: `${name}_FILE`, message: `can't be read: ${(error as Error).message}` });
    }
  }
  return { given, unreadable };
}
