/**
 * The page allocator's memory as boot hands it over: zones over a memory map with holes.
 *
 * Follows memblock_free_all() and __free_pages_memory() in mm/memblock.c, free_area_init() and
 * init_cma_reserved_pageblock() in mm/mm_init.c, Linux 6.12. It differs in setting the watermarks
 * from all managed pages, where the kernel does so before it has freed its own boot code.
 */
import { giveBlock } from './buddy.ts';
import { MAX_PAGE_ORDER } from './geometry.ts';
import { CMA } from './migrate-type.ts';
import { CHUNK_PAGES, PAGEBLOCK_ORDER, PAGEBLOCK_PAGES, PageMap, TAIL } from './page-map.ts';
import { minFreeKib, setUpWatermarks } from './watermarks.ts';
import { Zone, ZONE_START_PFN, type ZoneId } from './zone.ts';

/** Page frames in a row. */
export interface PageRange {
  readonly startPfn: number;
  readonly pages: number;
}

/** What a machine has when its kernel starts. */
export interface BootMemory {
  /** Memory the kernel may hand out, ascending; what firmware or the kernel holds is left out. */
  readonly usable: readonly PageRange[];
  /** Regions kept for CMA, inside `usable`, whole pageblocks. */
  readonly cma?: readonly PageRange[];
  /** First page frame above zone DMA, a multiple of a chunk. Left out: 4096, 16 MiB, as on x86. */
  readonly dmaEndPfn?: number;
  /** `min_free_kbytes`, when it was set by hand. */
  readonly minFreeKib?: number;
}

/** The pages of a machine and the zones that have any, lowest first. */
export interface PageMemory {
  readonly pages: PageMap;
  readonly zones: readonly Zone[];
}

/**
 * Lays zones over the memory map and frees every usable page into them.
 *
 * @throws RangeError when ranges are not whole, overlap or do not ascend, or when a CMA region is
 * not made of whole usable pageblocks.
 */
export function bootMemory({ usable, cma = [], ...options }: BootMemory): PageMemory {
  checkRanges(usable);
  checkRanges(cma);
  const starts = startsOf(options.dmaEndPfn);
  const pages = new PageMap(chunksOf(usable, starts));
  const zones = zonesOf(pages, usable, starts);
  for (const region of cma) markCma(pages, usable, region, starts);
  for (const range of usable) for (const part of without(range, cma)) freeRange(pages, zones, part);
  for (const region of cma) freeCmaRegion(pages, zones, region);
  const managed = ([0, 1, 2] as const).map(
    (id) => zones.find(({ span }) => span.id === id)?.managed ?? 0,
  ) as [number, number, number];
  const total = managed[0] + managed[1] + managed[2];
  const marks = setUpWatermarks(managed, options.minFreeKib ?? minFreeKib(total));
  for (const zone of zones) zone.marks = marks[zone.span.id] ?? zone.marks;
  return { pages, zones };
}

function checkRanges(ranges: readonly PageRange[]): void {
  let end = 0;
  for (const { startPfn, pages } of ranges) {
    const isWhole = Number.isSafeInteger(startPfn) && Number.isSafeInteger(pages) && pages > 0;
    if (!isWhole || startPfn < end) {
      throw new RangeError(`${pages} pages at frame ${startPfn} are no range behind frame ${end}`);
    }
    end = startPfn + pages;
  }
}

/** First page frame of each zone. */
type ZoneStarts = readonly [number, number, number];

function startsOf(dmaEndPfn: number = ZONE_START_PFN[1]): ZoneStarts {
  if (dmaEndPfn % CHUNK_PAGES !== 0 || dmaEndPfn > ZONE_START_PFN[2]) {
    throw new RangeError(`zone DMA cannot end at frame ${dmaEndPfn}`);
  }
  return [0, dmaEndPfn, ZONE_START_PFN[2]];
}

/** Every chunk with a usable page, and its zone: the edges of zones are chunk edges. */
function chunksOf(
  usable: readonly PageRange[],
  starts: ZoneStarts,
): { chunk: number[]; zone: number[] } {
  const chunk: number[] = [];
  for (const { startPfn, pages } of usable) {
    const last = Math.floor((startPfn + pages - 1) / CHUNK_PAGES);
    for (let at = Math.floor(startPfn / CHUNK_PAGES); at <= last; at++) {
      if (chunk.at(-1) !== at) chunk.push(at);
    }
  }
  return { chunk, zone: chunk.map((number) => zoneOf(number * CHUNK_PAGES, starts)) };
}

function zoneOf(pfn: number, starts: ZoneStarts): ZoneId {
  if (pfn >= starts[2]) return 2;
  return pfn >= starts[1] ? 1 : 0;
}

function zonesOf(
  pages: PageMap,
  usable: readonly PageRange[],
  starts: ZoneStarts,
): readonly Zone[] {
  const zones: Zone[] = [];
  for (const id of [0, 1, 2] as const) {
    const first = pages.zoneOfChunk.indexOf(id);
    if (first === -1) continue;
    const parts = usable.map((range) => clip(range, id, starts)).filter((range) => range.pages > 0);
    const startPfn = parts[0]?.startPfn ?? 0;
    const last = parts.at(-1) ?? { startPfn, pages: 0 };
    zones.push(
      new Zone(pages, {
        id,
        firstIndex: first * CHUNK_PAGES,
        endIndex: (pages.zoneOfChunk.lastIndexOf(id) + 1) * CHUNK_PAGES,
        startPfn,
        spanned: last.startPfn + last.pages - startPfn,
        present: parts.reduce((sum, part) => sum + part.pages, 0),
      }),
    );
  }
  return zones;
}

/** The part of a range that lies in a zone; no pages when there is none. */
function clip({ startPfn, pages }: PageRange, id: ZoneId, starts: ZoneStarts): PageRange {
  const from = Math.max(startPfn, starts[id]);
  const to = Math.min(startPfn + pages, starts[id + 1] ?? Infinity);
  return { startPfn: from, pages: Math.max(to - from, 0) };
}

/** What is left of a range when the holes are cut out. */
function without(range: PageRange, holes: readonly PageRange[]): PageRange[] {
  const parts: PageRange[] = [];
  let from = range.startPfn;
  const end = range.startPfn + range.pages;
  for (const { startPfn, pages } of holes) {
    if (startPfn >= end || startPfn + pages <= from) continue;
    if (startPfn > from) parts.push({ startPfn: from, pages: startPfn - from });
    from = startPfn + pages;
  }
  if (from < end) parts.push({ startPfn: from, pages: end - from });
  return parts;
}

/** Frees a range in the largest aligned blocks, each to the tail: low memory is handed out first. */
function freeRange(pages: PageMap, zones: readonly Zone[], { startPfn, pages: count }: PageRange) {
  for (let pfn = startPfn; pfn < startPfn + count;) {
    let order = 0;
    while (order < MAX_PAGE_ORDER && fits(pfn, order + 1, startPfn + count)) order++;
    freeFirst(pages, zones, pfn, order, true);
    pfn += 1 << order;
  }
}

function fits(pfn: number, order: number, end: number): boolean {
  return pfn % (1 << order) === 0 && pfn + (1 << order) <= end;
}

/** Hands a block to the allocator for the first time. */
function freeFirst(
  pages: PageMap,
  zones: readonly Zone[],
  pfn: number,
  order: number,
  toTail: boolean,
): void {
  const index = pages.indexOf(pfn);
  const id = pages.zoneOfChunk[index >>> MAX_PAGE_ORDER];
  const zone = zones.find(({ span }) => span.id === id);
  if (zone === undefined) throw new RangeError(`frame ${pfn} is in no zone`);
  pages.state.fill(TAIL, index, index + (1 << order));
  zone.managed += 1 << order;
  giveBlock(zone, index, order, toTail);
}

function markCma(
  pages: PageMap,
  usable: readonly PageRange[],
  { startPfn, pages: count }: PageRange,
  starts: ZoneStarts,
): void {
  const holds = ({ startPfn: from, pages: length }: PageRange) =>
    startPfn >= from && startPfn + count <= from + length;
  const isWhole = startPfn % PAGEBLOCK_PAGES === 0 && count % PAGEBLOCK_PAGES === 0;
  if (
    !isWhole ||
    !usable.some(holds) ||
    zoneOf(startPfn, starts) !== zoneOf(startPfn + count - 1, starts)
  ) {
    throw new RangeError(`${count} pages at frame ${startPfn} are no CMA region of one zone`);
  }
  for (let pfn = startPfn; pfn < startPfn + count; pfn += PAGEBLOCK_PAGES) {
    pages.blockType[pages.indexOf(pfn) >>> PAGEBLOCK_ORDER] = CMA;
  }
}

/** A CMA region's pageblocks come to the allocator later than the rest, one by one. */
function freeCmaRegion(
  pages: PageMap,
  zones: readonly Zone[],
  { startPfn, pages: count }: PageRange,
): void {
  for (let pfn = startPfn; pfn < startPfn + count; pfn += PAGEBLOCK_PAGES) {
    freeFirst(pages, zones, pfn, PAGEBLOCK_ORDER, false);
  }
}
