/** The least of some values that is not smaller than this share of them: the nearest rank. Undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const ascending = values.toSorted((one, other) => one - other);
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}
