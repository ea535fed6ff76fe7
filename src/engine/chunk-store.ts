/**
 * Arrays of many keyframes in pieces of 4 KiB, which keyframes share where nothing has changed: a
 * keyframe costs what is new in it. What they hold together is counted here.
 */
import type { Numbers } from '../model/keeper.ts';

const CHUNK_WORDS = 1024;
/** Arrays are compared and copied by words. */
export const WORD_BYTES = 4;

interface Chunk {
  readonly words: Int32Array;
  /** Arrays it is a part of. */
  uses: number;
}

/** One array as it was at one time. Made and given up by a `ChunkStore`. */
export interface ChunkedArray {
  /** Elements. */
  readonly length: number;
  readonly chunks: readonly Chunk[];
  /** The up to three bytes behind the last whole word. */
  readonly tail: Uint8Array;
  /** Keyframes it is a part of. */
  uses: number;
}

/** An array as it was last saved or loaded, and its stamp then; `NO_STAMP`: it has none. */
interface Last {
  readonly saved: ChunkedArray;
  readonly stamp: number;
}

const NO_STAMP = -1;

/** The pieces of all keyframes of one run. */
export class ChunkStore {
  /** Bytes of the pieces in use, shared ones counted once. */
  bytes = 0;
  /** What each array was when it was saved or loaded last. */
  readonly #last = new WeakMap<Numbers, Last>();
  /** Bytes of things that keyframes hold on to, and how many keyframes do. */
  readonly #held = new Map<object, { readonly bytes: number; uses: number }>();
  readonly #zeros: Chunk = { words: new Int32Array(CHUNK_WORDS), uses: 1 };

  /** Notes an array as it is now. Give it up with `drop`. @param stamp as for `Keeper.array`. */
  save(array: Numbers, stamp: number = NO_STAMP): ChunkedArray {
    const noted = this.#last.get(array);
    if (noted !== undefined && stamp !== NO_STAMP && noted.stamp === stamp) {
      return this.#use(noted.saved);
    }
    const saved = this.#compared(array, noted?.saved ?? null);
    this.#last.set(array, { saved, stamp });
    return this.#use(saved);
  }

  /** An array in pieces: those of `last` where nothing has changed, or `last` itself. */
  #compared(array: Numbers, last: ChunkedArray | null): ChunkedArray {
    const { length } = array;
    const words = wordsOf(array);
    const tail = tailOf(array);
    const before = last?.length === length ? last : null;
    let isSame = before !== null && isTailEqual(tail, before.tail);
    const chunks: Chunk[] = [];
    for (let from = 0; from < words.length; from += CHUNK_WORDS) {
      const to = Math.min(from + CHUNK_WORDS, words.length);
      const old = before?.chunks[chunks.length];
      const isOld = old !== undefined && isEqual(words, from, to, old.words);
      isSame &&= isOld;
      chunks.push(isOld ? old : this.#piece(words, from, to));
    }
    if (before !== null && isSame) return before;
    return { length, chunks, tail: tail.slice(), uses: 0 };
  }

  #piece(words: Int32Array, from: number, to: number): Chunk {
    const isZero = to - from === CHUNK_WORDS && isEqual(words, from, to, this.#zeros.words);
    return isZero ? this.#zeros : { words: words.slice(from, to), uses: 0 };
  }

  /** Brings an array back: `array` itself with its contents, or a new one of the length it had. */
  load<T extends Numbers>(saved: ChunkedArray, array: T, stamp: number = NO_STAMP): T {
    const into = withLength(array, saved.length);
    const noted = this.#last.get(into);
    // It holds that already.
    if (stamp !== NO_STAMP && noted?.saved === saved && noted.stamp === stamp) return into;
    const words = wordsOf(into);
    saved.chunks.forEach((chunk, place) => words.set(chunk.words, place * CHUNK_WORDS));
    tailOf(into).set(saved.tail);
    this.#last.set(into, { saved, stamp });
    return into;
  }

  /** A keyframe has no more use for an array. */
  drop(saved: ChunkedArray): void {
    saved.uses--;
    if (saved.uses > 0) return;
    this.bytes -= ownBytes(saved);
    for (const chunk of saved.chunks) {
      chunk.uses--;
      if (chunk.uses === 0) this.bytes -= chunk.words.byteLength;
    }
  }

  /** A keyframe holds on to `what`. */
  hold(what: object, bytes: number): void {
    const held = this.#held.get(what);
    if (held !== undefined) {
      held.uses++;
      return;
    }
    this.#held.set(what, { bytes, uses: 1 });
    this.bytes += bytes;
  }

  /** It does no longer. */
  letGo(what: object): void {
    const held = this.#held.get(what);
    if (held === undefined) return;
    held.uses--;
    if (held.uses > 0) return;
    this.#held.delete(what);
    this.bytes -= held.bytes;
  }

  #use(saved: ChunkedArray): ChunkedArray {
    saved.uses++;
    if (saved.uses > 1) return saved;
    this.bytes += ownBytes(saved);
    for (const chunk of saved.chunks) {
      chunk.uses++;
      if (chunk.uses === 1) this.bytes += chunk.words.byteLength;
    }
    return saved;
  }
}

/** The array itself if it has this length, else a new one of its kind. */
export function withLength<T extends Numbers>(array: T, length: number): T {
  if (array.length === length) return array;
  const kind = array.constructor as new (length: number) => T;
  return new kind(length);
}

/** What a list of references takes beside its chunks. */
function ownBytes({ chunks }: ChunkedArray): number {
  return chunks.length * 8;
}

/** The whole words of an array's memory. */
export function wordsOf({ buffer, byteOffset, byteLength }: Numbers): Int32Array {
  return new Int32Array(buffer, byteOffset, Math.floor(byteLength / WORD_BYTES));
}

function tailOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  const rest = byteLength % WORD_BYTES;
  return new Uint8Array(buffer, byteOffset + byteLength - rest, rest);
}

function isEqual(words: Int32Array, from: number, to: number, chunk: Int32Array): boolean {
  for (let at = from, place = 0; at < to; at++, place++) {
    if (words[at] !== chunk[place]) return false;
  }
  return true;
}

function isTailEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => byte === other[at]);
}
