import type { DeadLetter, DeadLetterInFull, DropVerdict, RedriveVerdict } from '@alpes/messaging';

/** As JSON has it: times are texts. */
type Written<T> = { readonly [Field in keyof T]: T[Field] extends Date ? string : T[Field] };

export type Letter = Written<DeadLetter>;
export type Result = Letter & { readonly verdict: RedriveVerdict | DropVerdict; readonly why: string };
export type FullLetter = Omit<Written<DeadLetterInFull>, 'deaths'> & {
  readonly deaths: readonly Written<DeadLetterInFull['deaths'][number]>[];
};
