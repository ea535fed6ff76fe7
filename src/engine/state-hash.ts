/** One short text for the whole state of a run's allocator, to tell whether two states are equal. */
import { EventHash } from './event-hash.ts';
import type { Run } from './run.ts';
import type { Pool } from '../model/pool.ts';

/**
 * Hash of every pool, area and mapping, of the allocator's counters, and of the ledger's.
 *
 * @returns 16 hex digits.
 */
export function stateHash({ swiotlb, ledger, timeNs }: Run): string {
  const hash = new EventHash();
  hash.number(timeNs);
  for (const mem of swiotlb.mems) {
    for (const count of [mem.nslabs, mem.used, mem.hiwater, mem.transientNslabs]) {
      hash.number(count);
    }
  }
  for (const pool of swiotlb.pools) addPool(hash, pool);
  const { maps, failedMaps, directMaps, unmaps, copiedBytes, probes } = ledger;
  for (const count of [maps, failedMaps, directMaps, unmaps, copiedBytes, probes]) {
    hash.number(count);
  }
  return hash.hex;
}

function addPool(hash: EventHash, pool: Pool): void {
  const { table, nslabs, areaUsed, areaIndex } = pool;
  hash.number(pool.base);
  hash.number(nslabs);
  for (const used of areaUsed) hash.word(used);
  for (const index of areaIndex) hash.word(index);
  for (let slot = 0; slot < nslabs;) {
    const free = table.list(slot);
    if (free > 0) {
      slot += free;
      continue;
    }
    const slots = table.runSlots(slot);
    hash.word(slot);
    hash.word(slots);
    for (let at = slot; at < slot + slots; at++) {
      hash.number(table.allocSize(at));
      hash.number(table.origAddr(at));
      hash.word(table.padSlots(at));
    }
    slot += slots;
  }
}
