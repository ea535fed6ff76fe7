/**
 * Which slots of a pool are free, and where a run of them starts: the fast half of the search.
 *
 * A bit per slot, and two bytes per segment: upper bounds of the longest run that starts at an even
 * and at an odd slot. Two, because page-aligned requests (most of them) can use only one parity.
 * Freeing raises the bounds exactly; taking leaves them, and a search that looks into a segment in
 * vain lowers them. Four segments' bounds are compared in one addition, and a bound of 32 segments
 * together (a zone) passes over those that were looked through in vain before.
 *
 * No counterpart in the kernel; it decides what `reference-table.ts` decides.
 */
import { clipWord, fillBits, hasBit, lastBit, lowestBit, nextBit } from './bits.ts';
import { SEGMENT_SLOTS } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import type { SearchTerms } from './search-terms.ts';

/** Bounds are 7 bits, so that one addition compares four; 127 stands for 127 and 128. */
const BOUND_LIMIT = 127;
/** log2 of the bound words (four segments each) in a zone, and of its segments. */
const ZONE_WORDS_SHIFT = 3;
const ZONE_SEGMENTS_SHIFT = 5;
const EVEN_BITS = 0x5555_5555;
/** Bit patterns of "every 2^k-th slot", k = 0..5. */
const CLASS_BITS = [-1, 0x5555_5555, 0x1111_1111, 0x0101_0101, 0x0001_0001, 1] as const;

export class FreeMap {
  readonly #words: Int32Array;
  readonly #even: Uint8Array;
  readonly #odd: Uint8Array;
  /** The same bytes, four segments a word. */
  readonly #evenWords: Int32Array;
  readonly #oddWords: Int32Array;
  /** Upper bounds of the bounds of a zone's segments. */
  readonly #zoneEven: Uint8Array;
  readonly #zoneOdd: Uint8Array;
  /** Scratch: where runs start in the segment looked at, four words. */
  readonly #runs = new Int32Array(4);

  /** A map of `nslabs` free slots. */
  constructor(nslabs: number) {
    const segments = Math.ceil(nslabs / SEGMENT_SLOTS);
    this.#words = new Int32Array(segments * 4);
    fillBits(this.#words, 0, nslabs, true);
    this.#evenWords = new Int32Array((segments + 3) >> 2);
    this.#oddWords = new Int32Array((segments + 3) >> 2);
    this.#even = new Uint8Array(this.#evenWords.buffer);
    this.#odd = new Uint8Array(this.#oddWords.buffer);
    const zones = (segments >> ZONE_SEGMENTS_SHIFT) + 1;
    this.#zoneEven = new Uint8Array(zones);
    this.#zoneOdd = new Uint8Array(zones);
    for (let start = 0; start < nslabs; start += SEGMENT_SLOTS) {
      this.#raise(start, Math.min(start + SEGMENT_SLOTS, nslabs));
    }
  }

  keep(k: Keeper): void {
    k.array(this.#words);
    k.array(this.#evenWords);
    k.array(this.#oddWords);
    k.array(this.#zoneEven);
    k.array(this.#zoneOdd);
  }

  isFree(slot: number): boolean {
    return hasBit(this.#words, slot);
  }

  /** Free slots from `slot` to the next used one or the end of its segment. */
  runFrom(slot: number): number {
    const end = (slot | (SEGMENT_SLOTS - 1)) + 1;
    return nextBit(this.#words, slot, end, false) - slot;
  }

  take(first: number, end: number): void {
    fillBits(this.#words, first, end, false);
  }

  give(first: number, end: number): void {
    const words = this.#words;
    fillBits(words, first, end, true);
    const segmentStart = first & ~(SEGMENT_SLOTS - 1);
    const from = lastBit(words, segmentStart, first, false) + 1;
    this.#raise(from, nextBit(words, end, segmentStart + SEGMENT_SLOTS, false));
  }

  /** Notes that the slots from `from` to `to` (one segment) are free. */
  #raise(from: number, to: number): void {
    const segment = from >>> 7;
    const even = Math.min(to - ((from + 1) & -2), BOUND_LIMIT);
    const odd = Math.min(to - (from | 1), BOUND_LIMIT);
    if (even > (this.#even[segment] as number)) this.#even[segment] = even;
    if (odd > (this.#odd[segment] as number)) this.#odd[segment] = odd;
    const zone = segment >>> ZONE_SEGMENTS_SHIFT;
    if (even > (this.#zoneEven[zone] as number)) this.#zoneEven[zone] = even;
    if (odd > (this.#zoneOdd[zone] as number)) this.#zoneOdd[zone] = odd;
  }

  #lower(segment: number, even: number, odd: number): void {
    if ((this.#even[segment] as number) > even) this.#even[segment] = even;
    if ((this.#odd[segment] as number) > odd) this.#odd[segment] = odd;
  }

  /**
   * The lowest slot in `from` to `to` (excluded) where a run that satisfies `terms` starts, or -1.
   * Only for `terms.every` up to 32 that equal `terms.step`: every slot of the class is a candidate.
   */
  firstFit(from: number, to: number, terms: SearchTerms): number {
    if (terms.slots > SEGMENT_SLOTS || from >= to) return -1;
    const last = (to - 1) >>> 7;
    let segment = this.#promising(from >>> 7, last, terms);
    while (segment <= last) {
      const slot = this.#fitInSegment(segment, from, to, terms);
      if (slot >= 0) return slot;
      segment = this.#promising(segment + 1, last, terms);
    }
    return -1;
  }

  /** First segment of `segment` to `last` whose bounds allow a run, or one behind `last`. */
  #promising(segment: number, last: number, terms: SearchTerms): number {
    const need = Math.min(terms.slots, BOUND_LIMIT);
    if (terms.every === 1) {
      const even = this.#promisingIn(this.#evenWords, this.#zoneEven, segment, last, need);
      return Math.min(even, this.#promisingIn(this.#oddWords, this.#zoneOdd, segment, even, need));
    }
    return (terms.residue & 1) === 0
      ? this.#promisingIn(this.#evenWords, this.#zoneEven, segment, last, need)
      : this.#promisingIn(this.#oddWords, this.#zoneOdd, segment, last, need);
  }

  /** The same for the bounds of one parity. */
  #promisingIn(
    bounds: Int32Array,
    zones: Uint8Array,
    segment: number,
    last: number,
    need: number,
  ): number {
    // A byte of 0..127 plus (128 - need) has its top bit set when the byte is at least `need`.
    const add = Math.imul(128 - need, 0x0101_0101);
    const behind = (last >> 2) + 1;
    let word = segment >> 2;
    let seen = -1 << ((segment & 3) << 3);
    while (word < behind) {
      const zone = word >> ZONE_WORDS_SHIFT;
      const zoneStart = zone << ZONE_WORDS_SHIFT;
      const zoneEnd = zoneStart + (1 << ZONE_WORDS_SHIFT);
      if ((zones[zone] as number) < need) {
        word = zoneEnd;
        seen = -1;
        continue;
      }
      const isWhole = word === zoneStart && seen === -1 && zoneEnd <= behind;
      for (const end = Math.min(zoneEnd, behind); word < end; word++) {
        const hits = ((bounds[word] as number) + add) & seen & 0x8080_8080;
        if (hits !== 0) return (word << 2) + (lowestBit(hits) >> 3);
        seen = -1;
      }
      if (isWhole) zones[zone] = need - 1;
    }
    return last + 1;
  }

  #fitInSegment(segment: number, from: number, to: number, terms: SearchTerms): number {
    if (!this.#findRuns(segment, terms.slots)) return -1;
    const runs = this.#runs;
    const bits = this.#classBits(segment, terms);
    if (bits === 0) return -1;
    const start = segment << 7;
    for (let word = 0; word < 4; word++) {
      const starts = (runs[word] as number) & bits;
      if (starts === 0) continue;
      const slot = pick(starts, start + (word << 5), from, to, terms);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** Fills `#runs` with the starts of runs of `need` free slots. @returns false when there are none. */
  #findRuns(segment: number, need: number): boolean {
    const words = this.#words;
    const runs = this.#runs;
    let a = words[segment * 4] as number;
    let b = words[segment * 4 + 1] as number;
    let c = words[segment * 4 + 2] as number;
    let d = words[segment * 4 + 3] as number;
    // After a round, a bit says "a run of `run` free slots starts here"; runs double each round.
    for (let run = 1; run < need;) {
      let shift = Math.min(run, need - run);
      run += shift;
      let e = a;
      let f = b;
      let g = c;
      let h = d;
      for (; shift >= 32; shift -= 32) {
        e = f;
        f = g;
        g = h;
        h = 0;
      }
      if (shift > 0) {
        e = (e >>> shift) | (f << (32 - shift));
        f = (f >>> shift) | (g << (32 - shift));
        g = (g >>> shift) | (h << (32 - shift));
        h >>>= shift;
      }
      a &= e;
      b &= f;
      c &= g;
      d &= h;
      if ((a | b | c | d) === 0) {
        this.#lower(segment, run - 1, run - 1);
        return false;
      }
    }
    runs[0] = a;
    runs[1] = b;
    runs[2] = c;
    runs[3] = d;
    return true;
  }

  /** The slots of a word that are aligned as asked; 0 when no run in `#runs` starts at one. */
  #classBits(segment: number, terms: SearchTerms): number {
    if (terms.every === 1) return -1;
    const runs = this.#runs;
    const any =
      (runs[0] as number) | (runs[1] as number) | (runs[2] as number) | (runs[3] as number);
    const bits = (CLASS_BITS[31 - Math.clz32(terms.every)] as number) << terms.residue;
    if ((any & bits) !== 0) return bits;
    const odd = (terms.residue & 1) === 1;
    const bound = terms.slots - 1;
    if ((any & (odd ? ~EVEN_BITS : EVEN_BITS)) === 0) {
      this.#lower(segment, odd ? BOUND_LIMIT : bound, odd ? bound : BOUND_LIMIT);
    }
    return 0;
  }
}

/** Lowest set bit of `word` (slots from `base`) in range whose run crosses no boundary, or -1. */
function pick(word: number, base: number, from: number, to: number, terms: SearchTerms): number {
  let bits = clipWord(word, from - base, to - base);
  while (bits !== 0) {
    const slot = base + lowestBit(bits);
    if (terms.boundary === 0 || !terms.crossesBoundary(slot)) return slot;
    bits &= bits - 1;
  }
  return -1;
}
