/** Time, for what waits: the tests have another one. */
export interface Time {
  /** ms of a clock that never goes back. */
  now(): number;
  /** Returns early when the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}
