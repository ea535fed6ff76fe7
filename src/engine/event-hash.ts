/** A running hash of what happened, to tell whether two runs are the same run. */
import type { Keeper } from '../model/keeper.ts';

const TWO_TO_32 = 4_294_967_296;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const OTHER_OFFSET = 0x9e3779b9;
const OTHER_PRIME = 0x85ebca6b;

/**
 * FNV-1a over 32-bit words instead of bytes, in two lanes with different multipliers: 64 bits in
 * all, so that two different runs do not meet by accident.
 */
export class EventHash {
  #one = FNV_OFFSET | 0;
  #other = OTHER_OFFSET | 0;

  /** Adds 32 bits. */
  word(value: number): void {
    const one = Math.imul(this.#one ^ value, FNV_PRIME);
    const other = Math.imul(this.#other ^ value, OTHER_PRIME);
    // A multiplication moves bits up only; this brings the high ones back down.
    this.#one = one ^ (one >>> 15);
    this.#other = other ^ (other >>> 13);
  }

  /** Adds a whole number of up to 53 bits and a sign. */
  number(value: number): void {
    this.word(value | 0);
    this.word(Math.floor(value / TWO_TO_32));
  }

  keep(k: Keeper): void {
    this.#one = k.value(this.#one);
    this.#other = k.value(this.#other);
  }

  /** The hash so far as 16 hex digits. */
  get hex(): string {
    return hexWord(this.#one) + hexWord(this.#other);
  }
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
