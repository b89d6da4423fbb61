/** How often in ms we look whether the native client is connected: it tells of no loss by itself. */
const LOOK_MS = 250;
/** For how long in ms it may be without: it finds back by itself, but after a long outage it would pause for up to a minute. */
const GRACE_MS = 3_000;

export interface Watched {
  isConnected(): boolean;
  /** Called each time that it was looked and found connected. */
  onConnected?(): void;
  /** Called once, when it was away for too long; then the watch is over. */
  onLost(): void;
}

/** Returns what ends the watch. */
export function watch({ isConnected, onConnected, onLost }: Watched): () => void {
  let connectedAt = performance.now();
  const timer = setInterval(() => {
    if (isConnected()) {
      connectedAt = performance.now();
      onConnected?.();
    } else if (performance.now() - connectedAt >= GRACE_MS) {
      clearInterval(timer);
      onLost();
    }
  }, LOOK_MS);
  return () => clearInterval(timer);
}
