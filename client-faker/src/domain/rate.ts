/** How often something happens, as it was written: so many in so many seconds. */
export interface Rate {
  readonly count: number;
  readonly unit: 's' | 'min' | 'h';
}

const SECONDS = { s: 1, min: 60, h: 3_600 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\/(s|min|h)$/;

/** Reads `50/s`, `3000/min` or `100000/h`; undefined if it is none of these, or never. */
export function parseRate(text: string): Rate | undefined {
  const [, digits = '', unit] = PATTERN.exec(text) ?? [];
  const count = Number(digits);
  return unit === undefined || count <= 0 ? undefined : { count, unit: unit as Rate['unit'] };
}

export function perSecond({ count, unit }: Rate): number {
  return count / SECONDS[unit];
}

/** `count` within `ms`, in the unit of `like`. */
export function formatRate(count: number, ms: number, { unit }: Pick<Rate, 'unit'>): string {
  const rate = ms <= 0 ? 0 : (count * 1_000 * SECONDS[unit]) / ms;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/${unit}`;
}
