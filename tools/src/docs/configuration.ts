// Writes docs/configuration.md from the settings of all programs. A step of `npm run generate`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../start/system.js';
import { configurationPage, type Reader } from './configuration-page.js';
import { configurationReaders } from './configuration-readers.js';

const load = async (folder: string): Promise<Pick<Reader, 'settings'>> =>
  (await import(pathToFileURL(join(root, folder, 'dist', 'settings.js')).href)) as Pick<Reader, 'settings'>;
writeFileSync(join(root, 'docs', 'configuration.md'), configurationPage(await configurationReaders(load)));
