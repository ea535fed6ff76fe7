/**
 * Pools drawn as text: `#` is a slot in use, `.` a free one. A drawing starts at slot 0; what it
 * leaves out, up to the end of the pool, is free.
 */
import { at } from '../model/array.ts';
import { NO_DEMANDS, type DmaDemands, type DmaDevice } from '../model/device.ts';
import { SEGMENT_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import { NO_PAGES, type PageSource } from '../model/page-source.ts';
import type { Pool, SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';

/** What a drawn machine may differ in from the plain one: one area, one device without demands. */
export interface ArtOptions {
  readonly search?: SearchKind;
  readonly base?: number;
  readonly nareas?: number;
  readonly dynamic?: boolean;
  readonly pages?: PageSource;
  readonly demands?: Partial<DmaDemands>;
}

export interface DrawnMachine {
  readonly swiotlb: Swiotlb;
  readonly pool: Pool;
  readonly device: DmaDevice;
}

/** Builds a machine whose only pool is the drawing, rounded up to whole segments. */
export function machineFrom(art: string, options: ArtOptions = {}): DrawnMachine {
  const { base = 2 ** 30, nareas = 1, dynamic = false, search = 'fast' } = options;
  const nslabs = Math.max(Math.ceil(art.length / SEGMENT_SLOTS), nareas) * SEGMENT_SLOTS;
  const swiotlb = new Swiotlb({
    dynamic,
    search,
    defaultNslabs: nslabs,
    defaultNareas: nareas,
    canGrow: dynamic,
    physLimit: 0xffff_ffff,
    forceBounce: false,
    pages: options.pages ?? NO_PAGES,
  });
  const pool = swiotlb.addPool({ base, nslabs, nareas, kind: 'default' });
  for (let slot = art.indexOf('#'); slot >= 0; slot = art.indexOf('#', slot + 1)) {
    const area = Math.floor(slot / pool.areaNslabs);
    pool.table.claim(slot, 1, SLOT_BYTES, 0);
    pool.areaUsed[area] = at(pool.areaUsed, area) + 1;
    swiotlb.mem.take(1);
  }
  return { swiotlb, pool, device: swiotlb.addDevice({ ...NO_DEMANDS, ...options.demands }) };
}

/** Draws slots `from` to `to` of a pool. */
export function artOf(pool: Pool, from = 0, to: number = pool.nslabs): string {
  let art = '';
  for (let slot = from; slot < to; slot++) art += pool.table.list(slot) === 0 ? '#' : '.';
  return art;
}
