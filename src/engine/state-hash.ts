/** One short text for the whole state of a run's allocator, to tell whether two states are equal. */
import { EventHash } from './event-hash.ts';
import type { Run } from './run.ts';
import type { Pool } from '../model/pool.ts';
import type { Throttle } from '../model/throttle.ts';
import { NO_TICKET } from '../model/wait-queue.ts';

/**
 * Hash of every pool, area and mapping, of the allocator's counters and throttle, and of the ledger's.
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
    addThrottle(hash, mem.throttle);
  }
  for (const pool of swiotlb.pools) addPool(hash, pool);
  const { maps, failedMaps, directMaps, unmaps, copiedBytes, probes } = ledger;
  for (const count of [maps, failedMaps, directMaps, unmaps, copiedBytes, probes]) {
    hash.number(count);
  }
  return hash.hex;
}

function addThrottle(hash: EventHash, throttle: Throttle): void {
  const { highThrottle, lowThrottle, highThrottleCount, lowThrottleCount, semCount } = throttle;
  for (const value of [highThrottle, lowThrottle, highThrottleCount, lowThrottleCount, semCount]) {
    hash.number(value);
  }
  hash.word(throttle.flag ? 1 : 0);
  const { queue } = throttle;
  for (let at = queue.first; at !== NO_TICKET; at = queue.behind(at)) hash.word(at);
}

function addPool(hash: EventHash, pool: Pool): void {
  const { table, nslabs, areaUsed, areaIndex, throttled } = pool;
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
      hash.word(table.padSlots(at) * 2 + (throttled[at] as number));
    }
    slot += slots;
  }
}
