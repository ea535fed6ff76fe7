/**
 * The slots of one pool: who looks for room, takes it, gives it back, and answers what the kernel's
 * `struct io_tlb_slot` holds for any slot.
 *
 * Follows struct io_tlb_slot in kernel/dma/swiotlb.c, Linux 6.12. Two tables do this. `reference-table.ts` keeps the kernel's fields per slot and scans them as the
 * kernel does; `fast-table.ts` keeps a bitmap and one record per mapping and derives the rest. They
 * must agree on every decision and every field.
 */
import type { Keeper } from './keeper.ts';
import type { SearchTerms } from './search-terms.ts';

export interface SlotTable {
  /** Slots in the pool. */
  readonly nslabs: number;
  /** Slots the kernel's scan looks at in the last `find`. */
  probes: number;
  /**
   * Looks for room from `index` in the area of `areaSlots` slots that starts at `areaStart`,
   * wrapping once, exactly as far as the kernel looks. Changes nothing.
   *
   * @returns the first slot of the run, or -1.
   */
  find(areaStart: number, areaSlots: number, index: number, terms: SearchTerms): number;
  /** Takes `slots` slots from `first` for `total` bytes of which the first `low` are offset. */
  claim(first: number, slots: number, total: number, low: number): void;
  /** Notes where the data of the run at `first` lives, behind `pad` padding slots. */
  record(first: number, orig: number, pad: number): void;
  /** Frees the run of `slots` slots at `first` and joins it with its free neighbours. */
  release(first: number, slots: number): void;
  /** First slot (padding included) of the run whose data begins at `dataSlot`, or -1. */
  runOfData(dataSlot: number): number;
  /** First slot (padding included) of the run that holds `slot`, or -1 when it is free. */
  runStart(slot: number): number;
  /** Slots of the run that starts at `first`. */
  runSlots(first: number): number;
  /** `list`: free slots from here to the segment's end or the next used slot; 0 when used. */
  list(slot: number): number;
  /** `alloc_size`, signed: the kernel's u64 can wrap below zero. 0 when free. */
  allocSize(slot: number): number;
  /** `orig_addr`, or NO_ADDRESS. */
  origAddr(slot: number): number;
  /** `pad_slots`. */
  padSlots(slot: number): number;
  /** Attaches the caller's own number (u32) to the run at `first`. */
  setTag(first: number, tag: number): void;
  /** The number attached to the run that holds `slot`; 0 when free or never set. */
  tag(slot: number): number;
  keep(k: Keeper): void;
}

/** Longest free run of a table between two slots, in slots. A slow question, for display. */
export function longestFreeRun(table: SlotTable, from: number, to: number): number {
  let longest = 0;
  for (let slot = from; slot < to;) {
    const run = table.list(slot);
    if (run > longest) longest = run;
    slot += Math.max(run, 1);
  }
  return Math.min(longest, to - from);
}
