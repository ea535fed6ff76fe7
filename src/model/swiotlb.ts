/**
 * The allocator: maps, unmaps, page allocations, growth.
 *
 * Follows swiotlb_tbl_map_single(), swiotlb_map(), swiotlb_find_slots(), swiotlb_tbl_unmap_single(),
 * swiotlb_alloc(), swiotlb_free() and swiotlb_dyn_alloc() in kernel/dma/swiotlb.c, Linux 6.12, and
 * for throttled requests the RFC of 22 August 2024 (`throttle.ts`). It differs in two ways: a map can be driven area by area (`cursor.ask`, `begin`, `search`, `nextArea`, `finish`),
 * since between two locks other CPUs act; and an unmap of an address where no mapping begins is
 * refused, where the kernel would corrupt its table.
 *
 * Pure: no clock, no chance. One object per machine; `outcome` and `releasing` are filled again by
 * every call, so that mapping allocates nothing.
 */
import { at } from './array.ts';
import type { DmaDemands } from './demands.ts';
import { DmaDevice } from './device.ts';
import { roundUp, SEGMENT_BYTES, SLOT_BYTES } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import { bitsUnder } from './mask.ts';
import { MapCursor, NO_OUTCOME, NO_RELEASE, type MapOutcome, type Release } from './map-cursor.ts';
import type { PageSource } from './page-source.ts';
import { PoolRegistry, type RegistryOptions } from './pool-registry.ts';
import type { Pool, PoolSpec, SearchKind } from './pool.ts';
import type { PolicyId } from './throttle-policies.ts';
import { TlbMem } from './tlb-mem.ts';
import { FAILED } from './units.ts';

/** The build of the kernel, and what boot left behind. */
export interface SwiotlbConfig {
  /** CONFIG_SWIOTLB_DYNAMIC: several pools, growth, transient pools. */
  readonly dynamic: boolean;
  readonly search: SearchKind;
  /** `default_nslabs` and `default_nareas` as boot left them: what the growth worker wants. */
  readonly defaultNslabs: number;
  readonly defaultNareas: number;
  readonly canGrow: boolean;
  readonly physLimit: number;
  readonly forceBounce: boolean;
  readonly pages: PageSource;
  /** How pools are made and unmade; left out, as Linux does, and freed at once. */
  readonly registry?: RegistryOptions;
  /** Throttling of every allocator; left out, there is none. */
  readonly throttling?: PolicyId;
}

/** The bounce-buffer state of one machine. */
export class Swiotlb {
  readonly config: SwiotlbConfig;
  /** `io_tlb_default_mem`. */
  readonly mem: TlbMem;
  /** Every allocator: the default one, then restricted ones. */
  readonly mems: TlbMem[];
  readonly devices: DmaDevice[] = [];
  /** Every live pool in the order of appearing, transient ones included. */
  readonly pools: readonly Pool[];
  /** Whether the growth worker is queued (`dyn_alloc` pending). */
  workerPending = false;
  readonly outcome: MapOutcome = { ...NO_OUTCOME };
  readonly releasing: Release = { ...NO_RELEASE };
  readonly #cursor = new MapCursor();
  /** Who makes the pools; whoever keeps the time tells it that grace periods are over. */
  readonly registry: PoolRegistry;

  constructor(config: SwiotlbConfig) {
    const { physLimit, forceBounce, throttling = 'none' } = config;
    this.config = config;
    this.registry = new PoolRegistry(config.search, config.pages, config.registry);
    this.pools = this.registry.live;
    this.mem = new TlbMem(0, config.dynamic && config.canGrow, {
      forceBounce,
      forAlloc: false,
      physLimit,
      throttling,
    });
    this.mems = [this.mem];
  }

  /** The pool reserved at boot, or one that a recording starts with. The newest is searched first. */
  addPool(spec: PoolSpec): Pool {
    const pool = this.registry.add(spec);
    this.mem.add(pool);
    return pool;
  }

  /**
   * A restricted allocator over a reserved region (`rmem_swiotlb_device_init`): one area, any number
   * of slots, everything bounces, serves page allocations, never grows.
   *
   * @param name of the reserved memory, after which its directory in debugfs is called.
   */
  addRestricted(base: number, bytes: number, name = 'restricted'): TlbMem {
    const { throttling = 'none' } = this.config;
    const options = { forceBounce: true, forAlloc: true, physLimit: 0, throttling, name };
    const mem = new TlbMem(this.mems.length, false, options);
    const nslabs = Math.floor(bytes / SLOT_BYTES);
    mem.add(this.registry.add({ base, nslabs, nareas: 1, kind: 'restricted' }));
    this.mems.push(mem);
    return mem;
  }

  addDevice(demands: DmaDemands, mem: TlbMem = this.mem): DmaDevice {
    const device = new DmaDevice(this.devices.length, demands, mem);
    this.devices.push(device);
    return device;
  }

  /** Whether `dma_direct_map_page` bounces: forced, or the buffer's end is out of reach. */
  needsBounce(device: DmaDevice, orig: number, size: number): boolean {
    return device.mem.forceBounce || orig + size - 1 > device.reach;
  }

  /** `dma_recommend_may_block`: whether a driver that can sleep in a map should say so. */
  recommendMayBlock({ mem }: DmaDevice): boolean {
    return mem.throttle.isOn && mem.forceBounce;
  }

  /** `swiotlb_max_mapping_size`: what a driver is told, in bytes. The true limit can be higher. */
  maxMappingSize(device: DmaDevice): number {
    return SEGMENT_BYTES - roundUp(device.demands.minAlignMask, SLOT_BYTES);
  }

  /**
   * Maps in one go: `swiotlb_tbl_map_single`.
   *
   * @returns the bus address, or FAILED; more in `outcome`.
   * @throws RangeError for a size of 0 without an offset, which is a BUG in the kernel.
   */
  tblMapSingle(
    device: DmaDevice,
    cpu: number,
    orig: number,
    size: number,
    allocAlignMask = 0,
  ): number {
    const cursor = this.#cursor;
    cursor.ask(device, cpu, orig, size, allocAlignMask);
    return this.#mapNow(cursor);
  }

  #mapNow(cursor: MapCursor): number {
    let more = this.begin(cursor);
    while (more && !this.search(cursor)) more = this.nextArea(cursor);
    return this.finish(cursor);
  }

  /**
   * `swiotlb_map`: maps, then gives the buffer back when the device cannot reach it. The side
   * effects stay: the hint has moved, the high-water mark may have risen.
   */
  map(device: DmaDevice, cpu: number, orig: number, size: number): number {
    return this.checkReach(device, this.tblMapSingle(device, cpu, orig, size), size);
  }

  /** The second half of `swiotlb_map`. @returns `tlb`, or FAILED after undoing the map. */
  checkReach(device: DmaDevice, tlb: number, size: number): number {
    if (tlb === FAILED || tlb + size - 1 <= device.reach) return tlb;
    this.unmap(device, tlb);
    this.outcome.cause = 'out-of-reach';
    this.outcome.tlb = FAILED;
    return FAILED;
  }

  /**
   * Starts what was asked of a cursor, for callers that go area by area. On true, take the lock of
   * `cursor.area` in `cursor.pool` and call `search`; on false, or when `nextArea` says so, `finish`.
   */
  begin(cursor: MapCursor): boolean {
    const { dynamic, defaultNareas } = this.config;
    if (cursor.device.mem.nslabs === 0) {
      cursor.cause = 'no-pool';
      return false;
    }
    if (cursor.total > SEGMENT_BYTES) {
      cursor.cause = 'too-large';
      if (dynamic) return false;
    }
    return cursor.enter(dynamic, defaultNareas);
  }

  /** Searches the cursor's area and takes the run found. @returns whether there was one. */
  search(cursor: MapCursor): boolean {
    const { pool } = cursor;
    if (pool === null) throw new RangeError('the cursor stands in no area');
    return this.#searchArea(cursor, pool);
  }

  #searchArea(cursor: MapCursor, pool: Pool): boolean {
    const { terms, area } = cursor;
    const { areaNslabs, areaUsed, areaIndex, table } = pool;
    const used = at(areaUsed, area);
    cursor.areas++;
    if (terms.slots > areaNslabs - used) return false;
    terms.aim(pool.base, cursor.device.demands.segBoundary);
    const areaStart = area * areaNslabs;
    const slot = table.find(areaStart, areaNslabs, at(areaIndex, area), terms);
    cursor.probes += table.probes;
    if (slot < 0) {
      if (cursor.cause === 'none') cursor.cause = 'fragmented';
      return false;
    }
    table.claim(slot, terms.slots, terms.total, terms.low);
    const next = slot - areaStart + terms.slots;
    areaIndex[area] = next < areaNslabs ? next : 0;
    areaUsed[area] = used + terms.slots;
    cursor.device.mem.take(terms.slots);
    cursor.pool = pool;
    cursor.slot = slot;
    return true;
  }

  /** Goes to the next area in the kernel's order. @returns false when all were searched. */
  nextArea(cursor: MapCursor): boolean {
    return cursor.advance(this.config.dynamic, this.config.defaultNareas);
  }

  /**
   * Ends a map. After a run was found: notes where the data lives. Otherwise, in a dynamic build:
   * queues the growth worker and tries a transient pool. Fills `outcome`.
   *
   * @returns the bus address, or FAILED.
   */
  finish(cursor: MapCursor): number {
    const { outcome } = this;
    const { device } = cursor;
    outcome.kicked = false;
    outcome.transient = false;
    outcome.throttled = cursor.throttled;
    if (cursor.slot < 0) this.#grow(cursor);
    outcome.probes = cursor.probes;
    outcome.areas = cursor.areas;
    outcome.slot = cursor.slot;
    const { pool } = cursor;
    if (cursor.slot < 0 || pool === null) {
      outcome.pool = null;
      outcome.nslots = 0;
      outcome.padSlots = 0;
      outcome.cause = cursor.cause === 'none' ? 'no-room' : cursor.cause;
      return (outcome.tlb = FAILED);
    }
    const pad = Math.floor(cursor.offset / SLOT_BYTES);
    if (cursor.hasData) pool.table.record(cursor.slot, cursor.orig, pad);
    if (cursor.throttled) pool.throttled[cursor.slot + pad] = 1;
    device.everMapped = true;
    outcome.pool = pool;
    outcome.nslots = cursor.terms.slots;
    outcome.padSlots = pad;
    outcome.cause = 'none';
    const low = cursor.offset - pad * SLOT_BYTES;
    return (outcome.tlb = pool.base + (cursor.slot + pad) * SLOT_BYTES + low);
  }

  /** No area had room: what the dynamic build does then. */
  #grow(cursor: MapCursor): void {
    const { mem } = cursor.device;
    if (!this.config.dynamic || !mem.canGrow) return;
    if (cursor.cause === 'too-large' || cursor.cause === 'no-pool') return;
    this.workerPending = true;
    this.outcome.kicked = true;
    // What lives long is no case for a pool that lives as long as one request.
    if (!cursor.hasData) return;
    // A pool for one request. It helps only when the request fits at its slot 0.
    cursor.area = 0;
    const { device, terms } = cursor;
    const fits = (pool: Pool) => this.#searchArea(cursor, pool);
    const pool = this.registry.addTransient(device, terms.slots, fits);
    if (pool === null) return;
    this.outcome.transient = true;
    device.transient.unshift(pool);
    mem.transientNslabs += pool.nslabs;
  }

  /**
   * `default_swiotlb_base`: tells where the default pool lies. Whoever asks relies on the answer, so
   * the allocator never grows again. @returns -1 when there is no pool.
   */
  defaultBase(): number {
    this.mem.canGrow = false;
    return this.mem.head?.base ?? -1;
  }

  /** `default_swiotlb_limit`: highest address a driver should expect a bounce buffer at. */
  defaultLimit(): number {
    const { canGrow, physLimit, head } = this.mem;
    return canGrow ? physLimit : (head?.end ?? 0) - 1;
  }

  /** The pool that holds `addr` for this device (`swiotlb_find_pool`), or null. */
  findPool(device: DmaDevice, addr: number): Pool | null {
    if (this.config.dynamic && !device.everMapped) return null;
    const pool = device.mem.poolAt(addr);
    if (pool !== null || device.transient.length === 0) return pool;
    return device.transient.find((own) => addr >= own.base && addr < own.end) ?? null;
  }

  /**
   * Finds what an unmap of `tlb` will free and fills `releasing`; its area's lock is to be taken
   * then. Changes nothing. @returns false when no mapping of this device begins there.
   */
  locate(device: DmaDevice, tlb: number): boolean {
    const { releasing } = this;
    const pool = this.findPool(device, tlb);
    releasing.pool = pool;
    if (pool === null) return false;
    const { minAlignMask } = device.demands;
    const low = minAlignMask === 0 ? 0 : bitsUnder(tlb, Math.min(minAlignMask, SLOT_BYTES - 1));
    const dataSlot = Math.floor((tlb - low - pool.base) / SLOT_BYTES);
    const first = pool.table.runOfData(dataSlot);
    if (first < 0) return false;
    releasing.slot = first;
    releasing.dataSlot = dataSlot;
    releasing.nslots = pool.table.runSlots(first);
    releasing.area = Math.floor(first / pool.areaNslabs);
    return true;
  }

  /**
   * `swiotlb_tbl_unmap_single`. Whom the throttle wakes is in `mem.throttle.woken` then.
   *
   * @returns false when no mapping of this device begins at `tlb`.
   */
  unmap(device: DmaDevice, tlb: number): boolean {
    if (!this.locate(device, tlb)) return false;
    const { mem } = device;
    const before = mem.used;
    this.release(device);
    if (mem.throttle.isOn) mem.throttle.freed(before, mem.used, this.releasing.throttled);
    return true;
  }

  /**
   * The second half of an unmap: frees what `locate` found just before, and says in
   * `releasing.throttled` what its first non-padding slot said. Telling the throttle is the caller's.
   *
   * @throws RangeError when it found nothing.
   */
  release(device: DmaDevice): void {
    const { pool, slot, dataSlot, nslots, area } = this.releasing;
    if (pool === null) throw new RangeError('nothing was located to release');
    if (device.mem.throttle.isOn) {
      this.releasing.throttled = pool.throttled[dataSlot] === 1;
      pool.throttled[dataSlot] = 0;
    }
    if (pool.kind === 'transient') {
      this.#dropTransient(device, pool);
      return;
    }
    pool.table.release(slot, nslots);
    pool.areaUsed[area] = at(pool.areaUsed, area) - nslots;
    device.mem.give(nslots);
  }

  #dropTransient(device: DmaDevice, pool: Pool): void {
    const { mem } = device;
    mem.give(pool.nslabs);
    mem.transientNslabs -= pool.nslabs;
    device.transient.splice(device.transient.indexOf(pool), 1);
    this.registry.drop(pool);
  }

  /**
   * `swiotlb_alloc`: memory itself instead of a bounce buffer, from a restricted pool. Takes
   * `size` bytes as given, aligned to the power of two of pages that holds them. From the default
   * allocator only as proposed in January 2024 and not merged: it queues the growth worker when it
   * finds no room, and, an assumption of this model, makes no transient pool.
   *
   * @returns its page-aligned address, or FAILED.
   */
  allocPages(device: DmaDevice, cpu: number, size: number): number {
    const cursor = this.#cursor;
    cursor.askPages(device, cpu, size);
    return this.#mapNow(cursor);
  }

  /** `swiotlb_free`. @returns false when no allocation begins at `addr`. */
  freePages(device: DmaDevice, addr: number): boolean {
    return this.unmap(device, addr);
  }

  /** The growth worker starts: what queues it from now on queues it again. @returns if it was due. */
  startWorker(): boolean {
    const due = this.workerPending;
    this.workerPending = false;
    return due;
  }

  /**
   * What the worker then does, `swiotlb_dyn_alloc`: one more pool, as large as can be had, at the
   * front of the list. @returns the pool, or null when there was no memory.
   */
  grow(): Pool | null {
    const pool = this.makePool();
    if (pool !== null) this.addGrown(pool);
    return pool;
  }

  /** The first half of `grow`, which may take long: a pool that nobody searches yet, or null. */
  makePool(): Pool | null {
    const { defaultNslabs, defaultNareas } = this.config;
    return this.registry.makeGrown(defaultNslabs, defaultNareas, this.mem.physLimit);
  }

  /** The second half: puts a pool that `makePool` made at the front of the list. */
  addGrown(pool: Pool): void {
    this.registry.enlist(pool);
    this.mem.add(pool);
  }

  keep(k: Keeper): void {
    this.workerPending = k.value(this.workerPending);
    k.fields(this.outcome);
    k.fields(this.releasing);
    this.#cursor.keep(k);
    this.registry.keep(k);
    for (const mem of this.mems) mem.keep(k);
    for (const device of this.devices) device.keep(k);
  }
}
