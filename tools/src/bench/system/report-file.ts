import { join, resolve } from 'node:path';

/** Where reports are kept. */
export const benchFolder = (env: NodeJS.ProcessEnv): string => join(resolve(env['DATA_DIR'] || '.data'), 'bench');

/** The path of a new report, without an extension. */
export function reportFile(folder: string, kind?: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return join(folder, kind === undefined ? time : `${time}-${kind}`);
}
