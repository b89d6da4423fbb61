import { AlpesError } from '../../errors.js';
import type { ReceivedMessage } from '../../subscriber.js';
import { createWake } from '../../wake.js';
import type { Membership } from './membership.js';
import { advance, type Positions } from './read.js';

/** The partitions that a consumer has at present, and where it is on each. */
export interface Share {
  /** Throws what renewing failed with once the lease has ended without it. */
  positions(): Positions;
  /** Goes on behind these messages. */
  advance(messages: readonly ReceivedMessage[]): void;
  /** Looks at once whether it has grown or shrunk. */
  review(): void;
  giveBack(): Promise<void>;
}

export interface ShareOptions {
  readonly membership: Membership;
  readonly leaseMs: number;
  /** Called when there may be more to read. */
  readonly onGain: () => void;
  /** Called when others may find partitions that are free. */
  readonly onGiveBack: () => void;
}

/**
 * Takes a share and keeps renewing it, one renewal behind the other. One that fails is made up for by the next; when the
 * lease ends before that, nothing is read under it, and whoever reads is told why.
 */
export async function takeShare({ membership, leaseMs, onGain, onGiveBack }: ShareOptions): Promise<Share> {
  const stopping = new AbortController();
  const due = createWake();
  let positions: Positions = new Map();
  let renewedAt = 0;
  let failure: AlpesError | undefined;

  /**
   * A partition that was kept goes on where it was: whatever is before that and not acknowledged is still in the hands
   * of this consumer. One that is new begins at its first message: reading leaps over what is acknowledged.
   */
  const renew = async (): Promise<void> => {
    const startedAt = performance.now();
    const claim = await membership.renew();
    [renewedAt, failure] = [startedAt, undefined];
    positions = new Map(claim.partitions.map((partition) => [partition, positions.get(partition) ?? 0n]));
    if (claim.gaveBack) onGiveBack();
    onGain();
  };
  const keepRenewing = async (): Promise<void> => {
    for (;;) {
      await due.wait(leaseMs / 3, stopping.signal);
      if (stopping.signal.aborted) return;
      await renew().catch((thrown: unknown) => {
        failure = AlpesError.from(thrown);
      });
    }
  };

  await renew();
  const renewing = keepRenewing();
  return {
    positions: () => {
      if (failure === undefined || performance.now() - renewedAt < leaseMs) return positions;
      due.wake();
      throw failure;
    },
    advance: (messages) => {
      const stillOurs = messages.filter(({ partition }) => positions.has(partition));
      positions = advance(positions, stillOurs);
    },
    review: due.wake,
    giveBack: async () => {
      stopping.abort();
      await renewing;
      positions = new Map();
      await membership.leave();
      onGiveBack();
    },
  };
}
