/** Attempts to grow, and what the page allocator has, in words. */
import { wasRefused } from '../engine/growth-totals.ts';
import type { GrowthAttempt, GrowthTry } from '../store/reports.ts';
import { bytes, count, plural, slotBytes } from './words.ts';

const PAGE_BYTES = 4096;

/** By whom it was made. */
export const MAKERS: Readonly<Record<GrowthAttempt['by'], string>> = {
  worker: 'worker',
  transient: 'transient',
  request: 'request',
  refill: 'refill',
};

/** What such an attempt is, for whoever points at it. */
export const MAKER_MEANINGS: Readonly<Record<GrowthAttempt['by'], string>> = {
  worker: 'The worker: runs later, may sleep, and its pool stays',
  transient: 'A request that found no room: must not sleep, and its pool goes with it',
  request: 'A request that may sleep: it makes a pool that stays',
  refill: 'Work in the background: a coherent pool has run low and gets more, which stays',
};

const REASONS: Readonly<Record<GrowthTry['what'], string>> = {
  pool: 'the pool',
  slots: 'its slot array',
  coherent: 'the pool, out of a coherent pool',
  refill: 'a coherent pool',
};

/** Memory of a block of an order. */
export function orderBytes(order: number): string {
  return bytes(PAGE_BYTES * 2 ** order);
}

/** The blocks asked for the memory of the pool itself, in order. */
export function poolTries({ tries }: GrowthAttempt): readonly GrowthTry[] {
  return tries.filter(({ what }) => what !== 'slots');
}

/** What came of it: 1,024 slots, or nothing. */
export function gotWords(attempt: GrowthAttempt): string {
  const { by, slots } = attempt;
  if (slots > 0 && by === 'refill') return `${slotBytes(slots)} for the coherent pools`;
  if (slots > 0) return `${plural(slots, 'slot')} · ${slotBytes(slots)}`;
  return unusedWords(attempt) === null ? 'nothing' : 'no use';
}

/** Why an attempt that was refused nothing came to nothing all the same; null for any other. */
export function unusedWords({ slots, tries }: GrowthAttempt): string | null {
  if (slots > 0 || tries.length === 0 || tries.some(wasRefused)) return null;
  return tries.at(-1)?.what === 'slots'
    ? 'The pages were there, but the request did not fit: such a pool has exactly its number of slots and begins on a page, and the device keeps its buffer’s offset within a page.'
    : 'The pages were there, but beyond what the device can reach.';
}

/** The largest order with a free block, -1 where there is none. */
export function largestFree(freeBefore: readonly number[]): number {
  return freeBefore.findLastIndex((blocks) => blocks > 0);
}

/** Why a try got what it got, in one sentence. Counts are of all zones, from before the attempt. */
export function tryWords(one: GrowthTry, { by, freeBefore }: GrowthAttempt): string {
  const asked = `Order ${one.order} (${orderBytes(one.order)}) for ${REASONS[one.what]}`;
  if (one.unshared === true) {
    return `${asked}: ${servedWords(one)}, but the host would not share it: made private again, and free again.`;
  }
  if (one.path !== 'failed') return `${asked}: ${servedWords(one)}.`;
  if (one.what === 'coherent') return `${asked}: refused; it has no such stretch.`;
  if (one.from === 'CMA') {
    return `${asked}: refused; the CMA region has no such range left, or one that a page would not leave.`;
  }
  const largest = largestFree(freeBefore);
  const sleep = by === 'transient' ? ' It must not sleep, so nothing was moved for it.' : '';
  if (largest < one.order) {
    const most = largest < 0 ? 'nothing was free' : `the largest free block had order ${largest}`;
    return `${asked}: refused; ${most}.${sleep}`;
  }
  return `${asked}: refused, though a block of order ${largest} was free: the zone or its reserve kept it.${sleep}`;
}

function servedWords({ path, from, migrated, what }: GrowthTry): string {
  if (what === 'coherent') return 'taken from memory that is shared already';
  if (path === 'cma') {
    const moved = migrated === 0 ? 'nobody lived there' : `${plural(migrated, 'page')} moved out`;
    return `taken back from the CMA region; ${moved}`;
  }
  const zone = from === null ? '' : ` from zone ${from}`;
  if (path === 'fast') return `taken${zone} at once`;
  if (path === 'slow') return `taken${zone} below the low watermark`;
  return `taken${zone} after ${plural(migrated, 'page')} had been moved out of the way`;
}

/** Conversions of an attempt; empty where there were none. */
export function convertedWords([calls, small, large]: GrowthAttempt['converted']): string {
  if (calls === 0) return '';
  const sizes = [
    ...(large > 0 ? [`${count(large)} × 2 MiB`] : []),
    ...(small > 0 ? [`${count(small)} × 4 KiB`] : []),
  ];
  return `${plural(calls, 'conversion')} (${sizes.join(', ')})`;
}

/** A zone's line of `/proc/buddyinfo`. */
export interface ZoneBlocks {
  readonly name: string;
  /** Free blocks by order. */
  readonly blocks: readonly number[];
}

/** The lines of a `/proc/buddyinfo`. */
export function zonesOf(buddyinfo: string): ZoneBlocks[] {
  return buddyinfo
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length > 4)
    .map((words) => ({ name: words[3] ?? '', blocks: words.slice(4).map(Number) }));
}

/** Free blocks by order over all zones of a `/proc/buddyinfo`. */
export function freeByOrder(buddyinfo: string): number[] {
  const sums: number[] = [];
  for (const { blocks } of zonesOf(buddyinfo)) {
    blocks.forEach((number, order) => (sums[order] = (sums[order] ?? 0) + number));
  }
  return sums;
}

/** Free memory of all zones, in words. */
export function freeWords(buddyinfo: string): string {
  const pages = freeByOrder(buddyinfo).reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
  return bytes(pages * PAGE_BYTES);
}

/** The largest block that is free, in words. */
export function largestWords(buddyinfo: string): string {
  const order = largestFree(freeByOrder(buddyinfo));
  return order < 0 ? 'none' : `${order} (${orderBytes(order)})`;
}
