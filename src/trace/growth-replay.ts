/**
 * Replays a `swiotlb-growth-buddy` file: for every attempt the page allocator is built anew from
 * the free lists that the kernel showed, asked for the same block, and compared.
 *
 * A memory map cannot be read off free lists, so a file like this is judged by rates. One thing that
 * no list shows is taken from the row: how many pages the compaction scanner looked at, for the
 * kernel keeps hints of where looking is in vain, and puts off what failed before. Whether a block
 * then comes to be is the model's finding.
 */
import { PageAllocator } from '../model/page-allocator.ts';
import { PAGEBLOCK_PAGES } from '../model/page-map.ts';
import { restoreMemory, type ZoneSnapshot } from '../model/page-snapshot.ts';
import { PAGE_ORDERS, ZONE_NAMES, type ZoneId } from '../model/zone.ts';
import { Announced } from './announced.ts';
import { Fields } from './fields.ts';
import type { FileReport, Rate } from './file-report.ts';
import { readGrowthRow, zoneOfPfn, type AttemptRow, type ZoneRow } from './growth-rows.ts';
import { parseObject } from './read-lines.ts';

/** Least shares of right predictions with which a file passes. */
const SLEEPING_SHARE = 0.975;
const HURRIED_SHARE = 1;
const ZONE_SHARE = 0.985;
const LISTS_SHARE = 0.995;

/** What was predicted right, of how many. */
interface Tally {
  right: number;
  of: number;
}

/** Orders that a running kernel serves from per-CPU lists first: 0 to 3, and the pageblock's own. */
function usesCpuLists(order: number): boolean {
  return order <= 3 || order === 9;
}

/** The replay of one file, row by row. */
export class GrowthReplay {
  readonly #announced: Announced;
  readonly #sleeping: Tally = { right: 0, of: 0 };
  /** The same attempts decided without compaction: how much of the rate it accounts for. */
  readonly #uncompacted: Tally = { right: 0, of: 0 };
  readonly #hurried: Tally = { right: 0, of: 0 };
  readonly #zones: Tally = { right: 0, of: 0 };
  readonly #lists: Tally = { right: 0, of: 0 };
  readonly #cpuLists: Tally = { right: 0, of: 0 };
  /** Blocks that no list showed and compaction made: the lists afterwards are not predicted. */
  #made = 0;
  #differ = 0;
  #first: string | null = null;

  constructor(header: Fields) {
    this.#announced = new Announced(header, ['rows']);
  }

  /** Replays one row. @throws TraceFault when a field is not what it must be. */
  read(text: string, line: number): void {
    this.#announced.count('rows');
    const attempts = readGrowthRow(new Fields().aim(parseObject(text, line), line));
    for (const attempt of attempts) this.#attempt(attempt, line);
  }

  report(): FileReport {
    const failures = this.#announced.differences();
    const decisions = this.#sleeping.of + this.#hurried.of;
    if (decisions === 0) failures.push('The file holds no attempt.');
    return {
      decisions,
      differ: this.#differ,
      first: this.#first,
      failures,
      remarks: [
        shareOf('without compaction, sleeping attempts', this.#uncompacted),
        shareOf('lists after attempts of orders 0 to 3 and 9', this.#cpuLists),
        `${this.#made} blocks made by compaction in as many pageblocks as the kernel looked at; their lists are not compared`,
      ],
      adopted: null,
      rates: [
        rate('sleeping attempts', this.#sleeping, SLEEPING_SHARE),
        rate('non-sleeping attempts', this.#hurried, HURRIED_SHARE),
        rate('zone', this.#zones, ZONE_SHARE),
        rate('lists after attempts of orders 4 to 8 and 10', this.#lists, LISTS_SHARE),
      ],
    };
  }

  #attempt(attempt: AttemptRow, line: number): void {
    const { order, gfp, pfn } = attempt;
    const isMet = pfn !== -1;
    const allocator = new PageAllocator(restoreMemory(snapshotsOf(attempt)));
    const wasMet = allocator.alloc(order, gfp) !== -1;
    const { outcome } = allocator;
    const isRight = wasMet === isMet;
    count(gfp.kind === 'kernel' ? this.#sleeping : this.#hurried, isRight);
    if (gfp.kind === 'kernel') {
      count(this.#uncompacted, (wasMet && outcome.path !== 'compacted') === isMet);
    }
    const zone = isMet ? zoneOfPfn(attempt.before, pfn) : null;
    const isSameZone = zone === (outcome.zone?.span.id ?? null);
    if (isMet) count(this.#zones, isSameZone);
    if (!isRight || !isSameZone) this.#note(attempt, allocator, line);
    if (!isMet) return;
    if (!showed(attempt)) this.#made++;
    else this.#compareLists(attempt, allocator, line);
  }

  #compareLists(
    { order, after, before }: AttemptRow,
    allocator: PageAllocator,
    line: number,
  ): void {
    const isSame = after.every(({ nrFree }, at) =>
      nrFree.every((blocks, size) => allocator.zones[at]?.nrFree(size) === blocks),
    );
    if (usesCpuLists(order)) {
      const isUnchanged = after.every(({ nrFree }, at) =>
        isEqual(nrFree, before[at]?.nrFree ?? []),
      );
      count(this.#cpuLists, isSame || isUnchanged);
      return;
    }
    count(this.#lists, isSame);
    if (isSame) return;
    const got = allocator.zones.map((zone) => listText(sizesOf((size) => zone.nrFree(size))));
    const expected = after.map(({ nrFree }) => listText(nrFree));
    this.#difference(line, `free blocks ${expected.join(' ')}`, got.join(' '));
  }

  #note({ order, pfn, before }: AttemptRow, allocator: PageAllocator, line: number): void {
    const expected = blockOf(pfn === -1 ? null : zoneOfPfn(before, pfn));
    const got = blockOf(allocator.outcome.zone?.span.id ?? null);
    this.#difference(line, `${expected} for order ${order}`, got);
  }

  #difference(line: number, expected: string, got: string): void {
    this.#differ++;
    this.#first ??= `line ${line}: expected ${expected}, got ${got}`;
  }
}

/** Whether the lists showed a block that the attempt could have got. */
function showed({ order, gfp, before }: AttemptRow): boolean {
  return before.some(
    ({ id, nrFree }) => id <= gfp.highestZone && nrFree.slice(order).some((blocks) => blocks > 0),
  );
}

function snapshotsOf({ before, scanned }: AttemptRow): readonly ZoneSnapshot[] {
  // A counter of the whole machine; nearly all of its memory is in the highest zone.
  const pageblocks = Math.floor(scanned / PAGEBLOCK_PAGES);
  return before.map((zone, at) => snapshotOf(zone, at === before.length - 1 ? pageblocks : 0));
}

function snapshotOf(zone: ZoneRow, scannable: number): ZoneSnapshot {
  const { id, managed, min, low, high, reserve, boost, highatomic, lists } = zone;
  const marks = { min, low, high, reserve };
  return { id, managed, marks, boost, reservedHighatomic: highatomic, lists, scannable };
}

function count(tally: Tally, isRight: boolean): void {
  tally.of++;
  if (isRight) tally.right++;
}

function rate(what: string, { right, of }: Tally, least: number): Rate {
  return { what, right, of, least };
}

function shareOf(what: string, { right, of }: Tally): string {
  return `${what}: ${right} of ${of} predicted`;
}

function isEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.every((value, at) => value === other[at]);
}

function sizesOf(value: (order: number) => number): readonly number[] {
  return Array.from({ length: PAGE_ORDERS }, (_, order) => value(order));
}

function listText(counts: readonly number[]): string {
  return `[${counts.join(' ')}]`;
}

function blockOf(zone: ZoneId | null): string {
  return zone === null ? 'none' : `a block of zone ${ZONE_NAMES[zone]}`;
}
