import type { Catalogue } from '@alpes/messaging';
import type { Registered } from './declare-topics.js';

/** What is there now, in words. */
export function report({ contracts, topology }: Catalogue, registered: readonly Registered[] | undefined): string {
  const lines = contracts.map(({ topic, consumers }) => {
    const schema = registered?.find((one) => one.topic === topic);
    return `${topic}: read by ${consumers.join(', ') || 'nobody'}${schema === undefined ? '' : `; ${textOf(schema)}`}`;
  });
  const dead = topology().length - contracts.length;
  const without = 'This broker has no schema registry: no schema was compared or registered.';
  return [
    ...lines,
    ...(registered === undefined ? [without] : []),
    `${contracts.length} topics and ${dead} dead-letter topics are there.\n`,
  ].join('\n');
}

const textOf = ({ message, version, isNew }: Registered): string =>
  `${message}, version ${version}, ${isNew ? 'registered now' : 'as before'}`;
