const TRIES = 3;

/** Does again what is safe to repeat and failed, for whatever reason: a broker that is at something answers too late, or refuses meanwhile. */
export async function threeTries<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
