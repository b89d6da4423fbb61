import { AlpesError } from './errors.js';

/** What is said to who needs topics that nobody has declared. */
export function missingTopics(topics: readonly string[]): AlpesError {
  const [are, them] = topics.length === 1 ? ['topic', 'it'] : ['topics', 'them'];
  const verb = topics.length === 1 ? 'does' : 'do';
  return new AlpesError('unavailable', `${are} ${topics.join(', ')} ${verb} not exist; declare ${them} first`);
}
