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

/**
 * The same faults for the same seed, in steps of one to three: each kind comes once before any comes again, and of many faults
 * about as many are of a kind as its weight says.
 */
export function planOf(seed: number, possible: readonly Possible[], count: number): Step[] {
  const random = createRandom('torture', seed);
  const deck = createDeck(possible, random);
  const steps: Step[] = [];
  for (let left = count; left > 0;) {
    const most = random.chance(TWO) ? (random.chance(THREE) ? 3 : 2) : 1;
    const faults = drawStep(Math.min(left, most), deck, random);
    steps.push({ faults, restMs: 100 * random.between(0, 10) });
    left -= faults.length;
  }
  return steps;
}

function prepare({ kind, victims }: Possible, random: Random): Planned {
  const victim = random.pick(victims);
  return { kind: kind.name, uses: kind.uses, victim, ...kind.prepare(victim, random) };
}

/** Those that go together of so many draws: nobody suffers two things at once, and nothing that there is once is used twice. */
function drawStep(draws: number, deck: Deck, random: Random): Planned[] {
  const faults: Planned[] = [];
  for (let draw = 0; draw < draws; draw += 1) {
    const card = deck.draw();
    const fault = prepare(card, random);
    if (faults.some((other) => clash(fault, other))) deck.putBack(card);
    else faults.push(fault);
  }
  return faults;
}

const clash = (one: Planned, other: Planned): boolean =>
  one.victim === other.victim || (one.uses !== undefined && one.uses === other.uses);

interface Deck {
  draw(): Possible;
  /** It comes later. */
  putBack(card: Possible): void;
}

/** Two packs of cards in turn, each shuffled when it is begun: one of each kind, and what their weights say beyond that. */
function createDeck(possible: readonly Possible[], random: Random): Deck {
  const others = possible.flatMap((one) => Array.from({ length: one.kind.weight - 1 }, () => one));
  let pack: Possible[] = [];
  let begun = 0;
  const draw = (): Possible => {
    if (possible.length === 0) throw new Error('nothing can befall this system');
    for (; pack.length === 0; begun += 1) pack = [...(begun % 2 === 0 ? possible : others)];
    const [card] = pack.splice(random.between(0, pack.length - 1), 1);
    if (card === undefined) throw new Error('a pack that is not empty has a card');
    return card;
  };
  return { draw, putBack: (card) => void pack.push(card) };
}
