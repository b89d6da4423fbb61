declare module 'spdx-satisfies' {
  /** Whether an SPDX expression is met by one of the licences; throws if it is no SPDX expression. */
  export default function satisfies(expression: string, licences: readonly string[]): boolean;
}
