/**
 * `/proc/buddyinfo` and `/proc/pagetypeinfo`, byte for byte as the kernel prints them.
 *
 * Follows frag_show_print(), pagetypeinfo_showfree_print() and pagetypeinfo_showblockcount_print()
 * in mm/vmstat.c, Linux 6.12. It differs in counting only pageblocks with present pages, where the
 * kernel counts those of a hole too when their 128 MiB section has memory.
 */
import { MIGRATE_NAMES, MIGRATE_TYPES } from './migrate-type.ts';
import type { PageMemory } from './boot-memory.ts';
import { PAGE_ORDERS } from './geometry.ts';
import { ABSENT, PAGEBLOCK_ORDER, PAGEBLOCK_PAGES, type PageMap } from './page-map.ts';
import type { Zone } from './zone.ts';

/** Blocks of one list that the kernel counts; a longer list is printed as `>100000`. */
const COUNT_LIMIT = 100_000;

/** The text of `/proc/buddyinfo`: free blocks of each order, a line a zone. */
export function buddyinfoText({ zones }: Pick<PageMemory, 'zones'>): string {
  return zones
    .map(
      (zone) =>
        `Node 0, zone ${zone.name.padStart(8)} ${cells(6, (order) => zone.nrFree(order))}\n`,
    )
    .join('');
}

/** The text of `/proc/pagetypeinfo`: free blocks by kind, and what the pageblocks are meant for. */
export function pagetypeinfoText({ pages, zones }: PageMemory): string {
  const head = `Page block order: ${PAGEBLOCK_ORDER}\nPages per block:  ${PAGEBLOCK_PAGES}\n\n`;
  const title = 'Free pages count per migrate type at order'.padEnd(43);
  const free = zones.flatMap((zone) => MIGRATE_NAMES.map((_, type) => freeLine(zone, type)));
  const names = MIGRATE_NAMES.map((name) => `${name.padStart(12)} `).join('');
  const blocks = zones.map((zone) => blockLine(pages, zone));
  return [
    `${head}${title} ${cells(6, (order) => order)}\n`,
    ...free,
    `\n${'Number of blocks type '.padEnd(23)}${names}\n`,
    ...blocks,
  ].join('');
}

function freeLine(zone: Zone, type: number): string {
  const name = (MIGRATE_NAMES[type] ?? '').padStart(12);
  const counts = Array.from({ length: PAGE_ORDERS }, (_, order) => {
    const blocks = zone.blocks(order, type);
    return blocks >= COUNT_LIMIT ? `>${COUNT_LIMIT} ` : `${String(blocks).padStart(6)} `;
  });
  return `Node    0, zone ${zone.name.padStart(8)}, type ${name} ${counts.join('')}\n`;
}

function blockLine(pages: PageMap, zone: Zone): string {
  const counts = pageblockCounts(pages, zone);
  const line = Array.from(counts, (count) => `${String(count).padStart(12)} `).join('');
  return `Node 0, zone ${zone.name.padStart(8)} ${line}\n`;
}

/** Pageblocks of a zone by kind, those without any present page left out. */
function pageblockCounts(pages: PageMap, { span }: Zone): Uint32Array {
  const counts = new Uint32Array(MIGRATE_TYPES);
  for (let at = span.firstIndex; at < span.endIndex; at += PAGEBLOCK_PAGES) {
    const states = pages.state.subarray(at, at + PAGEBLOCK_PAGES);
    if (states.every((state) => state === ABSENT)) continue;
    const type = pages.blockType[at >>> PAGEBLOCK_ORDER] as number;
    counts[type] = (counts[type] as number) + 1;
  }
  return counts;
}

/** A number for each order, right-aligned, a space behind each. */
function cells(width: number, value: (order: number) => number): string {
  return Array.from(
    { length: PAGE_ORDERS },
    (_, order) => `${String(value(order)).padStart(width)} `,
  ).join('');
}
