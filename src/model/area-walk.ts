/**
 * One area's search, step by step, with why each slot was or was not taken: for whoever wants to see
 * it, not for whoever wants the slot.
 *
 * Follows the loop of swiotlb_search_pool_area() in kernel/dma/swiotlb.c, Linux 6.12, slot by slot,
 * and changes nothing.
 */
import { at } from './array.ts';
import type { Pool } from './pool.ts';
import type { SearchTerms } from './search-terms.ts';

/** What the search thought of a slot it looked at. */
export type Verdict =
  /** The address has not the low bits that were asked for: the next slot is looked at. */
  | 'misaligned'
  /** Aligned, but a run from here would cross the device's segment boundary: a stride on. */
  | 'boundary'
  /** Aligned, but fewer free slots than needed before the segment ends or a used slot: a stride on. */
  | 'short'
  /** Taken. */
  | 'fits';

/** Slots looked at one behind the other with the same verdict; one slot unless `misaligned`. */
export interface Look {
  /** Counts the slots looked at before, over the walk. */
  readonly probe: number;
  /** Slot in the pool. */
  readonly slot: number;
  readonly count: number;
  readonly verdict: Verdict;
  /** `list` of the slot: free slots from here on; of the first one where there are several. */
  readonly run: number;
}

/** An area as a search met it. */
export interface AreaWalk {
  /** `Pool.id`, and the number of the area in it. */
  readonly pool: number;
  readonly area: number;
  /** First slot of the area, and its slots. */
  readonly areaStart: number;
  readonly areaSlots: number;
  /** `area.used`, and `area.index` counted from the area's first slot. */
  readonly used: number;
  readonly index: number;
  /** The area was left at once: fewer free slots than needed, wherever they are. */
  readonly isLeft: boolean;
  /** At most `MAX_LOOKS`, in order; `probes` counts all of them. */
  readonly looks: readonly Look[];
  readonly probes: number;
  /** Position in `looks` of the first look after the wrap to the area's start; -1 without a wrap. */
  readonly wrapAt: number;
  /** Slot taken, or -1. */
  readonly found: number;
  /** The longest free run of the area; asked for after a search in vain, else 0. */
  readonly longestRun: number;
  /** A slot that would have done and that the walk steps over; -1 when there is none. */
  readonly missed: number;
}

/** Looks that are kept of a walk. */
export const MAX_LOOKS = 4096;

/**
 * Walks an area as the kernel would now.
 *
 * @param terms aimed at the pool.
 */
export function walkArea(pool: Pool, area: number, terms: SearchTerms): AreaWalk {
  const { areaNslabs, table } = pool;
  const areaStart = area * areaNslabs;
  const used = at(pool.areaUsed, area);
  const index = at(pool.areaIndex, area);
  const place = { pool: pool.id, area, areaStart, areaSlots: areaNslabs, used, index };
  if (terms.slots > areaNslabs - used) {
    return { ...place, isLeft: true, looks: [], probes: 0, wrapAt: -1, found: -1, ...NOT_ASKED };
  }
  const looks: Look[] = [];
  let probes = 0;
  let wrapAt = -1;
  let offset = index;
  for (let checked = 0; checked < areaNslabs;) {
    const slot = areaStart + offset;
    const verdict = verdictOn(slot, table.list(slot), terms);
    note(looks, { probe: probes, slot, count: 1, verdict, run: table.list(slot) });
    probes++;
    if (verdict === 'fits') {
      return { ...place, isLeft: false, looks, probes, wrapAt, found: slot, ...NOT_ASKED };
    }
    const step = verdict === 'misaligned' ? 1 : terms.stride;
    checked += step;
    offset += step;
    if (offset < areaNslabs) continue;
    // To the start, not modulo: candidates just before the hint can be left out.
    offset = 0;
    if (checked < areaNslabs) wrapAt = looks.length;
  }
  return {
    ...place,
    isLeft: false,
    looks,
    probes,
    wrapAt,
    found: -1,
    ...inVain(pool, area, terms),
  };
}

const NOT_ASKED = { longestRun: 0, missed: -1 };

function verdictOn(slot: number, run: number, terms: SearchTerms): Verdict {
  if ((slot & (terms.every - 1)) !== terms.residue) return 'misaligned';
  if (terms.crossesBoundary(slot)) return 'boundary';
  return run >= terms.slots ? 'fits' : 'short';
}

/** Enters a look; misaligned slots in a row are one entry. */
function note(looks: Look[], look: Look): void {
  const last = looks.at(-1);
  const goesOn =
    last?.verdict === 'misaligned' &&
    look.verdict === 'misaligned' &&
    last.slot + last.count === look.slot;
  if (last !== undefined && goesOn) looks[looks.length - 1] = { ...last, count: last.count + 1 };
  else if (looks.length < MAX_LOOKS) looks.push(look);
}

/** What an exhaustive look would have found where the kernel found nothing. */
function inVain({ areaNslabs, table }: Pool, area: number, terms: SearchTerms) {
  const from = area * areaNslabs;
  let longestRun = 0;
  let missed = -1;
  for (let slot = from; slot < from + areaNslabs; slot++) {
    const run = table.list(slot);
    if (run > longestRun) longestRun = run;
    if (missed === -1 && verdictOn(slot, run, terms) === 'fits') missed = slot;
  }
  return { longestRun, missed };
}
