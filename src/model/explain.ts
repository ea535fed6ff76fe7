/**
 * A map, explained: the request in slot terms, the areas in the order in which they are searched,
 * and what each search would do. Nothing is taken and nothing changes.
 *
 * Follows swiotlb_find_slots() and swiotlb_search_pool_area() in kernel/dma/swiotlb.c, Linux 6.12.
 */
import { walkArea, type AreaWalk } from './area-walk.ts';
import { SEGMENT_SLOTS, SLOT_BYTES } from './geometry.ts';
import type { FailCause, MapCursor } from './map-cursor.ts';
import type { Pool } from './pool.ts';
import type { Swiotlb } from './swiotlb.ts';

/** A request in the terms of the search. Bytes and slots. */
export interface RequestTerms {
  readonly orig: number;
  readonly size: number;
  /** Where the data starts in the run: the low address bits that are kept. */
  readonly offset: number;
  /** Bytes to reserve, and slots they take; padding among them. */
  readonly total: number;
  readonly slots: number;
  readonly padSlots: number;
  /** A run may start at every so many slots; 1 = anywhere. */
  readonly every: number;
  /** The search's step between candidates that do not fit. */
  readonly stride: number;
  /** A run may not cross a multiple of so many slots of address; 0 = no such boundary. */
  readonly boundary: number;
  readonly cpu: number;
}

/** A pool that is passed over for one turn of the areas: it has no area of that number. */
export interface PassedPool {
  readonly pool: number;
  /** How far from the CPU's own area, and how many areas the pool has. */
  readonly turn: number;
  readonly nareas: number;
  /** Areas that were searched before. */
  readonly before: number;
}

/** All of it. */
export interface MapExplanation {
  readonly request: RequestTerms;
  /** In the order in which the kernel searches them; the last one has the run, if any has. */
  readonly walks: readonly AreaWalk[];
  readonly passed: readonly PassedPool[];
  /** Pool and first slot of the run, padding included; -1 both when nothing is found. */
  readonly pool: number;
  readonly slot: number;
  /** Why nothing is found; `none` when something is. */
  readonly cause: FailCause;
  /** `list` around the run, before and after it is taken; null when nothing is found. */
  readonly renumbered: Renumbering | null;
}

/** `list` of the free run that a new run is cut from. */
export interface Renumbering {
  /** First slot of the stretch. */
  readonly from: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The request of a cursor that has been asked. */
export function termsOf({ terms, orig, size, offset, total, cpu }: MapCursor): RequestTerms {
  return {
    orig,
    size,
    offset,
    total,
    slots: terms.slots,
    padSlots: Math.floor(offset / SLOT_BYTES),
    every: terms.every,
    stride: terms.stride,
    boundary: terms.boundary,
    cpu,
  };
}

/**
 * Explains what asking `cursor` for its map would do now.
 *
 * @param cursor just asked; it is at its end afterwards, and nothing was taken.
 */
export function explainMap(swiotlb: Swiotlb, cursor: MapCursor): MapExplanation {
  const walks: AreaWalk[] = [];
  const passed: PassedPool[] = [];
  const found = walkAll(swiotlb, cursor, walks, passed);
  const slot = walks.at(-1)?.found ?? -1;
  const failed = cursor.cause === 'none' ? 'no-room' : cursor.cause;
  return {
    request: termsOf(cursor),
    walks,
    passed,
    pool: found?.id ?? -1,
    slot,
    cause: found === null ? failed : 'none',
    renumbered: found === null ? null : renumberedAt(found, slot, cursor.terms.slots),
  };
}

/** Walks the areas in the kernel's order. @returns the pool that has the run, or null. */
function walkAll(
  swiotlb: Swiotlb,
  cursor: MapCursor,
  walks: AreaWalk[],
  passed: PassedPool[],
): Pool | null {
  let more = swiotlb.begin(cursor);
  while (more) {
    const { pool } = cursor;
    if (pool === null) break;
    cursor.terms.aim(pool.base, cursor.device.demands.segBoundary);
    const walk = walkArea(pool, cursor.area, cursor.terms);
    walks.push(walk);
    if (walk.found >= 0) return pool;
    if (!walk.isLeft && cursor.cause === 'none') cursor.cause = 'fragmented';
    const turnBefore = cursor.turn;
    more = swiotlb.nextArea(cursor);
    if (swiotlb.config.dynamic) notePassed(passed, cursor, pool, turnBefore, walks.length);
  }
  return null;
}

/**
 * Notes the pools between two searched areas: those that have no area of that number. The cursor
 * stands in the later one, or in none; `from` and `turnBefore` say where it stood before.
 */
export function notePassed(
  passed: PassedPool[],
  cursor: MapCursor,
  from: Pool,
  turnBefore: number,
  before: number,
): void {
  let turn = turnBefore;
  let pool: Pool | null = from.next;
  const isThere = () => pool === cursor.pool && turn === cursor.turn;
  // A turn ends at the list's end; the last one is that which the cursor stopped at.
  while (!isThere() && turn <= cursor.turn) {
    if (pool === null) {
      turn++;
      pool = cursor.device.mem.head;
    } else {
      if (turn >= pool.nareas) passed.push({ pool: pool.id, turn, nareas: pool.nareas, before });
      pool = pool.next;
    }
  }
}

/** What taking the run will do to `list`: the free run before it is counted anew, the run is 0. */
export function renumberedAt({ table }: Pool, slot: number, slots: number): Renumbering {
  let from = slot;
  const segmentStart = slot - (slot % SEGMENT_SLOTS);
  while (from > segmentStart && table.list(from - 1) > 0) from--;
  const to = slot + Math.max(slots, table.list(slot));
  const before = Array.from({ length: to - from }, (_, k) => table.list(from + k));
  const after = before.map((list, k) => {
    if (from + k < slot) return slot - from - k;
    return from + k < slot + slots ? 0 : list;
  });
  return { from, before, after };
}
