/**
 * Takes over from the kernel what cannot be predicted, because a recording has gaps: buffers whose
 * map is missing, slots chosen around buffers nobody knows of, hints moved by lost events.
 *
 * The model has no door for "take these slots"; a map whose hint points at the wanted slot takes it
 * by the ordinary rules or not at all.
 */
import { at } from '../model/array.ts';
import type { DmaDevice } from '../model/device.ts';
import { SLOT_BYTES, SLOT_SHIFT } from '../model/geometry.ts';
import { MapCursor } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Flight } from './flight.ts';
import type { Recording } from './recording.ts';
import { releaseRun } from './release-run.ts';
import { runOf } from './unknown-buffers.ts';

/** What to take, as a map would ask for it. */
interface Taking {
  readonly device: DmaDevice;
  readonly pool: Pool;
  /** First slot, padding included. */
  readonly first: number;
  readonly orig: number;
  readonly size: number;
  readonly align: number;
}

export class Adoption {
  readonly #recording: Recording;
  readonly #swiotlb: Swiotlb;
  readonly #cursor = new MapCursor();
  /** Per area seen: how much more the kernel counts as used than the model. */
  readonly #hiddenUse = new Map<string, number>();
  #next = 0;

  constructor(recording: Recording, swiotlb: Swiotlb) {
    this.#recording = recording;
    this.#swiotlb = swiotlb;
  }

  /** Takes the unknown buffers that must be live by `position`. @returns slots taken. */
  takeUnknown(position: number): number {
    let taken = 0;
    const { unknown } = this.#recording;
    while (this.#next < unknown.length) {
      const buffer = unknown[this.#next];
      if (buffer === undefined || buffer.beforeStep > position) break;
      this.#next++;
      taken += this.#takeBuffer(buffer.row);
    }
    return taken;
  }

  #takeBuffer(row: number): number {
    const { events } = this.#recording;
    const { mem, devices } = this.#swiotlb;
    const { addr, nslots } = runOf(this.#recording, row, at(events.stepStart, row));
    const pool = mem.poolAt(addr);
    const device = devices[at(events.device, row)];
    if (pool === null || device === undefined) return 0;
    const tlb = at(events.addr, row);
    const behind = tlb - addr;
    if (behind < 0 || behind >= nslots * SLOT_BYTES) return 0;
    // At least a slot, which turns the page rule off; more where padding shows that more was asked.
    const align = 2 ** Math.max(SLOT_SHIFT, Math.ceil(Math.log2(behind + 1))) - 1;
    const kept = Math.min(device.demands.minAlignMask, align);
    const offset = tlb % (kept + 1);
    const wanted = at(events.size, row);
    const fits = Math.ceil((wanted + offset) / SLOT_BYTES) === nslots;
    const first = (addr - pool.base) / SLOT_BYTES;
    const size = fits ? wanted : nslots * SLOT_BYTES - behind;
    if (size <= 0) return 0;
    const index = this.#hint(pool, first);
    const done = this.#take({ device, pool, first, orig: tlb, size, align });
    this.#setHint(pool, first, index);
    if (done) pool.table.setTag(first, row + 1);
    return done ? nslots : 0;
  }

  /**
   * Lets the model take what the kernel took, in place of its own decision.
   *
   * @returns whether the model could.
   */
  adopt(flight: Flight, row: number): boolean {
    const { events } = this.#recording;
    const { mem } = this.#swiotlb;
    const { cursor } = flight;
    const tlb = at(events.result, row);
    const pool = mem.poolAt(tlb);
    this.undo(flight);
    if (pool === null) return false;
    const padSlots = Math.floor(cursor.offset / SLOT_BYTES);
    const first = Math.floor((tlb - pool.base) / SLOT_BYTES) - padSlots;
    if (first < 0) return false;
    const { device, orig, size } = cursor;
    this.#clear(pool, first, cursor.terms.slots);
    const taking = { device, pool, first, orig, size, align: at(events.align, row) };
    if (!this.#take(taking) || this.#swiotlb.outcome.tlb !== tlb) return false;
    flight.tlb = tlb;
    flight.pool = pool;
    flight.slot = first;
    flight.nslots = cursor.terms.slots;
    flight.padSlots = padSlots;
    return true;
  }

  /** Takes the model's own decision back, hint included. */
  undo(flight: Flight): void {
    const { tlb, pool, cursor } = flight;
    if (tlb < 0 || pool === null) return;
    this.#swiotlb.unmap(cursor.device, tlb);
    if (pool.kind !== 'transient') pool.areaIndex[flight.area] = flight.indexBefore;
    flight.tlb = -1;
    flight.pool = null;
  }

  /**
   * Sets an area's hint to what the kernel saw under its lock, and remembers use that the model
   * cannot know of.
   *
   * @returns whether this was news: false at the first sight of an area, and when all agreed.
   */
  follow(
    pool: Pool,
    area: number,
    seen: { readonly index: number; readonly used: number },
  ): boolean {
    const key = `${pool.id} ${area}`;
    const hidden = seen.used - at(pool.areaUsed, area);
    const known = this.#hiddenUse.get(key);
    const moved = at(pool.areaIndex, area) !== seen.index;
    this.#hiddenUse.set(key, hidden);
    pool.areaIndex[area] = seen.index;
    return known !== undefined && (moved || known !== hidden);
  }

  /** Frees whatever the model holds in slots that the kernel has just taken. */
  #clear(pool: Pool, first: number, nslots: number): void {
    for (let slot = first; slot < Math.min(first + nslots, pool.nslabs); slot++) {
      const start = pool.table.runStart(slot);
      if (start >= 0) releaseRun(this.#recording, this.#swiotlb, pool, start);
    }
  }

  /** Maps with the hint pointing at `first`. @returns whether exactly that was taken. */
  #take({ device, pool, first, orig, size, align }: Taking): boolean {
    const cursor = this.#cursor;
    const swiotlb = this.#swiotlb;
    const area = Math.floor(first / pool.areaNslabs);
    const index = this.#hint(pool, first);
    cursor.ask(device, area, orig, size, align);
    if (area >= pool.nareas || !swiotlb.begin(cursor)) return false;
    cursor.pool = pool;
    cursor.area = area;
    this.#setHint(pool, first, first - area * pool.areaNslabs);
    if (swiotlb.search(cursor)) {
      swiotlb.finish(cursor);
      if (cursor.slot === first) return true;
      swiotlb.unmap(device, swiotlb.outcome.tlb);
    }
    this.#setHint(pool, first, index);
    return false;
  }

  #hint(pool: Pool, slot: number): number {
    return pool.areaIndex[Math.floor(slot / pool.areaNslabs)] ?? 0;
  }

  #setHint(pool: Pool, slot: number, index: number): void {
    pool.areaIndex[Math.floor(slot / pool.areaNslabs)] = index;
  }
}
