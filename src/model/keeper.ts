/**
 * How an object's state is put aside and brought back: every stateful class has one method `keep`,
 * which hands each of its fields to a `Keeper` and takes back what that returns. A keeper that saves
 * notes what it is given and returns it; one that loads returns, in the same order, what was noted.
 * One method for both directions, so that saving and loading cannot drift apart.
 *
 * What connects the parts (references between them, hooks, closures) is not state and is left alone:
 * a state is loaded into the very objects it was saved from. Objects that come and go (pools, lock
 * tables, records) are noted by reference, and then their contents by their own `keep`.
 */

/** The kinds of typed arrays that hold state. */
export type Numbers =
  Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Those that may be kept as what is not 0 in them. */
export type Sparse = Uint8Array | Uint32Array;

/** Saves or loads, depending on who made it. */
export interface Keeper {
  /** Whether what is handed over is overwritten with what was noted before. */
  readonly loads: boolean;
  /** A number, a text, a truth value, or a reference to something that never changes or keeps itself. */
  value<T>(now: T): T;
  /**
   * A whole array. The same one comes back with its contents, or another where the length differs.
   *
   * @param stamp a number that is another one whenever the array was written to; spares a large array
   *   that seldom changes being compared.
   */
  array<T extends Numbers>(now: T, stamp?: number): T;
  /** An array of fixed length, nearly all zeros. */
  sparse(now: Sparse): void;
  /** Only an array's length: the contents follow piece by piece, or mean nothing. */
  room<T extends Numbers>(now: T): T;
  /** The elements from `from` to `to` (excluded). */
  span(now: Numbers, from: number, to: number): void;
  /** The elements at these indices. */
  picked(now: Numbers, indices: readonly number[]): void;
  /** A list of what `value` takes, changed in place. */
  list(now: unknown[]): void;
  /** A list of whole numbers of 32 bits, changed in place; packed. */
  words(now: number[]): void;
  map(now: Map<unknown, unknown>): void;
  set(now: Set<unknown>): void;
  /** A map of objects that change: noted and brought back as copies. */
  copies<K, V>(now: Map<K, V>, copy: (of: V) => V): void;
  /** Every own field of a plain object, each something that `value` takes. */
  fields(now: object): void;
  /** Says that a state holds on to an object of so many bytes that may be gone from the run. */
  holds(what: object, bytes: number): void;
}

/** Something with a state. */
export interface Kept {
  keep(k: Keeper): void;
}
