/** Single bits of 32-bit words. */

/** Position of the lowest set bit of `word`, which is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The bits of `word` that lie in `from` (included) to `to` (excluded); both may lie outside 0..32. */
export function clipWord(word: number, from: number, to: number): number {
  let clipped = word;
  if (from > 0) clipped = from >= 32 ? 0 : clipped & (-1 << from);
  if (to < 32) clipped = to <= 0 ? 0 : clipped & (-1 >>> (32 - to));
  return clipped;
}

/** Sets (or clears) bits `from` to `to` (excluded) of a bitmap. */
export function fillBits(words: Int32Array, from: number, to: number, set: boolean): void {
  for (let word = from >>> 5; word << 5 < to; word++) {
    const mask = clipWord(-1, from - (word << 5), to - (word << 5));
    const old = words[word] as number;
    words[word] = set ? old | mask : old & ~mask;
  }
}

/** Whether bit `index` of a bitmap is set. */
export function hasBit(words: Int32Array, index: number): boolean {
  return ((words[index >>> 5] as number) & (1 << (index & 31))) !== 0;
}

/** Lowest position in `from` to `to` (excluded) whose bit is `value`, or `to`. */
export function nextBit(words: Int32Array, from: number, to: number, value: boolean): number {
  const flip = value ? 0 : -1;
  for (let word = from >>> 5; word << 5 < to; word++) {
    const bits = clipWord((words[word] as number) ^ flip, from - (word << 5), to - (word << 5));
    if (bits !== 0) return (word << 5) + lowestBit(bits);
  }
  return to;
}

/** Highest position in `from` to `to` (excluded) whose bit is `value`, or `from - 1`. */
export function lastBit(words: Int32Array, from: number, to: number, value: boolean): number {
  const flip = value ? 0 : -1;
  const firstWord = from >> 5;
  for (let word = (to - 1) >> 5; word >= firstWord; word--) {
    const bits = clipWord((words[word] as number) ^ flip, from - (word << 5), to - (word << 5));
    if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits);
  }
  return from - 1;
}

/** Positions of all bits that are set, ascending. */
export function setBits(words: Int32Array): number[] {
  const set: number[] = [];
  for (let word = 0; word < words.length; word++) {
    for (let bits = words[word] as number; bits !== 0; bits &= bits - 1) {
      set.push((word << 5) + lowestBit(bits));
    }
  }
  return set;
}
