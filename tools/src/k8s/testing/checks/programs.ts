import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../start/system.js';
import { ofKind } from '../manifest.js';
import { programsOf, type System } from '../system.js';
import { MAIN, mistake, NAME } from '../mistake.js';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Every program is there once, is the one that its name says, and is in its image; secrets are not among the manifests. */
export function programs(system: System): string[] {
  const found = programsOf(system);
  const names = found.map(({ name }) => name);
  const absent = Object.keys(system.readers).filter((name) => !names.includes(name));
  const secrets = ofKind(system.manifests, 'Secret').map(
    ({ metadata }) => `the secret ${metadata.name} is in the open`,
  );
  const wrong = found.flatMap(({ name, kind, labels, container }) => {
    const image = `alpes/${kind === 'Job' ? 'tools' : name}:${version}`;
    const program = system.readers[name]?.program ?? '';
    return [
      ...(labels['app.kubernetes.io/name'] === name ? [] : [`the pods of ${name} have another name`]),
      ...(container.image === image || container.image.endsWith(`/${image}`) ? [] : [`${name} is not in ${image}`]),
      ...(container.command?.join(' ') === `node ${program}` ? [] : [`${name} does not run ${program}`]),
      ...(existsSync(join(root, program)) ? [] : [`there is no ${program}`]),
    ];
  });
  return [...absent.map((name) => `nobody runs ${name}`), ...secrets, ...wrong];
}

export const mistakes = [
  mistake('nobody runs payment', 'Deployment payment', ''),
  mistake('nobody runs migrate', 'Job migrate', ''),
  mistake(
    'the pods of order have another name',
    'Deployment order',
    `/spec/template/metadata/labels/${NAME}`,
    'orders',
  ),
  mistake('order is not in alpes/order:', 'Deployment order', `${MAIN}/image`, 'alpes/order:latest'),
  mistake('topics is not in alpes/tools:', 'Job topics', `${MAIN}/image`, 'alpes/topics:0.1.0'),
  mistake(
    'order does not run services/order/dist/bundle.js',
    'Deployment order',
    `${MAIN}/command/1`,
    'bff/dist/bundle.js',
  ),
  mistake('the secret x is in the open', 'PodDisruptionBudget order', '', { kind: 'Secret', metadata: { name: 'x' } }),
];
