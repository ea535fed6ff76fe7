/**
 * The page allocator of a simulated machine: its memory map less what boot has taken, and what a
 * load before the run has left of it.
 */
import { ageMemory } from './ageing.ts';
import type { Chance } from './chance.ts';
import type { MemoryMap } from './memory-map.ts';
import { factsOf } from './growth-mode.ts';
import { NotedPages } from './growth-log.ts';
import { PER_MAPPING } from './per-mapping.ts';
import { NO_AGEING, type MachineSpec } from './scenario.ts';
import { bootMemory, type PageRange } from '../model/boot-memory.ts';
import { coherentPoolValues } from '../model/coherent-param.ts';
import { atomicPoolBytes } from '../model/coherent-pool.ts';
import { CmaArea } from '../model/cma.ts';
import { MAX_PAGE_ORDER, PAGE_BYTES } from '../model/geometry.ts';
import { GuestPages } from '../model/guest-pages.ts';
import { PageAllocator } from '../model/page-allocator.ts';
import { PAGEBLOCK_PAGES } from '../model/page-map.ts';

const MIB = 1_048_576;
/** Mode `cma`, unless the machine says otherwise. */
const DEFAULT_CMA_MIB = 64;
/** CMA regions are made of blocks of the largest order. */
const CMA_ALIGN_PAGES = 1 << MAX_PAGE_ORDER;
const DMA32_END_PFN = 2 ** 32 / PAGE_BYTES;

/** How a machine's page allocator is made: an eighth of the engine, given to it so that it may be loaded late. */
export type MakePages = (spec: MachineSpec, memory: MemoryMap, chance: Chance) => NotedPages;

/** Boots the page allocator of a machine that grows, and ages it. */
export function guestPages(spec: MachineSpec, memory: MemoryMap, chance: Chance): NotedPages {
  const { source } = factsOf(spec);
  const usable = usableOf(memory);
  const dmaEndPfn = memory.dmaEnd / PAGE_BYTES;
  const wantedMiB = spec.cmaMiB ?? DEFAULT_CMA_MIB;
  const cma = source === 'cma' ? cmaRegion(usable, wantedMiB, dmaEndPfn) : null;
  const allocator = new PageAllocator(
    bootMemory({ usable, cma: cma === null ? [] : [cma], dmaEndPfn }),
  );
  const pages = new GuestPages(allocator, {
    encrypted: spec.encrypted,
    coherentBytes: coherentBytes(spec),
    ...(spec.hostShareMiB === undefined
      ? {}
      : { shareLimit: (spec.hostShareMiB * MIB) / PAGE_BYTES }),
    cma: cma === null ? null : new CmaArea(allocator, cma),
    hugepages: source === 'hugepage',
    dmaLimit: memory.dmaEnd - 1,
  });
  ageMemory(allocator, chance, spec.ageing ?? NO_AGEING);
  return new NotedPages(pages, PER_MAPPING);
}

/** `atomic_pool_size`: what the command line says, else by the memory there is. */
function coherentBytes({ commandLine, memoryMiB }: MachineSpec): number {
  const asked = coherentPoolValues(commandLine).at(-1)?.bytes ?? 0;
  return asked > 0 ? asked : atomicPoolBytes(memoryMiB * MIB);
}

/**
 * The region reserved at boot: as many whole blocks of 4 MiB as were asked for, at the upper end of
 * memory below 4 GiB, where devices reach it; null when there is no room for one.
 */
function cmaRegion(
  usable: readonly PageRange[],
  mebibytes: number,
  dmaEndPfn: number,
): PageRange | null {
  const low = usable.findLast(({ startPfn }) => startPfn < DMA32_END_PFN && startPfn >= dmaEndPfn);
  if (low === undefined) return null;
  const end = Math.floor((low.startPfn + low.pages) / CMA_ALIGN_PAGES) * CMA_ALIGN_PAGES;
  const wanted = Math.floor((mebibytes * MIB) / PAGE_BYTES / CMA_ALIGN_PAGES);
  // Half of that memory is left to everybody else.
  const most = Math.floor((end - low.startPfn) / 2 / CMA_ALIGN_PAGES);
  const pages = Math.min(wanted, most) * CMA_ALIGN_PAGES;
  return pages > 0 ? { startPfn: end - pages, pages } : null;
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
