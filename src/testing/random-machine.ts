/**
 * Random machines and random operations on them, for the tests that drive two of them alike.
 *
 * Everything follows from a seed, so a failing case can be run again from the numbers it prints.
 */
import { NO_DEMANDS, type DmaDemands } from '../model/device.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import type { PageSource } from '../model/page-source.ts';
import type { SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';

/** A small seeded generator (mulberry32) for tests; numbers in 0 to 1, 1 excluded. */
export function testRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a random machine is made from; every field may be shrunk on its own. */
export interface MachineDraw {
  readonly nslabs: number;
  readonly nareas: number;
  readonly basePage: number;
  readonly dynamic: boolean;
  readonly defaultNslabs: number;
  readonly defaultNareas: number;
  readonly restrictedSlots: number;
  readonly devices: readonly DmaDemands[];
  readonly seed: number;
}

/** Builds the machine with one of the two tables. Two builds of one draw behave alike or are wrong. */
export function buildMachine(draw: MachineDraw, search: SearchKind): Swiotlb {
  const swiotlb = new Swiotlb({
    dynamic: draw.dynamic,
    search,
    defaultNslabs: draw.defaultNslabs,
    defaultNareas: draw.defaultNareas,
    canGrow: true,
    physLimit: 0xffff_ffff,
    forceBounce: true,
    pages: randomPages(draw.seed),
  });
  const { nslabs, nareas, basePage } = draw;
  swiotlb.addPool({ base: basePage * PAGE_BYTES, nslabs, nareas, kind: 'default' });
  const restricted = swiotlb.addRestricted(2 ** 40, draw.restrictedSlots * 2048);
  for (const demands of draw.devices) swiotlb.addDevice(demands);
  swiotlb.addDevice(NO_DEMANDS, restricted);
  swiotlb.addDevice({ ...NO_DEMANDS, minAlignMask: 4095 }, restricted);
  return swiotlb;
}

/**
 * A page allocator that answers by chance: naturally aligned blocks anywhere below 2^44 that overlap
 * nothing handed out before, often too high, sometimes none.
 */
function randomPages(seed: number): PageSource {
  const random = testRandom(seed ^ 0x5eed);
  let next = 0;
  const block = (order: number): number => {
    const bytes = PAGE_BYTES * 2 ** order;
    const high = random() < 0.2 ? 2 ** 33 : 2 ** 24;
    // 4 MiB steps keep blocks of every order apart and aligned; the low bits vary the alignment.
    const inside = Math.floor(random() * 4) * bytes;
    return high + next++ * 2 ** 24 + (inside < 2 ** 24 ? inside : 0);
  };
  return {
    atomicFromCoherent: seed % 5 === 0,
    coherentRegions: 2,
    allocPages: (order) => (random() < 0.3 ? -1 : block(order)),
    freePages: () => undefined,
    allocSlotArray: () => random() > 0.1,
    freeSlotArray: () => undefined,
    decrypt: () => random() > 0.1,
    coherentAlloc: (_region, bytes) =>
      random() < 0.4 ? -1 : block(Math.ceil(Math.log2(bytes / PAGE_BYTES + 1))),
    coherentFree: () => undefined,
  };
}
