/** What a page costs: time for one taken and given back, memory for each there is. */
import { bootMemory } from '../../model/boot-memory.ts';
import { gfp } from '../../model/gfp.ts';
import { PageAllocator } from '../../model/page-allocator.ts';
import { testRandom } from '../random-machine.ts';
import { median } from './median.ts';

export interface PageAllocatorRow {
  /** Single pages taken and given back a second, among many that stay. */
  readonly order0PairsPerSecond: number;
  /** The same when every pair splits a 4 MiB block down and lets it grow together again. */
  readonly splitPairsPerSecond: number;
  /** Bytes of all arrays by pages of a 64 GiB machine. */
  readonly bytesPerPage: number;
  readonly pairsBudget: number;
  readonly bytesBudget: number;
}

const ROUNDS = 9;
const PAIRS = 1_000_000;
/** Pages in use while pairs are timed: 400 MiB. */
const LIVE = 100_000;
const SEED = 20_260_105;

/** 64 GiB as firmware of a PC lays it out: holes below 1 MiB and below 4 GiB. */
const MACHINE = [
  { startPfn: 1, pages: 158 },
  { startPfn: 256, pages: 786_176 },
  { startPfn: 1_048_576, pages: 15_990_784 },
];

/** Measures on a machine of 64 GiB. */
export function pageAllocatorSection(now: () => number): PageAllocatorRow {
  const allocator = new PageAllocator(bootMemory({ usable: MACHINE }));
  const present = allocator.zones.reduce((sum, zone) => sum + zone.span.present, 0);
  const split = rounds(now, () => splitPairs(allocator));
  const live = Int32Array.from({ length: LIVE }, () => allocator.alloc(0, KERNEL));
  const order = victims();
  return {
    order0PairsPerSecond: rounds(now, () => mixedPairs(allocator, live, order)),
    splitPairsPerSecond: split,
    bytesPerPage: allocator.pages.bytes / present,
    pairsBudget: 5_000_000,
    bytesBudget: 8,
  };
}

const KERNEL = gfp('kernel');

/** Median of pairs a second; one round more than is counted warms up. */
function rounds(now: () => number, run: () => void): number {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = now();
    run();
    if (round > 0) rates.push((PAIRS * 1e9) / (now() - start));
  }
  return median(rates);
}

function splitPairs(allocator: PageAllocator): void {
  for (let pair = 0; pair < PAIRS; pair++) allocator.free(allocator.alloc(0, KERNEL), 0);
}

/** Which live page goes next; drawn before, so that chance is not timed. */
function victims(): Uint32Array {
  const random = testRandom(SEED);
  return Uint32Array.from({ length: PAIRS }, () => Math.floor(random() * LIVE));
}

function mixedPairs(allocator: PageAllocator, live: Int32Array, order: Uint32Array): void {
  for (let pair = 0; pair < PAIRS; pair++) {
    const which = order[pair] as number;
    allocator.free(live[which] as number, 0);
    live[which] = allocator.alloc(0, KERNEL);
  }
}
