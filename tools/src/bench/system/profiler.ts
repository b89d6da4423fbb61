// Read before a program (`node --import`): profiles its CPU from its start to its end, and writes that into PROFILES.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

const folder = process.env['PROFILES'];
if (folder !== undefined && process.argv[1]?.endsWith('/dist/bundle.js') === true) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  // A session within the process is answered at once.
  process.once('exit', () =>
    session.post('Profiler.stop', (_error, { profile }) => {
      writeFileSync(join(folder, `${process.pid}.cpuprofile`), JSON.stringify(profile));
    }),
  );
}
