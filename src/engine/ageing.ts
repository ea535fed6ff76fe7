/**
 * A machine that has run for a while: a seeded load of page cache and kernel objects of mixed life
 * takes and gives pages until the uptime is over, and large blocks vanish the way they do.
 *
 * Nothing is rolled for the outcome: which blocks are left follows from the allocator. What the load
 * looks like is an assumption, told on the page. Movable blocks are freed by looking at a page drawn
 * at random, so nobody keeps a list of them and compaction may move them.
 */
import type { Chance } from './chance.ts';
import type { AgeingSpec } from './scenario.ts';
import { gfp } from '../model/gfp.ts';
import { MOVABLE, RECLAIMABLE, UNMOVABLE } from '../model/migrate-type.ts';
import type { PageAllocator } from '../model/page-allocator.ts';
import { ORDER_MASK, USE_MASK, USED_MOVABLE } from '../model/page-map.ts';

/** Requests that an hour of uptime brings, per thousand pages of the machine; an assumption. */
const REQUESTS_PER_HOUR = 60;
/** At most so many requests: an older machine looks the same. */
const MOST_REQUESTS = 3_000_000;
/** Draws of a page before the search for a movable block is given up. */
const DRAWS = 64;
/** Share of kernel objects that live on when others of their age go: they make the scatter. */
const LONG_LIVED = 0.1;
/** Orders of page cache and of kernel objects, by weight: mostly single pages, some slabs of 8. */
const MOVABLE_ORDERS = [0, 0, 0, 0, 0, 0, 1, 2, 3] as const;
const KERNEL_ORDERS = [0, 0, 0, 0, 1, 1, 2, 3] as const;

const CACHE = gfp('kernel', 0, MOVABLE);
const KERNEL = gfp('kernel', 0, UNMOVABLE);
const RECLAIM = gfp('kernel', 0, RECLAIMABLE);

/** Kernel objects that will be freed again; they never move. */
interface Objects {
  readonly pfn: number[];
  readonly order: number[];
}

/** Ages the memory of a machine. With an uptime and a fill of 0 it stays as booted. */
export function ageMemory(allocator: PageAllocator, chance: Chance, spec: AgeingSpec): void {
  const managed = allocator.zones.reduce((sum, zone) => sum + zone.managed, 0);
  if (spec.fill <= 0 || managed === 0) return;
  const objects: Objects = { pfn: [], order: [] };
  const freeAtLeast = Math.floor(managed * (1 - spec.fill));
  const compaction = allocator.compaction;
  // The load takes what is there; it waits for no compaction.
  allocator.compaction = false;
  while (freePages(allocator) > freeAtLeast && take(allocator, chance, spec, objects));
  const wanted = (managed / 1000) * REQUESTS_PER_HOUR * spec.uptimeHours;
  const requests = Math.min(MOST_REQUESTS, Math.floor(wanted));
  for (let request = 0; request < requests; request++) {
    if (freePages(allocator) > freeAtLeast) take(allocator, chance, spec, objects);
    else give(allocator, chance, spec, objects);
  }
  allocator.compaction = compaction;
  allocator.kswapdSlept();
}

function freePages({ zones }: PageAllocator): number {
  let free = 0;
  for (const zone of zones) free += zone.free;
  return free;
}

/** @returns whether there was memory. */
function take(
  allocator: PageAllocator,
  chance: Chance,
  { kernelShare }: AgeingSpec,
  objects: Objects,
): boolean {
  if (!chance.hits(kernelShare)) {
    const order = MOVABLE_ORDERS[chance.below(MOVABLE_ORDERS.length)] ?? 0;
    return allocator.alloc(order, CACHE) !== -1;
  }
  const order = KERNEL_ORDERS[chance.below(KERNEL_ORDERS.length)] ?? 0;
  const pfn = allocator.alloc(order, chance.hits(0.3) ? RECLAIM : KERNEL);
  if (pfn === -1) return false;
  if (!chance.hits(LONG_LIVED)) {
    objects.pfn.push(pfn);
    objects.order.push(order);
  }
  return true;
}

function give(
  allocator: PageAllocator,
  chance: Chance,
  { kernelShare }: AgeingSpec,
  objects: Objects,
): void {
  if (chance.hits(kernelShare) && objects.pfn.length > 0) freeObject(allocator, chance, objects);
  else freeMovable(allocator, chance);
}

function freeObject(allocator: PageAllocator, chance: Chance, { pfn, order }: Objects): void {
  const at = chance.below(pfn.length);
  const lastPfn = pfn.pop() ?? 0;
  const lastOrder = order.pop() ?? 0;
  const freedPfn = at < pfn.length ? (pfn[at] ?? 0) : lastPfn;
  const freedOrder = at < order.length ? (order[at] ?? 0) : lastOrder;
  if (at < pfn.length) {
    pfn[at] = lastPfn;
    order[at] = lastOrder;
  }
  allocator.free(freedPfn, freedOrder);
}

/** Frees the movable block that begins at a page drawn at random, if one is found soon. */
function freeMovable(allocator: PageAllocator, chance: Chance): void {
  const { pages } = allocator;
  for (let draw = 0; draw < DRAWS; draw++) {
    const index = chance.below(pages.state.length);
    const state = pages.state[index] ?? 0;
    if ((state & USE_MASK) !== USED_MOVABLE) continue;
    allocator.free(pages.pfnOf(index), state & ORDER_MASK);
    return;
  }
}
