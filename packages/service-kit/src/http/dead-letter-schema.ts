import { ERROR_CODES, type ErrorCode, LARGEST_PAGE, LETTER_STATES } from '@alpes/messaging';
import { z } from 'zod';

const MOST_IDS = 1_000;
/** In a URL, which has to fit into 16 KiB. */
const MOST_IN_URL = 100;

const once = z.string('must be given once');
const id = z.guid('must be a UUID').toLowerCase();
const timeRule = 'must be a time with its zone such as 2026-11-21T12:00:00Z, or a day such as 2026-11-21';
const time = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], timeRule)
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), timeRule);
const reasons = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
const limitRule = `must be a whole number from 1 to ${LARGEST_PAGE}`;
const idsRule = `must be a list of 1 to ${MOST_IDS} ids`;

/** The letters that are meant, as the query of a URL and the body of a request both write it. */
const selection = {
  topic: once.optional(),
  reason: z.enum(reasons, `must be one of ${reasons.join(', ')}`).optional(),
  from: time.optional(),
  to: time.optional(),
  after: once.optional(),
};

/** In a URL, what is there once is a list of one. */
const list = <T extends z.ZodType>(of: T) =>
  z.preprocess(
    (value) => (value === undefined ? undefined : [value].flat()),
    z.array(of).max(MOST_IN_URL, `must be there ${MOST_IN_URL} times at most`).optional(),
  );

export const listQuery = z
  .strictObject({
    ...selection,
    id: list(id),
    state: list(z.enum(LETTER_STATES, `must be one of ${LETTER_STATES.join(', ')}`)),
    limit: z.coerce.number(limitRule).int(limitRule).min(1, limitRule).max(LARGEST_PAGE, limitRule).optional(),
  })
  .superRefine(checkPeriod)
  .transform(({ id: ids, state: states, ...page }) => ({ ...page, ids, states }));

const flag = z.boolean('must be true or false').default(false);
const bodyFields = {
  ...selection,
  ids: z.array(id, idsRule).min(1, idsRule).max(MOST_IDS, idsRule).optional(),
  limit: z.int(limitRule).min(1, limitRule).max(LARGEST_PAGE, limitRule).optional(),
  all: flag,
  dryRun: flag,
};
const objectRule = 'must be an object';

export const dropBody = z.strictObject(bodyFields, objectRule).superRefine(checkPeriod).superRefine(checkSelected);

export const redriveBody = z
  .strictObject({ ...bodyFields, force: flag }, objectRule)
  .superRefine(checkPeriod)
  .superRefine(checkSelected);

export const params = z.object({ id });

interface Named {
  readonly topic?: string | undefined;
  readonly reason?: ErrorCode | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly ids?: readonly string[] | undefined;
}

function checkPeriod({ from, to }: Named, context: z.RefinementCtx): void {
  if (from === undefined || to === undefined || from < to) return;
  context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
}

/** Nobody means all letters by saying nothing. */
function checkSelected(
  { all, topic, reason, from, to, ids }: Named & { readonly all: boolean },
  context: z.RefinementCtx,
) {
  if (all || [topic, reason, from, to, ids].some((one) => one !== undefined)) return;
  const message = 'must be true where no topic, reason, from, to or ids say which letters are meant';
  context.addIssue({ code: 'custom', path: ['all'], message });
}
