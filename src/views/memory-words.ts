/** The memory map, and what growing would come to, in words. */
import { CELL_WORDS } from '../draw/memory-colours.ts';
import type { PageBlock, PageUse } from '../draw/memory-pages.ts';
import { blocksOfCell } from '../engine/memory-cells.ts';
import {
  CELL_BOOT,
  CELL_FIRMWARE,
  CELL_HOLE,
  CELL_KERNEL,
  type MemoryColumns,
} from '../engine/memory-news.ts';
import type { AgeingSpec } from '../engine/scenario.ts';
import type { MemoryNews, MemoryZone, WhatIf, WhatIfTry } from '../store/reports.ts';
import { uptimeWords } from './ageing-scale.ts';
import { largestFree, orderBytes } from './growth-words.ts';
import { bytes, count, hex, plural, slotBytes } from './words.ts';

const PAGE_BYTES = 4096;
const BLOCK_PAGES = 512;
const BLOCK_BYTES = PAGE_BYTES * BLOCK_PAGES;
/** Digits of an address in a machine of a terabyte. */
const ADDRESS_DIGITS = 9;

/** Memory of so many pages. */
export function pageBytes(pages: number): string {
  return bytes(pages * PAGE_BYTES);
}

/** What stands above a zone's strip. */
export function zoneLabel({ stretches }: MemoryNews, zone: MemoryZone): string {
  const from = blocksOfCell(stretches, zone.firstCell).block;
  const last = blocksOfCell(stretches, zone.firstCell + zone.cells - 1);
  const span = `${bytes(from * BLOCK_BYTES)} to ${bytes((last.block + last.blocks) * BLOCK_BYTES)}`;
  return `${zone.name} · ${span} · ${pageBytes(zone.free)} free of ${pageBytes(zone.managed)}`;
}

/** The largest block that is free in any zone, in words. */
export function largestOf(zones: readonly MemoryZone[]): string {
  const order = Math.max(-1, ...zones.map(({ nrFree }) => largestFree(nrFree)));
  return order < 0 ? 'none' : `order ${order} (${orderBytes(order)})`;
}

/** Free pages of all zones. */
export function freePages(zones: readonly MemoryZone[]): number {
  return zones.reduce((sum, { free }) => sum + free, 0);
}

/** What is no pageblock of the page allocator. */
const OTHERS: Readonly<Record<number, string>> = {
  [CELL_KERNEL]: 'kernel image; the page allocator never had it',
  [CELL_FIRMWARE]: 'kept by firmware; the page allocator never had it',
  [CELL_BOOT]: 'RAM that boot kept for a bounce pool',
  [CELL_HOLE]: 'a hole: addresses without memory',
};

interface Summed {
  readonly free: number;
  readonly unmovable: number;
  readonly movable: number;
  readonly reclaimable: number;
  readonly pinned: number;
  readonly coherent: number;
  readonly largest: number;
}

function summed(columns: MemoryColumns, first: number, cells: number): Summed {
  const sum = (column: Uint16Array) =>
    column.subarray(first, first + cells).reduce((all, one) => all + one, 0);
  return {
    free: sum(columns.free),
    unmovable: sum(columns.unmovable),
    movable: sum(columns.movable),
    reclaimable: sum(columns.reclaimable),
    pinned: sum(columns.pinned),
    coherent: sum(columns.coherent),
    largest: Math.max(...columns.largest.subarray(first, first + cells)) - 1,
  };
}

/** What is known of a drawn cell: its name, where it lies, and what is in it. */
export interface CellReading {
  readonly head: string;
  readonly where: string;
  readonly what: string;
}

/** Reads the pageblocks from `first` on, one or as many as a drawn cell stands for. */
export function readCell(
  news: MemoryNews,
  columns: MemoryColumns,
  first: number,
  cells: number,
): CellReading {
  const { block, blocks } = blocksOfCell(news.stretches, first);
  const last = blocksOfCell(news.stretches, first + cells - 1);
  const end = last.block + last.blocks;
  const where = `${hex(block * BLOCK_BYTES, ADDRESS_DIGITS)} to ${hex(end * BLOCK_BYTES, ADDRESS_DIGITS)}`;
  const zone = news.zones.find(
    ({ firstCell, cells: all }) => first >= firstCell && first < firstCell + all,
  );
  const place = `zone ${zone?.name ?? 'none'} · ${where}`;
  const kind = columns.kind[first] ?? CELL_HOLE;
  const sums = summed(columns, first, cells);
  const pools = poolWords(news, block, end, sums);
  if (cells > 1) {
    const head = `Pageblocks ${count(block)} to ${count(end - 1)}`;
    return { head, where: place, what: usedWords(sums, cells) + pools };
  }
  if (kind > 5) {
    const size = kind === CELL_HOLE ? `, ${bytes(blocks * BLOCK_BYTES)}` : '';
    const head = kind === CELL_HOLE ? 'Hole' : `Pageblock ${count(block)}`;
    return { head, where: place, what: `${OTHERS[kind] ?? ''}${size}${pools}` };
  }
  const head = `Pageblock ${count(block)}, ${CELL_WORDS[kind]?.name ?? ''}`;
  return { head, where: place, what: usedWords(sums, 1) + pools };
}

function usedWords(sums: Summed, blocks: number): string {
  const { free, largest } = sums;
  const all = count(blocks * BLOCK_PAGES);
  const room =
    free === 0
      ? `wholly used`
      : `${count(free)} of ${all} pages free, the largest block of order ${largest} (${orderBytes(largest)})`;
  const kinds = (['movable', 'unmovable', 'reclaimable', 'pinned'] as const)
    .filter((kind) => sums[kind] > 0)
    .map((kind) => `${count(sums[kind])} ${kind}`);
  return kinds.length === 0 ? room : `${room} · in use: ${kinds.join(', ')}`;
}

/** Whose memory it is, by the kind of pool: 256 pages of a dynamic pool. */
function poolWords(news: MemoryNews, from: number, end: number, { coherent }: Summed): string {
  const held = new Map<string, number>();
  for (const { kind, base, bytes: size } of news.pools) {
    const first = Math.max(base / PAGE_BYTES, from * BLOCK_PAGES);
    const last = Math.min(Math.ceil((base + size) / PAGE_BYTES), end * BLOCK_PAGES);
    if (last > first) held.set(kind, (held.get(kind) ?? 0) + last - first);
  }
  const words = [...held].map(
    ([kind, pages]) => ` · ${plural(pages, 'page')} of the ${POOL_NAMES[kind] ?? 'bounce pools'}`,
  );
  const own = coherent > 0 ? ` · ${plural(coherent, 'page')} of coherent pools` : '';
  return words.join('') + own;
}

const POOL_NAMES: Readonly<Record<string, string>> = {
  default: 'default pool',
  dynamic: 'dynamic pools',
  transient: 'transient pools',
  restricted: 'restricted pool',
};

/** The map for whoever hears it. */
export function mapSummary(news: MemoryNews, columns: MemoryColumns): string {
  const zones = news.zones.map(
    ({ name, free, managed, nrFree }) =>
      `zone ${name}: ${pageBytes(free)} free of ${pageBytes(managed)}, largest free block of order ${largestFree(nrFree)}`,
  );
  const kinds = kindCounts(columns)
    .filter(({ cells }) => cells > 0)
    .map(({ name, cells }) => `${count(cells)} ${name}`);
  const pooled = columns.pooled.reduce((sum, pages) => sum + pages, 0);
  return `${plural(news.cells, 'pageblock')} of 2 MiB: ${kinds.join(', ')}. ${zones.join('; ')}. Bounce pools hold ${pageBytes(pooled)}.`;
}

/** How many cells there are of each kind. */
export function kindCounts({
  kind,
}: MemoryColumns): { readonly name: string; readonly letter: string; readonly cells: number }[] {
  const counts = CELL_WORDS.map(() => 0);
  for (const one of kind) counts[one] = (counts[one] ?? 0) + 1;
  return CELL_WORDS.map(({ name, letter }, row) => ({ name, letter, cells: counts[row] ?? 0 }));
}

const USES: Readonly<Record<PageUse, string>> = {
  free: 'free',
  unmovable: 'in use, unmovable',
  movable: 'in use, movable',
  reclaimable: 'in use, reclaimable',
  pinned: 'in use, movable but pinned',
  absent: 'not of the page allocator',
};

/** A page and the block it is in. `pfn` is the pageblock's first page frame. */
export function pageWords(pfn: number, page: number, block: PageBlock, isPooled: boolean): string {
  const owner = isPooled ? ', memory of a pool' : '';
  const size = `block of order ${block.order} (${orderBytes(block.order)})`;
  return `Page frame ${hex(pfn + page, 5)}: ${USES[block.use]}${owner}, in a ${size}`;
}

/** Free blocks of a pageblock by order, the larger first: 1 of order 8, 3 of order 0. */
export function freeBlockWords(blocks: readonly PageBlock[]): string {
  const orders = Array.from({ length: 11 }, () => 0);
  for (const { use, order } of blocks) {
    if (use === 'free') orders[order] = (orders[order] ?? 0) + 1;
  }
  const words = orders
    .map((number, order) => ({ number, order }))
    .filter(({ number }) => number > 0)
    .toReversed()
    .map(({ number, order }) => `${count(number)} of order ${order}`);
  return words.length === 0 ? 'no free block' : `free blocks: ${words.join(', ')}`;
}

/** How a machine was aged. */
export function ageWords({ uptimeHours, fill }: AgeingSpec): string {
  if (fill === 0) return 'as booted';
  return `after ${uptimeWords(uptimeHours)}, ${Math.round(fill * 100)} % in use`;
}

/** What growing would come to. */
export function outcomeWords({ canGrow, slots, tries }: WhatIf): string {
  if (!canGrow) return 'This allocator does not grow: nothing would be asked for.';
  if (slots === 0) return 'It would get nothing.';
  const order = tries.findLast(({ what }) => what === 'pool')?.order ?? 0;
  return `It would get ${plural(slots, 'slot')} (${slotBytes(slots)}), at order ${order}.`;
}

/** What the worker would ask for. */
export function wishWords({ wantedSlots, cappedSlots }: WhatIf): string {
  const wanted = `The worker wants ${plural(wantedSlots, 'slot')}, as many as the boot pool has`;
  return cappedSlots < wantedSlots
    ? `${wanted}; one block holds ${count(cappedSlots)} at most.`
    : `${wanted}.`;
}

/** What a try would be answered, and by which path. */
export function answerWords(one: WhatIfTry): string {
  const { path, from, migrated, fallback } = one;
  if (path === 'failed') return `refused${refusalWords(one)}`;
  const mixed =
    fallback === null ? '' : `; a fall-back, the pageblock was ${fallback.toLowerCase()}`;
  const zone = from === null ? '' : ` from zone ${from}`;
  if (path === 'cma')
    return `from the CMA region, ${plural(migrated, 'page')} moved out of the way`;
  if (path === 'fast') return `taken${zone} at once${mixed}`;
  if (path === 'slow') return `taken${zone} below the low watermark${mixed}`;
  return `taken${zone} after compaction moved ${plural(migrated, 'page')}${mixed}`;
}

function refusalWords({ scanned, migrated, deferred }: WhatIfTry): string {
  if (scanned > 0) {
    return `; compaction looked at ${plural(scanned, 'page')}, moved ${count(migrated)}, and formed no such block`;
  }
  if (migrated > 0) return `; ${plural(migrated, 'page')} moved in vain`;
  if (deferred > 0) return '; compaction is put off, because earlier runs failed';
  return '; no zone that may serve it has such a block to give';
}
