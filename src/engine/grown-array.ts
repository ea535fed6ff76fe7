/** Typed arrays do not grow; this is how they are replaced by longer ones. */

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Copies `old` to the front of `larger` and returns it. */
export function filledFrom<T extends Numbers>(larger: T, old: Numbers): T {
  larger.set(old);
  return larger;
}
