/**
 * Every pool of a machine: who makes them, numbers them, and gives their memory back.
 *
 * Follows swiotlb_alloc_pool() and swiotlb_dyn_free() in kernel/dma/swiotlb.c, Linux 6.12.
 */
import type { DmaDevice } from './device.ts';
import { MIN_POOL_SLOTS, roundUp, SEGMENT_SLOTS } from './geometry.ts';
import { allocatePool, blockBytes, freePool, type GrowthWish, type PoolMemory } from './growth.ts';
import type { Keeper } from './keeper.ts';
import type { PageSource } from './page-source.ts';
import { createPool, keepPool, type Pool, type PoolSpec, type SearchKind } from './pool.ts';

/** How a machine's pools are made and unmade. */
export interface RegistryOptions {
  /** Grown pools are a multiple of this many slots. Left out: a segment, as in Linux. */
  readonly unitSlots?: number;
  /** Memory of transient pools is kept until `freeUnseen`: whoever keeps the time calls that. */
  readonly keepsUnseen?: boolean;
}

export class PoolRegistry {
  /** Every live pool in the order of appearing, transient ones included. */
  readonly live: Pool[] = [];
  readonly #search: SearchKind;
  readonly #pages: PageSource;
  readonly #options: RegistryOptions;
  /** Memory of the pools that came from the page allocator or a coherent pool. */
  readonly #memory = new Map<Pool, PoolMemory>();
  /** Memory of pools that are gone and may still be read, oldest first. */
  readonly #unseen: PoolMemory[] = [];
  #nextId = 0;

  constructor(search: SearchKind, pages: PageSource, options: RegistryOptions = {}) {
    this.#search = search;
    this.#pages = pages;
    this.#options = options;
  }

  /** A pool in memory that was there before: reserved at boot, or by firmware. */
  add(spec: PoolSpec): Pool {
    const pool = createPool(this.#nextId++, spec, this.#search);
    this.live.push(pool);
    return pool;
  }

  /** What the growth worker asks for: it may sleep, and settles for 512 slots. */
  workerWish(nslabs: number, nareas: number, physLimit: number): GrowthWish {
    const { unitSlots = SEGMENT_SLOTS } = this.#options;
    return {
      // Only a kernel that thinks in larger units rounds what it asks for first.
      nslabs: unitSlots > SEGMENT_SLOTS ? roundUp(nslabs, unitSlots) : nslabs,
      minSlabs: Math.max(MIN_POOL_SLOTS, unitSlots),
      unitSlots,
      nareas,
      physLimit,
      atomicFor: null,
    };
  }

  /**
   * A pool for the growth worker, which may sleep; null when there is no memory. It is not live
   * before `enlist`.
   */
  makeGrown(nslabs: number, nareas: number, physLimit: number): Pool | null {
    const memory = allocatePool(this.#pages, this.workerWish(nslabs, nareas, physLimit));
    if (memory === null) return null;
    const { base } = memory;
    const spec: PoolSpec = { base, nslabs: memory.nslabs, nareas: memory.nareas, kind: 'dynamic' };
    return createPool(this.#nextId++, spec, this.#search);
  }

  /** A pool that `makeGrown` made is live from now on. */
  enlist(pool: Pool): void {
    this.live.push(pool);
  }

  /**
   * A pool of `nslabs` slots for one request, kept only if `fits` says that the request found its
   * place in it; null otherwise.
   */
  addTransient(device: DmaDevice, nslabs: number, fits: (pool: Pool) => boolean): Pool | null {
    const memory = allocatePool(this.#pages, {
      nslabs,
      minSlabs: nslabs,
      unitSlots: SEGMENT_SLOTS,
      nareas: 1,
      physLimit: device.reach,
      atomicFor: device.demands,
    });
    if (memory === null) return null;
    const spec: PoolSpec = { base: memory.base, nslabs, nareas: 1, kind: 'transient' };
    const pool = createPool(this.#nextId, spec, this.#search);
    if (!fits(pool)) {
      freePool(this.#pages, memory);
      return null;
    }
    this.#nextId++;
    this.live.push(pool);
    this.#memory.set(pool, memory);
    return pool;
  }

  /**
   * Gives a transient pool up: nobody finds it from now on. Its memory is free at once, or with
   * `keepsUnseen` when `freeUnseen` says that a grace period has passed.
   */
  drop(pool: Pool): void {
    this.live.splice(this.live.indexOf(pool), 1);
    const memory = this.#memory.get(pool);
    this.#memory.delete(pool);
    if (memory === undefined) return;
    if (this.#options.keepsUnseen === true) this.#unseen.push(memory);
    else freePool(this.#pages, memory);
  }

  /** Keeps the live pools, contents included; those made and not yet live are their maker's. */
  keep(k: Keeper): void {
    k.list(this.live);
    for (const pool of this.live) keepPool(k, pool);
    k.map(this.#memory);
    k.list(this.#unseen);
    this.#nextId = k.value(this.#nextId);
  }

  /** Slots of pools that are gone and whose memory is not free yet. */
  get unseenSlots(): number {
    return this.#unseen.reduce((sum, { nslabs }) => sum + nslabs, 0);
  }

  /**
   * Bytes of the page allocator's blocks that pools of one request hold, also of those that are gone
   * and whose memory is not free yet.
   */
  get transientBytes(): number {
    let bytes = 0;
    for (const memory of this.#memory.values()) bytes += blockBytes(memory);
    for (const memory of this.#unseen) bytes += blockBytes(memory);
    return bytes;
  }

  /** A grace period is over (`swiotlb_dyn_free`): frees the memory of the pool that was dropped first. */
  freeUnseen(): void {
    const memory = this.#unseen.shift();
    if (memory !== undefined) freePool(this.#pages, memory);
  }
}
