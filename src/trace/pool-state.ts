import type { Pool } from '../model/pool.ts';
import type { Comparison } from './comparison.ts';
import { slotHashes } from './fnv.ts';

/** A pool's state as a vector file tells it. */
export interface ToldPoolState {
  /** Hashes of list, alloc_size, orig_addr and pad_slots over all slots. */
  readonly hashes: readonly unknown[];
  /** Per area, lists of numbers. */
  readonly used: unknown;
  readonly index: unknown;
}

/** Compares a pool with what a vector file says of it. */
export function comparePoolState(compare: Comparison, pool: Pool, told: ToldPoolState): void {
  const { list, allocSize, origAddr, padSlots } = slotHashes(pool.table);
  compare.check('hash of list', told.hashes[0], list);
  compare.check('hash of alloc_size', told.hashes[1], allocSize);
  compare.check('hash of orig_addr', told.hashes[2], origAddr);
  compare.check('hash of pad_slots', told.hashes[3], padSlots);
  compare.check('area use', JSON.stringify(told.used), JSON.stringify([...pool.areaUsed]));
  compare.check('area index', JSON.stringify(told.index), JSON.stringify([...pool.areaIndex]));
}

/** Compares `list` of every slot; the first difference is named. */
export function compareLists(compare: Comparison, pool: Pool, lists: readonly number[]): void {
  if (lists.length !== pool.nslabs) {
    return compare.check('a list of slots', lists.length, pool.nslabs);
  }
  for (let slot = 0; slot < pool.nslabs; slot++) {
    const got = pool.table.list(slot);
    if (lists[slot] !== got) return compare.check(`list of slot ${slot}`, lists[slot], got);
  }
}
