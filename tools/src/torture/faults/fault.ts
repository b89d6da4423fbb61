import type { Random } from '../../random.js';
import type { Site } from '../site/site.js';

/** Something bad that can befall a system. */
export interface FaultKind {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** What it uses that there is once: no other that does comes at the same time. */
  readonly uses?: string;
  /** Whom it can befall here; nobody where it is not possible. */
  victims(site: Site): readonly string[];
  /** Decides, by chance, how it goes. */
  prepare(victim: string, random: Random): Fault;
}

/** One of its kind that has been decided on. */
export interface Fault {
  /** What is done to the victim: it comes after its name. */
  readonly text: string;
  /** Does it. Resolves once it is over, with what came of it if that is worth telling. */
  play(site: Site): Promise<string | undefined>;
}

/** {@link FaultKind.uses} of what has a process start again. */
export const STARTING = 'the start of a process';

/** A time in ms, in tenths of a second. */
export const someTime = (random: Random, least: number, most: number): number =>
  100 * random.between(least / 100, most / 100);

export const inSeconds = (ms: number): string => `${ms / 1_000} s`;
