import { brokerSettings } from '@alpes/service-kit';
import { pulsarSettings } from '../pulsar/settings.js';
import { startSettings } from '../start/config.js';
import { folderOf, scalable } from '../start/system.js';
import type { Reader } from './configuration-page.js';

/** All programs that are configured. `load` imports the `settings` of a process, given its folder as a path from the root. */
export async function configurationReaders(
  load: (folder: string) => Promise<Pick<Reader, 'settings'>>,
): Promise<Reader[]> {
  const processes = [...scalable, 'bff', 'client-faker'].map(async (name) => {
    const { settings } = await load(folderOf(name));
    return { name, settings };
  });
  return [
    ...(await Promise.all(processes)),
    { name: '`npm run topics`', settings: brokerSettings },
    { name: '`npm start`', settings: startSettings },
    { name: '`npm run pulsar`', settings: pulsarSettings },
  ];
}
