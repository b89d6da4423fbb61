import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Where the system is: what was said, else the PORT, else what `npm start` wrote into DATA_DIR, else where it is by default. */
export function findSystem(url: string | undefined, env: NodeJS.ProcessEnv): string {
  if (url !== undefined) return url;
  const { PORT: port = '', DATA_DIR: folder = '' } = env;
  if (port !== '') return `http://127.0.0.1:${port}`;
  return urlOf(join(folder === '' ? '.data' : folder, 'system.json')) ?? DEFAULT_URL;
}

function urlOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    // The system is just starting or stopping; if it is not where it is by default, that will be said.
    return undefined;
  }
}
