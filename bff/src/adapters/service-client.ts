import { AlpesError, type Cause, ERROR_CODES, type ErrorCode } from '@alpes/messaging';
import { z } from 'zod';
import { withDeadline } from './deadline.js';

/** The HTTP API of another part of the platform. */
export interface ServiceClient {
  /** The answer, once it begins; throws what its problem document says, `unavailable` if there is no proper answer. */
  get(path: string, cause: Cause): Promise<Response>;
  /** The whole answer, which has to be JSON. */
  getJson(path: string, cause: Cause): Promise<unknown>;
}

interface Options {
  /** What the part is called in messages. */
  readonly name: string;
  readonly baseUrl: string;
  /** Longest time in ms until an answer begins, and until one of JSON is there. */
  readonly timeoutMs: number;
  /** What the part calls a field that has another name here, such as `params.id`. */
  readonly renamed?: Readonly<Record<string, string>>;
}

export function serviceClient({ name, baseUrl, timeoutMs, renamed = {} }: Options): ServiceClient {
  const base = baseUrl.replace(/\/+$/, '');
  const deadline = { ms: timeoutMs, what: `the ${name} service` };
  const request = async (path: string, { traceparent }: Cause, signal: AbortSignal): Promise<Response> => {
    const response = await fetch(base + path, { headers: { traceparent }, signal });
    if (response.ok) return response;
    throw await problemOf(response, name, renamed);
  };
  return {
    get: (path, cause) =>
      orUnavailable(
        name,
        withDeadline(deadline, (signal) => request(path, cause, signal)),
      ),
    getJson: (path, cause) =>
      orUnavailable(
        name,
        withDeadline(deadline, async (signal) => (await request(path, cause, signal)).json()),
      ),
  };
}

const problemDocument = z.object({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** What is wrong with the request is passed on; what is wrong with the service only means that it can't be asked. */
async function problemOf(
  response: Response,
  name: string,
  renamed: Readonly<Record<string, string>>,
): Promise<AlpesError> {
  const problem = problemDocument.safeParse(await response.json().catch(() => undefined)).data;
  if (problem === undefined || response.status >= 500) {
    return new AlpesError('unavailable', `the ${name} service can't answer now (${response.status})`);
  }
  const details = problem.errors.map(({ path, message }) => ({ path: renamed[path] ?? path, message }));
  return new AlpesError(problem.code, problem.detail, { details });
}

/** `fetch` throws TypeErrors and DOMExceptions; whatever it was, the service gave no proper answer. */
async function orUnavailable<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof AlpesError) throw thrown;
    throw new AlpesError('unavailable', `the ${name} service does not answer`, { cause: thrown });
  }
}
