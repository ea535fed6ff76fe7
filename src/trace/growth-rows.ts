/**
 * Reads rows of a `swiotlb-growth-buddy` file: what a running kernel's page allocator looked like
 * before and after each attempt to get memory for a pool, and how the attempt ended.
 */
import { gfp, type Gfp } from '../model/gfp.ts';
import { MIGRATE_NAMES, RECLAIMABLE, MOVABLE, UNMOVABLE } from '../model/migrate-type.ts';
import { MAX_PAGE_ORDER } from '../model/geometry.ts';
import type { GfpZone } from '../model/page-source.ts';
import { PAGE_ORDERS, ZONE_NAMES, type ZoneId } from '../model/zone.ts';
import type { Fields } from './fields.ts';

/** A zone at one moment. */
export interface ZoneRow {
  readonly id: ZoneId;
  readonly startPfn: number;
  readonly managed: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  readonly boost: number;
  readonly reserve: readonly [number, number, number];
  readonly highatomic: number;
  /** Free blocks by order. */
  readonly nrFree: readonly number[];
  /** The same by kind (0 to 5), then by order. */
  readonly lists: readonly (readonly number[])[];
}

/** One attempt of the kernel to get a block. */
export interface AttemptRow {
  readonly order: number;
  readonly gfp: Gfp;
  /** First page frame got; -1 for a failure. */
  readonly pfn: number;
  /** Pages that compaction's migrate scanner looked at during the attempt. */
  readonly scanned: number;
  /** Lowest zone first. */
  readonly before: readonly ZoneRow[];
  readonly after: readonly ZoneRow[];
}

/** Page frames below this: 4 PiB, the addresses the model holds exactly. */
const PFN_LIMIT = 2 ** 40;
/** Most pages of a zone, 1 TiB, and of them free, 16 GiB: free pages are laid out one by one. */
const ZONE_PAGES_LIMIT = 2 ** 28;
const FREE_PAGES_LIMIT = 2 ** 22;
const MARK_LIMIT = 2 ** 28;
const TRIES_LIMIT = 64;
const KINDS: ReadonlySet<string> = new Set(['grow', 'trial', 'transient']);

/** `__GFP_*` bits, include/linux/gfp_types.h. */
const GFP_DMA = 0x1;
const GFP_DMA32 = 0x4;
const GFP_MOVABLE = 0x8;
const GFP_RECLAIMABLE = 0x10;
const GFP_HIGH = 0x20;
const GFP_DIRECT_RECLAIM = 0x400;

/** Checks one row. @returns its attempts. @throws TraceFault when a field is not what it must be. */
export function readGrowthRow(row: Fields): readonly AttemptRow[] {
  if (!KINDS.has(row.text('kind', 20))) throw row.fault('kind', 'grow, trial or transient');
  return row.objects('tries', TRIES_LIMIT).map(readAttempt);
}

function readAttempt(fields: Fields): AttemptRow {
  const order = fields.whole('order', 0, MAX_PAGE_ORDER);
  const before = readZones(fields, 'before');
  const after = readZones(fields, 'after');
  if (after.length !== before.length || after.some(({ id }, at) => id !== before[at]?.id)) {
    throw fields.fault('after', 'the same zones as before');
  }
  const isMet = fields.flag('ok');
  const pfn = isMet ? fields.whole('pfn', 0, PFN_LIMIT) : -1;
  if (isMet && pfn % 2 ** order !== 0) throw fields.fault('pfn', `a multiple of ${2 ** order}`);
  if (isMet && zoneOfPfn(before, pfn) === null)
    throw fields.fault('pfn', 'a page of one of the zones');
  const deltas = fields.inner('vm');
  return {
    order,
    gfp: readGfp(fields),
    pfn,
    scanned: deltas.wholeOr('compact_migrate_scanned', 0, PFN_LIMIT, 0),
    before,
    after,
  };
}

/** The zone that a page frame lies in: the highest that starts at or below it. */
export function zoneOfPfn(zones: readonly ZoneRow[], pfn: number): ZoneId | null {
  return zones.findLast(({ startPfn }) => startPfn <= pfn)?.id ?? null;
}

function readGfp(fields: Fields): Gfp {
  const bits = Number.parseInt(fields.hex('gfp').slice(2), 16);
  if (bits >= 2 ** 31) throw fields.fault('gfp', 'flags below 0x80000000');
  const has = (bit: number) => (bits & bit) !== 0;
  const zone: GfpZone = has(GFP_DMA) ? 1 : has(GFP_DMA32) ? 4 : 0;
  const slowly = has(GFP_DIRECT_RECLAIM) ? 'kernel' : 'nowait';
  const kind = slowly === 'nowait' && has(GFP_HIGH) ? 'atomic' : slowly;
  if (has(GFP_MOVABLE)) return gfp(kind, zone, MOVABLE);
  return gfp(kind, zone, has(GFP_RECLAIMABLE) ? RECLAIMABLE : UNMOVABLE);
}

function readZones(attempt: Fields, name: string): readonly ZoneRow[] {
  const zones = attempt.objects(name, ZONE_NAMES.length).map(readZone);
  const ascends = zones.every((zone, at) => {
    const below = zones[at - 1];
    return below === undefined || (below.id < zone.id && below.startPfn < zone.startPfn);
  });
  if (zones.length === 0 || !ascends) throw attempt.fault(name, 'zones in ascending order');
  return zones;
}

function readZone(fields: Fields): ZoneRow {
  const id = ZONE_NAMES.findIndex((name) => name === fields.text('zone', 20));
  if (id === -1) throw fields.fault('zone', ZONE_NAMES.join(', '));
  const reserve = wholes(fields, 'reserve', 3, MARK_LIMIT);
  const nrFree = wholes(fields, 'nr_free', PAGE_ORDERS, FREE_PAGES_LIMIT);
  const lists = readLists(fields, nrFree);
  const pages = nrFree.reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
  if (pages > FREE_PAGES_LIMIT) {
    throw fields.fault('nr_free', `at most ${FREE_PAGES_LIMIT} free pages`);
  }
  return {
    id: id as ZoneId,
    startPfn: fields.whole('start', 0, PFN_LIMIT),
    managed: fields.whole('managed', 0, ZONE_PAGES_LIMIT),
    min: fields.whole('min', 0, MARK_LIMIT),
    low: fields.whole('low', 0, MARK_LIMIT),
    high: fields.whole('high', 0, MARK_LIMIT),
    boost: fields.whole('boost', 0, MARK_LIMIT),
    reserve: [reserve[0] ?? 0, reserve[1] ?? 0, reserve[2] ?? 0],
    highatomic: fields.whole('highatomic', 0, MARK_LIMIT),
    nrFree,
    lists,
  };
}

/** The lists by kind; they must sum up to the ones of all kinds. */
function readLists(zone: Fields, nrFree: readonly number[]): readonly (readonly number[])[] {
  const kinds = zone.inner('mt');
  const lists = MIGRATE_NAMES.map((name) =>
    kinds.has(name)
      ? wholes(kinds, name, PAGE_ORDERS, FREE_PAGES_LIMIT)
      : Array.from({ length: PAGE_ORDERS }, () => 0),
  );
  const isWhole = nrFree.every(
    (blocks, order) => blocks === lists.reduce((sum, list) => sum + (list[order] ?? 0), 0),
  );
  if (!isWhole) throw zone.fault('mt', 'lists that sum up to nr_free');
  return lists;
}

/** A list of exactly `length` whole numbers from 0 to `limit`. */
function wholes(fields: Fields, name: string, length: number, limit: number): readonly number[] {
  const numbers = fields.wholesOrNull(name, length, limit);
  const found = numbers.filter((value) => value !== null);
  if (found.length !== length) throw fields.fault(name, `a list of ${length} whole numbers`);
  return found;
}
