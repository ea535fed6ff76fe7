/**
 * Buffers in the order of their page frames, as a maple tree keeps them: who asks for an address
 * learns which buffer it lies in.
 *
 * Stands in for the maple tree of lib/maple_tree.c, Linux 6.12, as the RFC "swiotlb: Allow dynamic
 * allocation of bounce buffers" (March 2023) used it. It differs in being two sorted arrays; how
 * many levels the tree would have follows from the number of buffers alone, as if every node were
 * full.
 */
import type { Keeper } from './keeper.ts';

/** `MAPLE_RANGE64_SLOTS`: children of a node on 64-bit machines. */
export const NODE_SLOTS = 16;

/** Ranges of page frames that do not overlap, each with a number of its owner's. */
export class FrameTree {
  readonly #first: number[] = [];
  readonly #end: number[] = [];
  readonly #value: number[] = [];

  /** Ranges in the tree. */
  get size(): number {
    return this.#first.length;
  }

  /** Nodes on the way from the root to a range; 0 for an empty tree. */
  get levels(): number {
    let levels = 0;
    for (let holds = 1; holds <= this.size; holds *= NODE_SLOTS) levels++;
    return levels;
  }

  /**
   * Enters the range of `pages` frames from `pfn` on.
   *
   * @throws RangeError when a part of it is in the tree already.
   */
  add(pfn: number, pages: number, value: number): void {
    const at = this.#from(pfn);
    const isFree = (this.#first[at] ?? Infinity) >= pfn + pages && (this.#end[at - 1] ?? 0) <= pfn;
    if (!isFree) throw new RangeError(`a part of ${pages} pages at frame ${pfn} is taken`);
    this.#first.splice(at, 0, pfn);
    this.#end.splice(at, 0, pfn + pages);
    this.#value.splice(at, 0, value);
  }

  /** The number of the range that holds frame `pfn`, or -1. */
  find(pfn: number): number {
    const at = this.#holding(pfn);
    return at === -1 ? -1 : (this.#value[at] as number);
  }

  /** Takes the range out that holds `pfn`. @returns its number, or -1 when there was none. */
  remove(pfn: number): number {
    const at = this.#holding(pfn);
    if (at === -1) return -1;
    const value = this.#value[at] as number;
    this.#first.splice(at, 1);
    this.#end.splice(at, 1);
    this.#value.splice(at, 1);
    return value;
  }

  keep(k: Keeper): void {
    k.list(this.#first);
    k.list(this.#end);
    k.list(this.#value);
  }

  #holding(pfn: number): number {
    const at = this.#from(pfn + 1) - 1;
    return at >= 0 && pfn < (this.#end[at] as number) ? at : -1;
  }

  /** Where the first range begins that does not begin below `pfn`. */
  #from(pfn: number): number {
    let low = 0;
    let high = this.#first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#first[middle] as number) < pfn) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
