/**
 * The one source of chance in a run: a seeded generator and the distributions drawn from it. Equal
 * seeds give equal runs, bit for bit, in every JavaScript engine.
 *
 * sfc32 by Chris Doty-Humphrey (PractRand, public domain): 128 bits of state, 32 out.
 */
import { exactExp, exactLog } from './exact-math.ts';
import type { Keeper } from '../model/keeper.ts';

const TWO_TO_32 = 4_294_967_296;
const WARM_UP_ROUNDS = 15;

/** A generator with its seed; every draw moves it on, so the order of draws is part of a run. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  /** The second number of the last pair of normals, or NaN. */
  #spare = Number.NaN;

  /** @param seed a whole number below 2^32. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9 | 0;
    this.#c = 0x243f6a88 | 0;
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.word();
  }

  /** 32 random bits as a whole number, 0 to 2^32 - 1. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** Evenly from [0, 1), in steps of 2^-32. */
  unit(): number {
    return this.word() / TWO_TO_32;
  }

  /** Evenly from 0 to `limit` - 1; `limit` a whole number below 2^32. */
  below(limit: number): number {
    return Math.floor((this.word() / TWO_TO_32) * limit);
  }

  /** True with the probability `share`, 0 to 1. */
  hits(share: number): boolean {
    return this.word() < share * TWO_TO_32;
  }

  /** Exponential with the given mean: the wait for the next of many independent arrivals. */
  exponential(mean: number): number {
    return -mean * exactLog((this.word() + 1) / TWO_TO_32);
  }

  /** Log-normal with the given median; `sigma` is the spread of its logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * exactExp(sigma * this.#normal());
  }

  keep(k: Keeper): void {
    this.#a = k.value(this.#a);
    this.#b = k.value(this.#b);
    this.#c = k.value(this.#c);
    this.#counter = k.value(this.#counter);
    this.#spare = k.value(this.#spare);
  }

  /** Standard normal, by Marsaglia's polar method: two numbers a turn, one kept. */
  #normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * exactLog(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }
}

/**
 * A stream of its own for the `number`th part of a run, so that what one part draws changes nothing
 * for the others.
 */
export function streamOf(seed: number, number: number): Chance {
  const mixed = Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b);
  return new Chance((mixed ^ (mixed >>> 15)) >>> 0);
}

/** Chooses among weights with one draw, without allocating. */
export class WeightedChoice {
  readonly #edges: Float64Array;

  /**
   * @param weights relative frequencies, none negative.
   * @throws RangeError when they add up to nothing.
   */
  constructor(weights: readonly number[]) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!(total > 0)) throw new RangeError(`weights add up to ${total}`);
    let sum = 0;
    this.#edges = Float64Array.from(weights, (weight) => (sum += weight) / total);
  }

  /** Index of the chosen weight. */
  draw(chance: Chance): number {
    const at = chance.unit();
    const edges = this.#edges;
    const last = edges.length - 1;
    let index = 0;
    while (index < last && at >= (edges[index] as number)) index++;
    return index;
  }
}
