/** One column in two places. */
export interface Column {
  readonly name: string;
  readonly is: string | null;
  readonly shouldBe: string | null;
}

/** What does not agree, in plain words; empty if all does. */
export function differences(columns: readonly Column[]): string {
  return columns
    .filter(({ is, shouldBe }) => is !== shouldBe)
    .map(({ name, is, shouldBe }) => `${name} is ${show(is)}, not ${show(shouldBe)}`)
    .join('; ');
}

const longest = 80;

function show(value: string | null): string {
  if (value === null) return 'empty';
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}
