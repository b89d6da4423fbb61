import { Client } from 'pg';

/** As it was sent. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Recorder {
  /** Each text once, with the values that it was sent with first. */
  statements(): readonly Statement[];
  stop(): void;
}

type Query = (this: Client, ...args: unknown[]) => unknown;

/** Records what every client of `pg` in this process sends to a database, Prisma's adapter among them. */
export function createRecorder(database: string): Recorder {
  const prototype = Client.prototype as { query: Query };
  const { query } = prototype;
  const sent = new Map<string, Statement>();
  prototype.query = function (config, values, ...rest) {
    const given = typeof config === 'string' ? { text: config } : (config as Partial<Statement>);
    const { text } = given;
    if (text !== undefined && !sent.has(text) && this.database === database) {
      sent.set(text, { text, values: given.values ?? (Array.isArray(values) ? (values as unknown[]) : []) });
    }
    return query.call(this, config, values, ...rest);
  };
  return {
    statements: () => [...sent.values()],
    stop: () => {
      prototype.query = query;
    },
  };
}
