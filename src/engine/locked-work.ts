/**
 * What a CPU does under an area's lock: search and take slots, or give them back. A lock is held for
 * the modelled time of the work; who finds it taken spins, and makes no other step until it is his
 * turn.
 *
 * Slots change hands in the model at the moment the lock is taken, and everything that counts them
 * at the same moment, so that the numbers agree after every event. Typed arrays are read with
 * `as number`: CPUs lie below `cpus`.
 */
import { copyNs, EVENT, type World } from './world.ts';
import type { LockTable } from './area-locks.ts';
import { ALLOCATED, type MapAsk } from './mapping-rows.ts';
import type { DmaDevice } from '../model/device.ts';
import type { Keeper } from '../model/keeper.ts';
import { MapCursor } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';
import { FAILED } from '../model/units.ts';

/** By direction: both ways, to device, from device, and memory that was allocated. */
const COPIED_BACK = [true, false, true, false] as const;
/** What a CPU is about to do under a lock. */
const WORK = { none: 0, map: 1, unmap: 2 } as const;

/** A map that failed; why is in the model's `outcome`. One object, filled again for each. */
export interface FailedMap {
  /** Where the data was to be reached: in the slots if some were found, else in its own place. */
  readonly address: number;
  /** Bytes of the data. */
  readonly size: number;
  /** Bytes looked for, alignment included. */
  readonly total: number;
}

/** What a CPU is to map next; one object, filled again. */
export interface MapWish {
  /** Index of the device in the run. */
  device: number;
  address: number;
  bytes: number;
  /** 0 both ways, 1 to device, 2 from device. */
  direction: number;
  /** What the map has taken already before the search, virtual ns. */
  beforeNs: number;
  /** The request was throttled, which its first slot is to say. */
  throttled: boolean;
}

/** Who is told how it ended. Times are when the CPU can go on. */
export interface WorkHooks {
  /** @param row the ledger's. @param endNs when the data is copied, too. */
  mapDone(cpu: number, row: number, endNs: number): void;
  mapFailed(cpu: number, failed: FailedMap, atNs: number): void;
  unmapDone(cpu: number, atNs: number): void;
  /** The unmap on `cpu` took the use from `before` to what it is; `throttled` is what the slots said. */
  freed(cpu: number, before: number, throttled: boolean): void;
  /** A map out of the device's reach was unmapped again, on a machine that throttles. */
  mapUndone(): void;
  /** The use of slots changed on a machine that throttles. */
  useChanged(): void;
  /**
   * A map on `cpu` found no room: it queued the growth worker and tried a transient pool.
   *
   * @param slots of the pool it got, or 0.
   * @returns ns that the try took.
   */
  growthWanted(cpu: number, slots: number): number;
}

/** The maps and unmaps that the CPUs are in the middle of, at most one per CPU. */
export class LockedWork {
  readonly wish: MapWish = {
    device: 0,
    address: 0,
    bytes: 0,
    direction: 0,
    beforeNs: 0,
    throttled: false,
  };
  readonly #world: World;
  readonly #hooks: WorkHooks;
  readonly #throttles: boolean;
  readonly #work: Uint8Array;
  /** The ledger's row of the mapping that the CPU unmaps. */
  readonly #row: Uint32Array;
  readonly #cursors: readonly MapCursor[];
  readonly #asks: readonly MapAsk[];
  /** When the map that a CPU is in the middle of was asked for. */
  readonly #askedNs: Float64Array;
  readonly #failed = { address: 0, size: 0, total: 0 } satisfies FailedMap;

  constructor(world: World, hooks: WorkHooks) {
    const { cpus } = world;
    this.#world = world;
    this.#hooks = hooks;
    this.#throttles = world.swiotlb.mem.throttle.isOn;
    this.#work = new Uint8Array(cpus);
    this.#row = new Uint32Array(cpus);
    this.#askedNs = new Float64Array(cpus);
    this.#cursors = Array.from({ length: cpus }, () => new MapCursor());
    this.#asks = Array.from({ length: cpus }, (_, cpu) => ({
      device: 0,
      cpu,
      direction: 0,
      size: 0,
    }));
  }

  /** Whether the CPU searched one area in vain and is to go on in the next. */
  isMidMap(cpu: number): boolean {
    return this.#work[cpu] === WORK.map;
  }

  /**
   * Starts the map of what stands in `wish`.
   *
   * @returns false when the device reaches the buffer where it lies: nothing is to be done.
   */
  startMap(cpu: number): boolean {
    const { device, address, bytes, direction, beforeNs, throttled } = this.wish;
    const { swiotlb, ledger } = this.#world;
    const dma = this.#dma(device);
    if (!swiotlb.needsBounce(dma, address, bytes)) {
      ledger.direct(device, bytes);
      return false;
    }
    const ask = this.#ask(cpu);
    ask.device = device;
    ask.size = bytes;
    ask.direction = direction;
    const cursor = this.#cursor(cpu);
    cursor.ask(dma, cpu, address, bytes, 0);
    cursor.throttled = throttled;
    this.#work[cpu] = WORK.map;
    this.#askedNs[cpu] = this.#world.nowNs - beforeNs;
    if (swiotlb.begin(cursor)) this.goOnMapping(cpu);
    else this.#finishMap(cpu, cursor, this.#world.nowNs);
    return true;
  }

  /** Starts a `swiotlb_alloc` of `bytes` for a device; it ends in `mapDone` or `mapFailed`. */
  startAlloc(cpu: number, device: number, bytes: number): void {
    const ask = this.#ask(cpu);
    ask.device = device;
    ask.size = bytes;
    ask.direction = ALLOCATED;
    const cursor = this.#cursor(cpu);
    cursor.askPages(this.#dma(device), cpu, bytes);
    this.#work[cpu] = WORK.map;
    this.#askedNs[cpu] = this.#world.nowNs;
    if (this.#world.swiotlb.begin(cursor)) this.goOnMapping(cpu);
    else this.#finishMap(cpu, cursor, this.#world.nowNs);
  }

  /** Wants the lock of the area that the CPU's search has come to. */
  goOnMapping(cpu: number): void {
    const cursor = this.#cursor(cpu);
    const table = this.#tableOf(cursor.pool);
    if (this.#mustSpin(cpu, table, cursor.area)) return;
    this.#search(cpu, cursor, table);
  }

  /** Starts the unmap of the mapping in the ledger's row `row`. */
  startUnmap(cpu: number, row: number): void {
    this.#row[cpu] = row;
    this.#work[cpu] = WORK.unmap;
    const { releasing } = this.#locate(row);
    const table = this.#tableOf(releasing.pool);
    if (this.#mustSpin(cpu, table, releasing.area)) return;
    this.#release(cpu, table);
  }

  /** The lock that the CPU spun for is its own now. */
  goOnLocked(cpu: number): void {
    const { locks, books, nowNs } = this.#world;
    if (this.#work[cpu] === WORK.map) {
      const cursor = this.#cursor(cpu);
      const table = this.#tableOf(cursor.pool);
      books.spent.spinNs += locks.leaveQueue(table, cursor.area, nowNs);
      this.#search(cpu, cursor, table);
      return;
    }
    const { releasing } = this.#locate(this.#row[cpu] as number);
    const table = this.#tableOf(releasing.pool);
    books.spent.spinNs += locks.leaveQueue(table, releasing.area, nowNs);
    this.#release(cpu, table);
  }

  #search(cpu: number, cursor: MapCursor, table: LockTable): void {
    const { swiotlb, costs, alarms } = this.#world;
    const { area, probes } = cursor;
    this.#world.witness?.searching(cpu, cursor);
    const found = swiotlb.search(cursor);
    const slots = found ? cursor.terms.slots : 0;
    const forNs = (cursor.probes - probes) * costs.slotNs + slots * costs.claimNs;
    const endNs = this.#hold(cpu, table, area, forNs);
    // The lock of the next area is wanted when this search is over, not now.
    if (!found && swiotlb.nextArea(cursor)) alarms.set(endNs, EVENT.cpu, cpu);
    else this.#finishMap(cpu, cursor, endNs);
  }

  #finishMap(cpu: number, cursor: MapCursor, endNs: number): void {
    const { swiotlb, ledger, hash, books, nowNs } = this.#world;
    const { device, orig, size, total } = cursor;
    const ask = this.#ask(cpu);
    this.#work[cpu] = WORK.none;
    this.#world.pages?.begin();
    const found = swiotlb.finish(cursor);
    const doneNs = swiotlb.outcome.kicked ? endNs + this.#grown(cpu) : endNs;
    const tlb = swiotlb.checkReach(device, found, size);
    const { outcome } = swiotlb;
    hash.word(outcome.slot);
    if (this.#throttles && tlb !== found) this.#hooks.mapUndone();
    if (tlb === FAILED) {
      this.#world.witness?.failed(cpu, cursor);
      if (cursor.hasData) ledger.fail(ask.device, outcome, nowNs);
      const failed = this.#failed;
      failed.address = found === FAILED ? orig : found;
      failed.size = size;
      failed.total = total;
      this.#hooks.mapFailed(cpu, failed, doneNs);
    } else {
      if (this.#throttles) this.#hooks.useChanged();
      if (!cursor.hasData) {
        this.#mapped(cpu, ledger.allocate(ask, outcome, nowNs), doneNs);
        return;
      }
      const copiedNs = doneNs + copyNs(this.#world, size);
      books.mapTimes.add(copiedNs - (this.#askedNs[cpu] as number));
      this.#mapped(cpu, ledger.map(ask, outcome, nowNs), copiedNs);
    }
  }

  #mapped(cpu: number, row: number, copiedNs: number): void {
    const { witness, nowNs: timeNs } = this.#world;
    const askedNs = this.#askedNs[cpu] as number;
    witness?.mapped(cpu, this.#cursor(cpu), { row, askedNs, timeNs, copiedNs });
    this.#hooks.mapDone(cpu, row, copiedNs);
  }

  #grown(cpu: number): number {
    const { transient, nslots } = this.#world.swiotlb.outcome;
    return this.#hooks.growthWanted(cpu, transient ? nslots : 0);
  }

  #release(cpu: number, table: LockTable): void {
    const { swiotlb, ledger, costs, alarms, nowNs } = this.#world;
    const row = this.#row[cpu] as number;
    const { rows } = ledger;
    const { releasing } = swiotlb;
    const { pool, area, slot, nslots } = releasing;
    const copied = COPIED_BACK[rows.direction(row)] ? rows.size(row) : 0;
    const dma = this.#dma(rows.device(row));
    this.#world.witness?.unmapping(row, copied);
    ledger.unmap(row, pool ?? table.pool, slot, copied, nowNs);
    const before = dma.mem.used;
    swiotlb.release(dma);
    if (pool?.kind === 'transient') alarms.set(nowNs + costs.graceNs, EVENT.grace, 0);
    ledger.sampled();
    if (this.#throttles) {
      this.#hooks.useChanged();
      this.#hooks.freed(cpu, before, releasing.throttled);
    }
    this.#work[cpu] = WORK.none;
    const endNs = this.#hold(cpu, table, area, nslots * costs.claimNs);
    if (pool?.kind === 'transient') this.#world.locks.forget(pool);
    this.#hooks.unmapDone(cpu, endNs);
  }

  keep(k: Keeper): void {
    k.fields(this.wish);
    k.fields(this.#failed);
    k.array(this.#work);
    k.array(this.#row);
    k.array(this.#askedNs);
    for (const cursor of this.#cursors) cursor.keep(k);
    for (const ask of this.#asks) k.fields(ask);
  }

  /** Takes the lock for `forNs` and what locking costs. @returns when it is free again. */
  #hold(cpu: number, table: LockTable, area: number, forNs: number): number {
    const { locks, costs, alarms, books, nowNs } = this.#world;
    const heldNs = Math.round(costs.lockNs + forNs);
    books.spent.searchNs += heldNs;
    locks.hold(table, area, cpu, nowNs, heldNs);
    const endNs = nowNs + heldNs;
    const next = table.head[area] as number;
    if (next >= 0) alarms.set(endNs + costs.handOverNs, EVENT.wake, next);
    return endNs;
  }

  /** Queues the CPU if the lock is taken. */
  #mustSpin(cpu: number, table: LockTable, area: number): boolean {
    const { locks, costs, alarms, nowNs } = this.#world;
    if (locks.isFree(table, area, nowNs)) return false;
    if (locks.queue(table, area, cpu, nowNs)) {
      const freeNs = Math.max(nowNs, table.freeAtNs[area] as number);
      alarms.set(freeNs + costs.handOverNs, EVENT.wake, cpu);
    }
    return true;
  }

  /** Finds the slots of a mapping. @throws RangeError when they are not there. */
  #locate(row: number): World['swiotlb'] {
    const { swiotlb, ledger } = this.#world;
    const { rows } = ledger;
    const tlb = rows.tlb(row);
    if (!swiotlb.locate(this.#dma(rows.device(row)), tlb)) {
      throw new RangeError(`no mapping begins at ${tlb}`);
    }
    return swiotlb;
  }

  #tableOf(pool: Pool | null): LockTable {
    if (pool === null) throw new RangeError('there is no pool to lock');
    return this.#world.locks.of(pool);
  }

  #dma(device: number): DmaDevice {
    const dma = this.#world.dma[device];
    if (dma === undefined) throw new RangeError(`there is no device ${device}`);
    return dma;
  }

  #cursor(cpu: number): MapCursor {
    const cursor = this.#cursors[cpu];
    if (cursor === undefined) throw new RangeError(`there is no CPU ${cpu}`);
    return cursor;
  }

  #ask(cpu: number): MapAsk {
    const ask = this.#asks[cpu];
    if (ask === undefined) throw new RangeError(`there is no CPU ${cpu}`);
    return ask;
  }
}
