/**
 * Who holds which slots: a row per live mapping, an owner byte per slot, and the counters of every
 * device. A simulation and a replay both write it, at each map and unmap, and at nothing else; the
 * picture is copied from it.
 *
 * The model decides, the ledger remembers what the kernel does not: when, by which CPU, for whom.
 * Rows are reused; what is derivable from the model's slot table is not kept here. Typed arrays are
 * read with `as number`: rows and devices come from the arrays' own bounds.
 */
import { DEVICE, DEVICE_FIELDS, OWNER_DEVICE_MASK, OWNER_FIRST, OWNER_THROTTLED } from './frame.ts';
import { GrowthTotals, type CountedAttempt } from './growth-totals.ts';
import { History } from './history.ts';
import {
  clearOwner,
  DeviceMeter,
  keepOwners,
  ownerOfDevice,
  paintedPadding,
  paintOwner,
  sizeClass,
} from './ledger-rows.ts';
import { ALLOCATED, MappingRows, NO_ROW, type MapAsk } from './mapping-rows.ts';
import type { Keeper } from '../model/keeper.ts';
import type { MapOutcome } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/** A pool and the owner bytes of its slots (`OWNER_*` in frame.ts). */
export interface PoolRecord {
  readonly pool: Pool;
  readonly owner: Uint8Array;
  /** The ledger's row of the mapping that starts at a slot; stale where none does. */
  readonly rowAt: Uint32Array;
  readonly bornNs: number;
  /** Device a transient or restricted pool belongs to, or -1. */
  readonly device: number;
}

/** The books of one run. Counters only grow, except those of what is live. */
export class Ledger {
  readonly #swiotlb: Swiotlb;
  readonly #pools = new Map<number, PoolRecord>();
  #last: PoolRecord | null = null;
  readonly #meters: readonly DeviceMeter[];
  readonly rows = new MappingRows();
  /** A row of `DEVICE_FIELDS` per device, as the frame has them. */
  readonly deviceRows: Float64Array;
  readonly #growth = new GrowthTotals();
  readonly history: History;
  /** Maps that bounced and succeeded; maps that failed; maps that needed no bounce. */
  maps = 0;
  failedMaps = 0;
  directMaps = 0;
  unmaps = 0;
  /** The most slots in use at a time since boot. */
  peak = 0;
  /** Bytes the CPUs copied, both ways. */
  copiedBytes = 0;
  /** Slots the kernel's searches looked at. */
  probes = 0;
  /** Live slots that are padding. */
  paddingSlots = 0;
  /** Slots with an owner; differs from the model's use when somebody took slots unseen. */
  paintedSlots = 0;

  /** @param firstBucketNs width of the history's first buckets in virtual ns. */
  constructor(swiotlb: Swiotlb, devices: number, firstBucketNs?: number) {
    this.#swiotlb = swiotlb;
    this.deviceRows = new Float64Array(devices * DEVICE_FIELDS);
    this.#meters = Array.from({ length: devices }, () => new DeviceMeter());
    this.history = new History(devices, this, firstBucketNs);
  }

  /** `io_tlb_used`, of all allocators together, as every sum here. */
  get used(): number {
    let used = 0;
    // Asked for at each map: no field by name here.
    for (const mem of this.#swiotlb.mems) used += mem.used;
    return used;
  }

  /** `io_tlb_nslabs`. */
  get capacity(): number {
    return sumOf(this.#swiotlb, 'nslabs');
  }

  /** Thresholds of the default allocator's throttle; 0 both where nothing is throttled. */
  get highThrottle(): number {
    const { throttle } = this.#swiotlb.mem;
    return throttle.isOn ? throttle.highThrottle : 0;
  }

  get lowThrottle(): number {
    const { throttle } = this.#swiotlb.mem;
    return throttle.isOn ? throttle.lowThrottle : 0;
  }

  /** `io_tlb_transient_nslabs`. */
  get transientSlots(): number {
    return this.#swiotlb.mem.transientNslabs;
  }

  /** Attempts to grow since boot, by `GROWTH_TOTALS`. */
  get growth(): Float64Array {
    return this.#growth.counts;
  }

  /** Requests asleep in the throttle. */
  get throttleWaiting(): number {
    return this.#swiotlb.mems.reduce((sum, { throttle }) => sum + throttle.queue.length, 0);
  }

  /** `io_tlb_used_hiwater`. */
  get hiwater(): number {
    return sumOf(this.#swiotlb, 'hiwater');
  }

  /**
   * The record of `pool`, made when first asked for.
   *
   * @param bornNs when it appeared; matters the first time only.
   * @param device whose it is, or -1; matters the first time only.
   */
  record(pool: Pool, bornNs = 0, device = -1): PoolRecord {
    if (this.#last?.pool === pool) return this.#last;
    let record = this.#pools.get(pool.id);
    if (record?.pool !== pool) {
      const { nslabs } = pool;
      const owner = new Uint8Array(nslabs);
      record = { pool, owner, rowAt: new Uint32Array(nslabs), bornNs, device };
      this.#pools.set(pool.id, record);
    }
    this.#last = record;
    return record;
  }

  /** The record of the pool with this id, or null when no such pool was ever seen or it is gone. */
  recordById(id: number): PoolRecord | null {
    return this.#pools.get(id) ?? null;
  }

  /** Forgets a pool that is gone. */
  forget(pool: Pool): void {
    this.#pools.delete(pool.id);
    if (this.#last?.pool === pool) this.#last = null;
  }

  /**
   * Enters a map that the model has just made.
   *
   * @param outcome the model's, after a success.
   * @returns the mapping's row, from 1; `rowOf` finds it again.
   * @throws RangeError when the outcome is a failure.
   */
  map(ask: MapAsk, outcome: MapOutcome, timeNs: number): number {
    const { device, size } = ask;
    const row = this.#enter(ask, outcome, timeNs);
    this.maps++;
    this.copiedBytes += size;
    const rows = this.deviceRows;
    const at = device * DEVICE_FIELDS;
    rows[at + DEVICE.bounced] = (rows[at + DEVICE.bounced] as number) + 1;
    const sizes = at + DEVICE.sizes + sizeClass(size);
    rows[sizes] = (rows[sizes] as number) + 1;
    return row;
  }

  /**
   * Enters an allocation from a pool, `swiotlb_alloc`: slots without a copy, and no map.
   *
   * @returns its row, as `map` does; `unmap` ends it, and counts as none.
   * @throws RangeError when the outcome is a failure.
   */
  allocate(ask: MapAsk, outcome: MapOutcome, timeNs: number): number {
    return this.#enter(ask, outcome, timeNs);
  }

  #enter(ask: MapAsk, outcome: MapOutcome, timeNs: number): number {
    const { pool, slot, nslots, padSlots } = outcome;
    if (pool === null) throw new RangeError('a failed map has no slots to enter');
    this.history.advance(timeNs);
    const { device } = ask;
    const record = this.record(pool, timeNs, pool.kind === 'transient' ? device : -1);
    const row = this.rows.add(ask, outcome, pool.id, timeNs);
    record.rowAt[slot] = row;
    const mark = outcome.throttled ? OWNER_THROTTLED : 0;
    paintOwner(record.owner, slot, nslots, padSlots, ownerOfDevice(device) | mark);
    this.probes += outcome.probes;
    this.paddingSlots += padSlots;
    this.paintedSlots += nslots;
    const rows = this.deviceRows;
    const at = device * DEVICE_FIELDS;
    rows[at + DEVICE.slots] = (rows[at + DEVICE.slots] as number) + nslots;
    rows[at + DEVICE.mappings] = (rows[at + DEVICE.mappings] as number) + 1;
    const { used } = this;
    if (used > this.peak) this.peak = used;
    this.history.sample(used);
    return row;
  }

  /** The row of the mapping that starts at slot `first`, or 0 when none was entered. */
  rowAtFirst(pool: Pool, first: number): number {
    const { owner, rowAt } = this.record(pool);
    const isFirst = ((owner[first] ?? 0) & OWNER_FIRST) !== 0;
    return isFirst ? (rowAt[first] as number) : NO_ROW;
  }

  /** The row of the mapping that holds `slot`, or 0 when there is none that was entered. */
  rowOf(pool: Pool, slot: number): number {
    const first = pool.table.runStart(slot);
    return first < 0 ? NO_ROW : this.rowAtFirst(pool, first);
  }

  /** Enters a map that found no room or no reach. */
  fail(device: number, outcome: MapOutcome, timeNs: number): void {
    this.history.advance(timeNs);
    this.failedMaps++;
    this.probes += outcome.probes;
    this.count(device, DEVICE.failedMaps, 1);
    this.history.sample(this.used);
  }

  /** Enters a map that needed no bounce: the device uses the buffer where it lies. */
  direct(device: number, size: number): void {
    this.directMaps++;
    this.count(device, DEVICE.direct, 1);
    this.count(device, DEVICE.sizes + sizeClass(size), 1);
  }

  /** Enters a map whose buffer has pages of its own: no slot is taken. */
  mapOwn(device: number, size: number): void {
    this.maps++;
    this.copiedBytes += size;
    this.count(device, DEVICE.mappings, 1);
    this.count(device, DEVICE.bounced, 1);
    this.count(device, DEVICE.sizes + sizeClass(size), 1);
  }

  /** Enters its unmap. @param copied bytes copied back to the original buffer. */
  unmapOwn(device: number, copied: number): void {
    this.unmaps++;
    this.copiedBytes += copied;
    this.count(device, DEVICE.mappings, -1);
  }

  /**
   * Enters an unmap. What was painted is what is cleared, so it may come before or after the model
   * frees the slots.
   *
   * @param row what `map` gave, or `rowAtFirst`.
   * @param first first slot of the mapping, padding included; as the model's `locate` says.
   * @param copied bytes copied back to the original buffer.
   * @throws RangeError when the row is not live.
   */
  unmap(row: number, pool: Pool, first: number, copied: number, timeNs: number): void {
    this.history.advance(timeNs);
    if (this.rows.direction(row) !== ALLOCATED) this.unmaps++;
    this.copiedBytes += copied;
    this.drop(row, pool, first);
    if (pool.kind === 'transient') this.forget(pool);
  }

  /**
   * Strikes a mapping out that turns out not to be there; no unmap is counted.
   *
   * @throws RangeError when the row is not live.
   */
  drop(row: number, pool: Pool, first: number): void {
    const device = this.rows.device(row);
    this.rows.remove(row);
    const nslots = this.#clear(pool, first);
    const rows = this.deviceRows;
    const at = device * DEVICE_FIELDS;
    rows[at + DEVICE.slots] = (rows[at + DEVICE.slots] as number) - nslots;
    rows[at + DEVICE.mappings] = (rows[at + DEVICE.mappings] as number) - 1;
  }

  /** Paints slots that the model holds for nobody that was entered: their owner is unknown. */
  paintUnknown(pool: Pool, first: number, nslots: number): void {
    const record = this.record(pool);
    record.rowAt[first] = NO_ROW;
    paintOwner(record.owner, first, nslots, 0, OWNER_DEVICE_MASK);
    this.paintedSlots += nslots;
  }

  /** Clears the unknown slots painted from `first` on. */
  clearUnknown(pool: Pool, first: number): void {
    this.#clear(pool, first);
  }

  keep(k: Keeper): void {
    k.map(this.#pools);
    this.#last = k.value(this.#last);
    for (const { owner, rowAt } of this.#pools.values()) keepOwners(k, owner, rowAt);
    for (const meter of this.#meters) meter.keep(k);
    this.rows.keep(k);
    k.array(this.deviceRows);
    this.#growth.keep(k);
    this.history.keep(k);
    this.maps = k.value(this.maps);
    this.failedMaps = k.value(this.failedMaps);
    this.directMaps = k.value(this.directMaps);
    this.unmaps = k.value(this.unmaps);
    this.peak = k.value(this.peak);
    this.copiedBytes = k.value(this.copiedBytes);
    this.probes = k.value(this.probes);
    this.paddingSlots = k.value(this.paddingSlots);
    this.paintedSlots = k.value(this.paintedSlots);
  }

  #clear(pool: Pool, first: number): number {
    const { owner } = this.record(pool);
    this.paddingSlots -= paintedPadding(owner, first);
    const nslots = clearOwner(owner, first);
    this.paintedSlots -= nslots;
    return nslots;
  }

  /** The requests asleep in the throttle are more or fewer since `timeNs`. */
  waitingChanged(timeNs: number): void {
    this.history.advance(timeNs);
    this.history.sampleWaiting(this.throttleWaiting);
  }

  /** Enters an attempt to grow that began at `timeNs`. */
  attempted(attempt: CountedAttempt, timeNs: number): void {
    this.history.advance(timeNs);
    this.#growth.add(attempt);
  }

  /** Enters calls that converted pages to shared ones. */
  converted(calls: number, timeNs: number): void {
    this.history.advance(timeNs);
    this.#growth.convert(calls);
  }

  /** Notes the use of slots after the model freed some. */
  sampled(): void {
    this.history.sample(this.used);
  }

  /** Adds to one of a device's counters, a `DEVICE` index. */
  count(device: number, field: number, by: number): void {
    const at = device * DEVICE_FIELDS + field;
    this.deviceRows[at] = (this.deviceRows[at] as number) + by;
  }

  /** Sets one of a device's figures, a `DEVICE` index. */
  set(device: number, field: number, value: number): void {
    this.deviceRows[device * DEVICE_FIELDS + field] = value;
  }

  /** A request of `bytes` is finished, `latencyNs` after it was asked for. */
  requestDone(device: number, bytes: number, latencyNs: number, timeNs: number): void {
    this.count(device, DEVICE.done, 1);
    this.count(device, DEVICE.doneBytes, bytes);
    this.#meters[device]?.note(latencyNs, timeNs);
  }

  /** Brings everything that flows with time up to `timeNs`; call before a picture is taken. */
  settle(timeNs: number): void {
    this.history.advance(timeNs);
    this.history.showOpen();
    this.#meters.forEach((meter, device) => {
      meter.settle(timeNs);
      this.set(device, DEVICE.ratePerSecond, meter.ratePerSecond);
      this.set(device, DEVICE.meanLatencyNs, meter.meanLatencyNs);
    });
  }
}

function sumOf({ mems }: Swiotlb, field: 'nslabs' | 'hiwater'): number {
  let sum = 0;
  for (const mem of mems) sum += mem[field];
  return sum;
}
