/**
 * The page allocator of a simulated machine: its memory map less what boot has taken, and what a
 * load before the run has left of it.
 */
import { ageMemory } from './ageing.ts';
import type { Chance } from './chance.ts';
import type { MemoryMap } from './memory-map.ts';
import { NO_AGEING, type MachineSpec } from './scenario.ts';
import { bootMemory, type PageRange } from '../model/boot-memory.ts';
import { atomicPoolBytes } from '../model/coherent-pool.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import { GuestPages } from '../model/guest-pages.ts';
import { PageAllocator } from '../model/page-allocator.ts';
import { PAGEBLOCK_PAGES } from '../model/page-map.ts';

const MIB = 1_048_576;

/** Boots the page allocator of a machine that grows, and ages it. */
export function guestPages(spec: MachineSpec, memory: MemoryMap, chance: Chance): GuestPages {
  const allocator = new PageAllocator(bootMemory({ usable: usableOf(memory) }));
  const pages = new GuestPages(allocator, {
    encrypted: spec.encrypted,
    coherentBytes: atomicPoolBytes(spec.memoryMiB * MIB),
  });
  ageMemory(allocator, chance, spec.ageing ?? NO_AGEING);
  return pages;
}

/** What boot hands over: whole pageblocks of RAM, the pool, kernel and firmware left out. */
function usableOf(memory: MemoryMap): PageRange[] {
  return memory.usable().flatMap(({ from, to }) => {
    const blockBytes = PAGEBLOCK_PAGES * PAGE_BYTES;
    const start = Math.ceil(from / blockBytes) * PAGEBLOCK_PAGES;
    const end = Math.floor(to / blockBytes) * PAGEBLOCK_PAGES;
    return end > start ? [{ startPfn: start, pages: end - start }] : [];
  });
}
