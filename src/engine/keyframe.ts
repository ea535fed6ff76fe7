/**
 * The whole state of a run at one moment, put aside, and the two keepers that write and read it.
 *
 * A keyframe is a tape: fields in the order in which `keep` hands them over. Loading reads it in the
 * same order, which is right because it is the same code; that it was read to its end is checked.
 */
import {
  withLength,
  WORD_BYTES,
  wordsOf,
  type ChunkedArray,
  type ChunkStore,
} from './chunk-store.ts';
import { Stream } from './stream.ts';
import type { Keeper, Kept, Numbers, Sparse } from '../model/keeper.ts';

/** What an entry of the tape takes, about. */
const ENTRY_BYTES = 12;

/** A state, as `saveKeyframe` notes it. */
export interface Keyframe {
  readonly entries: readonly unknown[];
  readonly arrays: readonly ChunkedArray[];
  /** Pieces of arrays, one behind the other, by width. */
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly held: readonly object[];
  /** Bytes that no other keyframe shares. */
  readonly ownBytes: number;
}

/** Notes the state of `run`; what it shares with others is put into `store`. */
export function saveKeyframe(run: Kept, store: ChunkStore): Keyframe {
  const saver = new Saver(store);
  run.keep(saver);
  return saver.finish();
}

/** Brings the state of `run` back. @throws RangeError when it is the state of another one. */
export function loadKeyframe(run: Kept, keyframe: Keyframe, store: ChunkStore): void {
  const loader = new Loader(keyframe, store);
  run.keep(loader);
  loader.finish();
}

/** Gives a keyframe up. */
export function dropKeyframe(keyframe: Keyframe, store: ChunkStore): void {
  for (const array of keyframe.arrays) store.drop(array);
  for (const what of keyframe.held) store.letGo(what);
  store.bytes -= keyframe.ownBytes;
}

/** Whether an array's elements need 8 bytes; else they fit into words, or into bytes. */
function isWide(array: Numbers): boolean {
  return array instanceof Float64Array || array instanceof Float32Array;
}

/** Indices of what is not 0. Whole words are looked at, for nearly all of them are 0. */
function nonZero(array: Sparse): number[] {
  const found: number[] = [];
  const each = WORD_BYTES / array.BYTES_PER_ELEMENT;
  const words = wordsOf(array);
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let at = word * each; at < (word + 1) * each; at++) if (array[at] !== 0) found.push(at);
  }
  for (let at = words.length * each; at < array.length; at++) if (array[at] !== 0) found.push(at);
  return found;
}

class Saver implements Keeper {
  readonly loads = false;
  readonly #store: ChunkStore;
  readonly #entries: unknown[] = [];
  readonly #arrays: ChunkedArray[] = [];
  readonly #bytes = new Stream((length) => new Uint8Array(length));
  readonly #words = new Stream((length) => new Int32Array(length));
  readonly #doubles = new Stream((length) => new Float64Array(length));
  readonly #held: object[] = [];
  #listBytes = 0;

  constructor(store: ChunkStore) {
    this.#store = store;
  }

  finish(): Keyframe {
    const bytes = this.#bytes.taken();
    const words = this.#words.taken();
    const doubles = this.#doubles.taken();
    const ownBytes =
      this.#entries.length * ENTRY_BYTES +
      this.#listBytes +
      bytes.byteLength +
      words.byteLength +
      doubles.byteLength;
    this.#store.bytes += ownBytes;
    const [entries, arrays, held] = [this.#entries, this.#arrays, this.#held];
    return { entries, arrays, bytes, words, doubles, held, ownBytes };
  }

  value<T>(now: T): T {
    this.#entries.push(now);
    return now;
  }

  array<T extends Numbers>(now: T, stamp?: number): T {
    this.#arrays.push(this.#store.save(now, stamp));
    return now;
  }

  sparse(now: Sparse): void {
    const indices = nonZero(now);
    this.words(indices);
    this.picked(now, indices);
  }

  room<T extends Numbers>(now: T): T {
    this.#entries.push(now.length);
    return now;
  }

  span(now: Numbers, from: number, to: number): void {
    const stream = this.#streamFor(now);
    for (let index = from; index < to; index++) stream.put(now[index] as number);
  }

  picked(now: Numbers, indices: readonly number[]): void {
    const stream = this.#streamFor(now);
    for (const index of indices) stream.put(now[index] as number);
  }

  list(now: unknown[]): void {
    this.#entries.push([...now]);
    this.#listBytes += now.length * ENTRY_BYTES;
  }

  words(now: number[]): void {
    this.#entries.push(now.length);
    for (const word of now) this.#words.put(word);
  }

  map(now: Map<unknown, unknown>): void {
    this.list([...now.entries()]);
    this.#listBytes += now.size * ENTRY_BYTES;
  }

  set(now: Set<unknown>): void {
    this.list([...now]);
  }

  copies<K, V>(now: Map<K, V>, copy: (of: V) => V): void {
    this.map(new Map([...now].map(([key, value]) => [key, copy(value)])));
    this.#listBytes += now.size * ENTRY_BYTES * 8;
  }

  fields(now: object): void {
    this.#entries.push({ ...now });
    this.#listBytes += Object.keys(now).length * ENTRY_BYTES;
  }

  holds(what: object, bytes: number): void {
    this.#held.push(what);
    this.#store.hold(what, bytes);
  }

  #streamFor(array: Numbers): Stream<Uint8Array> | Stream<Int32Array> | Stream<Float64Array> {
    if (isWide(array)) return this.#doubles;
    return array.BYTES_PER_ELEMENT === 1 ? this.#bytes : this.#words;
  }
}

class Loader implements Keeper {
  readonly loads = true;
  readonly #keyframe: Keyframe;
  readonly #store: ChunkStore;
  #entry = 0;
  #array = 0;
  #byte = 0;
  #word = 0;
  #double = 0;

  constructor(keyframe: Keyframe, store: ChunkStore) {
    this.#keyframe = keyframe;
    this.#store = store;
  }

  finish(): void {
    const { entries, arrays, bytes, words, doubles } = this.#keyframe;
    const isRead =
      this.#entry === entries.length &&
      this.#array === arrays.length &&
      this.#byte === bytes.length &&
      this.#word === words.length &&
      this.#double === doubles.length;
    if (!isRead) throw new RangeError('a keyframe is not of this run: it was not read to its end');
  }

  value<T>(_now: T): T {
    return this.#next() as T;
  }

  array<T extends Numbers>(now: T, stamp?: number): T {
    const saved = this.#keyframe.arrays[this.#array++];
    if (saved === undefined) throw new RangeError('a keyframe has fewer arrays than the run');
    return this.#store.load(saved, now, stamp);
  }

  sparse(now: Sparse): void {
    const indices: number[] = [];
    this.words(indices);
    now.fill(0);
    this.picked(now, indices);
  }

  room<T extends Numbers>(now: T): T {
    return withLength(now, this.#next() as number);
  }

  span(now: Numbers, from: number, to: number): void {
    const piece = this.#piece(now, to - from);
    for (let at = 0; at < piece.length; at++) now[from + at] = piece[at] as number;
  }

  picked(now: Numbers, indices: readonly number[]): void {
    const piece = this.#piece(now, indices.length);
    for (let at = 0; at < piece.length; at++) now[indices[at] as number] = piece[at] as number;
  }

  list(now: unknown[]): void {
    const saved = this.#next() as readonly unknown[];
    now.length = 0;
    for (const one of saved) now.push(one);
  }

  words(now: number[]): void {
    const length = this.#next() as number;
    now.length = 0;
    for (let at = 0; at < length; at++) now.push(this.#keyframe.words[this.#word++] as number);
  }

  map(now: Map<unknown, unknown>): void {
    now.clear();
    for (const [key, value] of this.#next() as readonly [unknown, unknown][]) now.set(key, value);
  }

  set(now: Set<unknown>): void {
    now.clear();
    for (const one of this.#next() as readonly unknown[]) now.add(one);
  }

  copies<K, V>(now: Map<K, V>, copy: (of: V) => V): void {
    now.clear();
    for (const [key, value] of this.#next() as readonly [K, V][]) now.set(key, copy(value));
  }

  fields(now: object): void {
    Object.assign(now, this.#next());
  }

  holds(): void {}

  #next(): unknown {
    return this.#keyframe.entries[this.#entry++];
  }

  /** The next `length` elements of what belongs to an array's width. */
  #piece(array: Numbers, length: number): Numbers {
    const { bytes, words, doubles } = this.#keyframe;
    if (isWide(array)) return doubles.subarray(this.#double, (this.#double += length));
    if (array.BYTES_PER_ELEMENT === 1) return bytes.subarray(this.#byte, (this.#byte += length));
    return words.subarray(this.#word, (this.#word += length));
  }
}
