import { createRandom, type Random } from '../random.js';
import type { Fault, FaultKind } from './faults/fault.js';

/** Faults that begin together. */
export interface Step {
  readonly faults: readonly Planned[];
  /** How long in ms the system has peace afterwards. */
  readonly restMs: number;
}

export interface Planned extends Fault {
  readonly kind: string;
  readonly victim: string;
  readonly uses: string | undefined;
}

/** Somebody whom a kind of fault can befall. */
export interface Possible {
  readonly kind: FaultKind;
  readonly victims: readonly [string, ...string[]];
}

/** How often two faults come together, and three. */
const TWO = 0.25;
const THREE = 0.2;

/** The same faults for the same seed, in steps of one to three, of each kind about as many as its weight says. */
export function planOf(seed: number, possible: readonly Possible[], count: number): Step[] {
  const random = createRandom('torture', seed);
  const draw = createDeck(possible, random);
  const steps: Step[] = [];
  for (let left = count; left > 0;) {
    const most = random.chance(TWO) ? (random.chance(THREE) ? 3 : 2) : 1;
    const drawn = Array.from({ length: Math.min(left, most) }, () => prepare(draw(), random));
    const faults = withoutClashes(drawn);
    steps.push({ faults, restMs: 100 * random.between(0, 10) });
    left -= faults.length;
  }
  return steps;
}

function prepare({ kind, victims }: Possible, random: Random): Planned {
  const victim = random.pick(victims);
  return { kind: kind.name, uses: kind.uses, victim, ...kind.prepare(victim, random) };
}

/** Nobody suffers two things at once, and nothing that there is once is used twice. */
function withoutClashes(drawn: readonly Planned[]): Planned[] {
  const clash = (one: Planned, other: Planned): boolean =>
    one.victim === other.victim || (one.uses !== undefined && one.uses === other.uses);
  return drawn.filter((one, index) => !drawn.slice(0, index).some((other) => clash(one, other)));
}

/** Draws as from a pack of cards, shuffled anew when it is used up: so each kind comes, and none at a time that can be known. */
function createDeck(possible: readonly Possible[], random: Random): () => Possible {
  const cards = possible.flatMap((one) => Array.from({ length: one.kind.weight }, () => one));
  let pack: Possible[] = [];
  return () => {
    if (pack.length === 0) pack = [...cards];
    const [card] = pack.splice(random.between(0, pack.length - 1), 1);
    if (card === undefined) throw new Error('nothing can befall this system');
    return card;
  };
}
