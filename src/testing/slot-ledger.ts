/**
 * Who has which slots: what every counter and every throttled mark of a machine must be, summed up
 * from a plain list of its mappings. Where a mapping lies is the allocator's to say; how large it
 * is, and where behind its padding the data begins, is worked out here from the request.
 */
import type { DmaDevice } from '../model/device.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/** A live mapping. */
export interface LedgerMapping {
  readonly device: DmaDevice;
  readonly tlb: number;
  readonly pool: Pool;
  readonly first: number;
  readonly slots: number;
  /** First slot that is no padding. */
  readonly dataSlot: number;
  /** Ticket of the throttled request it belongs to, or null. */
  readonly owner: number | null;
}

/** Slots that a request takes, and how many of them are padding. */
export function sizeOf(orig: number, bytes: number, minAlign: number, allocAlign: number) {
  const kept = BigInt(orig) & BigInt(minAlign) & (BigInt(allocAlign) | 2047n);
  const step = BigInt(allocAlign) + 1n;
  const total = ((BigInt(bytes) + kept + step - 1n) / step) * step;
  return { slots: Number((total + 2047n) / 2048n), padding: Number(kept / 2048n) };
}

export class SlotLedger {
  readonly mappings: LedgerMapping[] = [];
  readonly #swiotlb: Swiotlb;
  /** Per allocator: slots found and not yet mapped, and the most that were ever in use. */
  readonly #found: number[];
  readonly #most: number[];

  constructor(swiotlb: Swiotlb) {
    this.#swiotlb = swiotlb;
    this.#found = swiotlb.mems.map(() => 0);
    this.#most = swiotlb.mems.map(() => 0);
  }

  /** What `io_tlb_used` of an allocator must be. */
  used(mem: number): number {
    const own = this.mappings.filter(({ device }) => device.mem.id === mem);
    return own.reduce((sum, { slots }) => sum + slots, this.#found[mem] ?? 0);
  }

  /** A search took `slots` slots, or with a negative number its map ended. */
  find(mem: number, slots: number): void {
    this.#found[mem] = (this.#found[mem] ?? 0) + slots;
    this.#note(mem);
  }

  add(mapping: LedgerMapping): void {
    const { pool, first, slots, dataSlot } = mapping;
    if (first < 0 || first + slots > pool.nslabs) throw new RangeError(`slot ${first} is outside`);
    const other = this.mappings.find(
      (live) => live.pool === pool && live.first < first + slots && first < live.first + live.slots,
    );
    if (other !== undefined) throw new RangeError(`slot ${first} was given twice`);
    const told = Math.floor((mapping.tlb - pool.base) / 2048);
    if (told !== dataSlot) throw new RangeError(`data in slot ${told}, not in ${dataSlot}`);
    this.mappings.push(mapping);
    this.#note(mapping.device.mem.id);
  }

  remove(mapping: LedgerMapping): void {
    this.mappings.splice(this.mappings.indexOf(mapping), 1);
  }

  #note(mem: number): void {
    this.#most[mem] = Math.max(this.#most[mem] ?? 0, this.used(mem));
  }

  /** Compares all counters and marks. @throws RangeError for the first that differs. */
  compare(): void {
    for (const { id, used, hiwater, transientNslabs } of this.#swiotlb.mems) {
      same(`use of ${id}`, used, this.used(id));
      same(`high-water mark of ${id}`, hiwater, this.#most[id]);
      same(`transient slots of ${id}`, transientNslabs, this.#transient(id));
    }
    for (const pool of this.#swiotlb.pools) this.#compareMarks(pool);
  }

  #transient(mem: number): number {
    return this.mappings
      .filter(({ device, pool }) => device.mem.id === mem && pool.kind === 'transient')
      .reduce((sum, { slots }) => sum + slots, 0);
  }

  #compareMarks(pool: Pool): void {
    const wanted = new Uint8Array(pool.nslabs);
    for (const mapping of this.mappings) {
      if (mapping.pool === pool && mapping.owner !== null) wanted[mapping.dataSlot] = 1;
    }
    same(`throttled slots of pool ${pool.id}`, pool.throttled.join(''), wanted.join(''));
  }
}

/** @throws RangeError that says what differs. */
export function same(what: string, got: unknown, wanted: unknown): void {
  if (got === wanted) return;
  throw new RangeError(`${what}: ${String(got)}, should be ${String(wanted)}`);
}
