import { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import { append } from './append.js';
import type { Database } from './database.js';
import type { Topic } from './topics.js';

/** Appends those messages whose topic exists, all or none of them; the others fail. As {@link Publisher.publish}. */
export async function publish(
  database: Database,
  find: (name: string) => Promise<Topic>,
  messages: readonly TransportMessage[],
): Promise<readonly (AlpesError | undefined)[]> {
  const names = [...new Set(messages.map(({ topic }) => topic))];
  const topics = new Map(await Promise.all(names.map(async (name) => [name, await orError(find(name))] as const)));
  const known = messages.flatMap((message) => {
    const topic = topics.get(message.topic);
    return topic === undefined || topic instanceof AlpesError ? [] : [{ topic, message }];
  });
  const failure = known.length === 0 ? undefined : await orError(append(database, known));
  return messages.map(({ topic: name }) => {
    const topic = topics.get(name);
    return [topic, failure].find((one) => one instanceof AlpesError);
  });
}

async function orError<T>(work: Promise<T>): Promise<T | AlpesError> {
  try {
    return await work;
  } catch (error) {
    return AlpesError.from(error);
  }
}
