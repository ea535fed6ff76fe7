/**
 * `dma_alloc_*`: drivers that want memory of their own, piece by piece, and keep it long.
 *
 * A buffer is got as ttm_pool_alloc() does, Linux 6.12: the largest power of two of pages that it
 * has use for, half of that when there is none, down to a page; pieces of a buffer that could not
 * be had whole stay with the driver and count when it asks again.
 *
 * Where a piece comes from is the machine's mode. As in Linux, dma_direct_alloc() takes pages from
 * the page allocator, in process context, and converts them where memory is encrypted; given back,
 * they are converted again. As proposed in January 2024, swiotlb_alloc() takes slots that are shared
 * already, at most a segment at once (assumption: a driver is told so and asks for no more), and
 * queues the growth worker when it finds none. A device that is confined to a restricted
 * region gets its memory so in Linux, too, out of that region and from nowhere else. Clearing the
 * memory costs the same in both and is left out, and so are the few KiB of rings that other drivers
 * allocate when they are bound.
 */
import { DEVICE, DEVICE_FIELDS } from './frame.ts';
import type { Driver } from './driver.ts';
import { logFailedAlloc } from './failure-log.ts';
import type { LockedWork } from './locked-work.ts';
import { STAGE } from './requests.ts';
import { EVENT, type World } from './world.ts';
import { MAX_PAGE_ORDER, PAGE_BYTES, pageOrder, SEGMENT_BYTES } from '../model/geometry.ts';
import type { Keeper } from '../model/keeper.ts';

/** Largest piece of a pool: a segment. */
const SEGMENT_ORDER = pageOrder(SEGMENT_BYTES);

/** One piece: a row of the ledger when it lies in a pool, else the address of its pages. */
interface Piece {
  readonly at: number;
  readonly order: number;
}

/** A buffer that is wanted, held or given back. */
interface Buffer {
  readonly pieces: Piece[];
  /** Pages still wanted, and the order asked for next. */
  missing: number;
  order: number;
}

/** Who deals out the CPUs. */
export interface AllocCpus {
  submit(cpu: number, job: number): void;
  jobDone(cpu: number, atNs: number): void;
}

/** The buffers of all drivers that allocate, a job each (`STAGE.allocating`, `STAGE.freeing`). */
export class DmaAllocs {
  readonly #world: World;
  readonly #drivers: readonly Driver[];
  readonly #cpus: AllocCpus;
  readonly #buffers = new Map<number, Buffer>();
  /** Buffers, by device, that are not whole yet. */
  readonly #asking: number[];

  constructor(world: World, drivers: readonly Driver[], cpus: AllocCpus) {
    this.#world = world;
    this.#drivers = drivers;
    this.#cpus = cpus;
    this.#asking = drivers.map(() => 0);
  }

  /** Whether every task of the device waits for a buffer: each asks for one at a time. */
  isBusy(device: number): boolean {
    return (this.#asking[device] ?? 0) >= (this.#drivers[device]?.tasks.count ?? 0);
  }

  /** A buffer of the request's bytes is wanted; its CPU is to be given the job. */
  want(request: number): void {
    const { requests } = this.#world;
    requests.stage[request] = STAGE.allocating;
    const missing = Math.ceil((requests.bytes[request] as number) / PAGE_BYTES);
    this.#buffers.set(request, { pieces: [], missing, order: this.#largest(request, missing) });
    this.#countAsking(request, 1);
  }

  /** A refused buffer is asked for once more. */
  retry(request: number): void {
    const { requests } = this.#world;
    const buffer = this.#buffer(request);
    buffer.order = this.#largest(request, buffer.missing);
    requests.stage[request] = STAGE.allocating;
    this.#cpus.submit(requests.cpu[request] as number, request);
  }

  /** The device has no more use for a buffer: a CPU gives it back. */
  release(request: number): void {
    const { requests } = this.#world;
    requests.stage[request] = STAGE.freeing;
    this.#cpus.submit(requests.cpu[request] as number, request);
  }

  /**
   * The next step of a buffer on `cpu`.
   *
   * @returns whether the buffer is whole (or wholly given back): nothing was done, and the job is
   *   over.
   */
  step(cpu: number, request: number, locked: LockedWork): boolean {
    const buffer = this.#buffer(request);
    if (this.#world.requests.stage[request] === STAGE.freeing) {
      return this.#giveBack(cpu, request, buffer, locked);
    }
    if (buffer.missing === 0) {
      this.#countAsking(request, -1);
      return true;
    }
    if (this.#fromPool(request)) {
      const device = this.#world.requests.device[request] as number;
      locked.startAlloc(cpu, device, PAGE_BYTES << buffer.order);
    } else {
      this.#takePages(cpu, request, buffer);
    }
    return false;
  }

  /** A piece was found in a pool. @param row the ledger's. */
  got(cpu: number, request: number, row: number, endNs: number): void {
    this.#add(request, this.#buffer(request), row);
    this.#world.alarms.set(endNs, EVENT.cpu, cpu);
  }

  /** No piece of that size was found. */
  failed(cpu: number, request: number, atNs: number): void {
    const buffer = this.#buffer(request);
    if (buffer.order > 0) {
      buffer.order--;
      this.#world.alarms.set(atNs, EVENT.cpu, cpu);
    } else {
      this.#refuse(request, atNs);
      this.#cpus.jobDone(cpu, atNs);
    }
  }

  /** A piece is back in its pool. */
  freed(cpu: number, atNs: number): void {
    this.#world.alarms.set(atNs, EVENT.cpu, cpu);
  }

  keep(k: Keeper): void {
    k.copies(this.#buffers, (buffer) => ({ ...buffer, pieces: [...buffer.pieces] }));
    k.list(this.#asking);
  }

  #refuse(request: number, atNs: number): void {
    const { requests, ledger, books, costs, alarms } = this.#world;
    const device = requests.device[request] as number;
    const driver = this.#drivers[device];
    if (driver === undefined) throw new RangeError(`there is no device ${device}`);
    const isFirst = ledger.deviceRows[device * DEVICE_FIELDS + DEVICE.done] === 0;
    books.failedAllocs++;
    ledger.count(device, DEVICE.failedAllocs, 1);
    ledger.count(device, DEVICE.retried, 1);
    ledger.count(device, DEVICE.waiting, 1);
    logFailedAlloc(this.#world, { kind: driver.spec.kind, index: device }, isFirst);
    requests.stage[request] = STAGE.waiting;
    alarms.set(atNs + costs.allocRetryNs, EVENT.retry, request);
  }

  #giveBack(cpu: number, request: number, buffer: Buffer, locked: LockedWork): boolean {
    const piece = buffer.pieces.pop();
    if (piece === undefined) {
      this.#buffers.delete(request);
      return true;
    }
    this.#count(request, -(PAGE_BYTES << piece.order));
    if (this.#fromPool(request)) locked.startUnmap(cpu, piece.at);
    else this.#freePages(cpu, piece);
    return false;
  }

  #takePages(cpu: number, request: number, buffer: Buffer): void {
    const { alarms, books, costs, hash, nowNs } = this.#world;
    const { guest } = this.#pages();
    const { order } = buffer;
    const before = books.conversions;
    const address = guest.allocOwn(order);
    const { migrated } = guest.allocator.outcome.compaction;
    hash.word(address / PAGE_BYTES);
    books.migrated += migrated;
    const migrateNs = migrated * costs.migratePageNs;
    books.spent.migrateNs += migrateNs;
    books.spent.pagesNs += costs.dmaPagesNs;
    const doneNs = nowNs + costs.dmaPagesNs + migrateNs;
    if (address === -1) {
      this.failed(cpu, request, doneNs);
    } else if (guest.decrypt(1 << order, address)) {
      books.ownBytes += PAGE_BYTES << order;
      books.noteHeld();
      this.#add(request, buffer, address);
      alarms.set(doneNs + books.payConversions(before, costs), EVENT.cpu, cpu);
    } else {
      guest.freePages(order, address);
      this.failed(cpu, request, doneNs + books.payConversions(before, costs));
    }
  }

  #freePages(cpu: number, { at, order }: Piece): void {
    const { books, costs, nowNs } = this.#world;
    const before = books.conversions;
    this.#pages().guest.freePages(order, at);
    books.ownBytes -= PAGE_BYTES << order;
    books.spent.pagesNs += costs.dmaPagesNs;
    this.freed(cpu, nowNs + costs.dmaPagesNs + books.payConversions(before, costs));
  }

  #add(request: number, buffer: Buffer, at: number): void {
    const { order } = buffer;
    buffer.pieces.push({ at, order });
    buffer.missing -= 1 << order;
    if (buffer.missing > 0) buffer.order = Math.min(order, this.#largest(request, buffer.missing));
    this.#count(request, PAGE_BYTES << order);
  }

  #countAsking(request: number, by: 1 | -1): void {
    const device = this.#world.requests.device[request] as number;
    this.#asking[device] = (this.#asking[device] ?? 0) + by;
  }

  #count(request: number, bytes: number): void {
    const { ledger, requests } = this.#world;
    ledger.count(requests.device[request] as number, DEVICE.allocatedBytes, bytes);
  }

  /** Order of the largest piece of which `pages` has use for the whole. */
  #largest(request: number, pages: number): number {
    const most = this.#fromPool(request) ? SEGMENT_ORDER : MAX_PAGE_ORDER;
    return Math.min(most, Math.floor(Math.log2(pages)));
  }

  /** Whether pieces come out of a pool: in such a mode, and always for a restricted device. */
  #fromPool(request: number): boolean {
    const { allocFromPool, dma, requests } = this.#world;
    return allocFromPool || dma[requests.device[request] as number]?.mem.forAlloc === true;
  }

  #pages(): NonNullable<World['pages']> {
    const { pages } = this.#world;
    if (pages === null) throw new RangeError('a driver allocates on a machine without pages');
    return pages;
  }

  #buffer(request: number): Buffer {
    const buffer = this.#buffers.get(request);
    if (buffer === undefined) throw new RangeError(`request ${request} is of no buffer`);
    return buffer;
  }
}
