/** Copies the state of a run into a frame's buffer: the one place where a frame is filled. */
import {
  COLOUR_MODES,
  FrameView,
  HEADER,
  HISTORY_BUCKETS,
  FIXED_SERIES,
  POOL,
  POOL_FIELDS,
  POOL_KINDS,
  RUN_STATES,
  AREA,
  AREA_FIELDS,
  DEVICE_FIELDS,
  SHADED_MODES,
  type ColourMode,
  type RunState,
} from './frame.ts';
import type { PoolRecord } from './ledger.ts';
import type { Run } from './run.ts';
import { shadePool } from './shade.ts';
import { shownPassages, shownWaiters, writeThrottle } from './throttle-frame.ts';
import { longestFreeRun } from '../model/slot-table.ts';

/** What a frame says besides the state of the run. */
export interface FrameLabel {
  /** Counts frames of this worker. */
  readonly sequence: number;
  /** Which load the frame belongs to. */
  readonly serial: number;
  readonly runState: RunState;
  readonly colourMode: ColourMode;
  /** How far the run was played before it was taken back, virtual ns; left out: no further than now. */
  readonly knownNs?: number;
  /** The same of the branch that was played furthest. */
  readonly shownNs?: number;
}

/**
 * Writes a frame.
 *
 * @param buffer one to use again, or null; a new one is made if it is too small.
 */
export function writeFrame(run: Run, label: FrameLabel, buffer: ArrayBuffer | null): ArrayBuffer {
  run.ledger.settle(run.timeNs);
  const records = recordsOf(run);
  const slots = records.reduce((sum, { pool }) => sum + pool.nslabs, 0);
  const passages = shownPassages(run);
  const shaded = SHADED_MODES.includes(label.colourMode);
  const frame = FrameView.lay(buffer, {
    pools: records.length,
    areas: records.reduce((sum, { pool }) => sum + pool.nareas, 0),
    devices: run.ledger.deviceRows.length / DEVICE_FIELDS,
    buckets: HISTORY_BUCKETS,
    slots,
    shaded,
    waiters: shownWaiters(run),
    passages: passages.length,
    shadowed: run.shadow !== null,
  });
  writeHeader(frame, run, label);
  writeThrottle(frame, run, passages);
  let longest = 0;
  let slotOffset = 0;
  let areaOffset = 0;
  records.forEach((record, row) => {
    writePool(frame, row, record, slotOffset, areaOffset);
    writeRegion(frame, row, record, run);
    longest = Math.max(longest, writeAreas(frame, areaOffset, record, run));
    frame.owner.set(record.owner, slotOffset);
    if (shaded) shadePool(frame.shade, slotOffset, record, label.colourMode, run);
    slotOffset += record.pool.nslabs;
    areaOffset += record.pool.nareas;
  });
  frame.header[HEADER.longestFreeRun] = longest;
  frame.devices.set(run.ledger.deviceRows);
  for (let series = 0; series < FIXED_SERIES + frame.counts.devices; series++) {
    const from = series * HISTORY_BUCKETS;
    frame.series(series).set(run.history.series.subarray(from, from + HISTORY_BUCKETS));
  }
  return frame.buffer;
}

/** The live pools in the order the page shows them: by kind, and within a kind as they appeared. */
function recordsOf({ swiotlb, ledger, timeNs }: Run): PoolRecord[] {
  return [...swiotlb.pools]
    .map((pool) => ledger.record(pool, timeNs))
    .toSorted((one, other) => kindRank(one) - kindRank(other));
}

function kindRank({ pool }: PoolRecord): number {
  return POOL_KINDS.indexOf(pool.kind);
}

function writeHeader({ header }: FrameView, run: Run, label: FrameLabel): void {
  const { ledger, swiotlb, history, verdict } = run;
  const { mem } = swiotlb;
  header[HEADER.sequence] = label.sequence;
  header[HEADER.serial] = label.serial;
  header[HEADER.timeNs] = run.timeNs;
  const knownNs = Math.max(run.timeNs, label.knownNs ?? 0);
  header[HEADER.knownNs] = knownNs;
  header[HEADER.shownNs] = Math.max(knownNs, label.shownNs ?? 0);
  header[HEADER.event] = run.event;
  header[HEADER.endNs] = run.endNs;
  header[HEADER.runState] = RUN_STATES.indexOf(label.runState);
  header[HEADER.colourMode] = COLOUR_MODES.indexOf(label.colourMode);
  header[HEADER.bucketsFilled] = history.filled;
  header[HEADER.bucketNs] = history.bucketNs;
  header[HEADER.used] = ledger.used;
  header[HEADER.hiwater] = ledger.hiwater;
  header[HEADER.nslabs] = ledger.capacity;
  header[HEADER.transientNslabs] = mem.transientNslabs;
  header[HEADER.maps] = ledger.maps;
  header[HEADER.failedMaps] = ledger.failedMaps;
  header[HEADER.directMaps] = ledger.directMaps;
  header[HEADER.unmaps] = ledger.unmaps;
  header[HEADER.copiedBytes] = ledger.copiedBytes;
  header[HEADER.decisions] = verdict?.decisions ?? 0;
  header[HEADER.differences] = verdict?.differences ?? 0;
  header[HEADER.totalDecisions] = verdict?.summary.decisions ?? 0;
  header[HEADER.adopted] = verdict?.adopted ?? 0;
  header[HEADER.cpus] = run.machine.cpus;
  header[HEADER.paddingSlots] = ledger.paddingSlots;
  header[HEADER.probes] = ledger.probes;
}

function writePool(
  { pools }: FrameView,
  row: number,
  { pool, bornNs, device }: PoolRecord,
  slotOffset: number,
  areaOffset: number,
): void {
  const at = row * POOL_FIELDS;
  pools[at + POOL.id] = pool.id;
  pools[at + POOL.base] = pool.base;
  pools[at + POOL.nslabs] = pool.nslabs;
  pools[at + POOL.nareas] = pool.nareas;
  pools[at + POOL.areaNslabs] = pool.areaNslabs;
  pools[at + POOL.kind] = POOL_KINDS.indexOf(pool.kind);
  pools[at + POOL.slotOffset] = slotOffset;
  pools[at + POOL.areaOffset] = areaOffset;
  pools[at + POOL.used] = pool.areaUsed.reduce((sum, used) => sum + used, 0);
  pools[at + POOL.bornNs] = bornNs;
  pools[at + POOL.device] = device;
}

/** What a restricted pool has of its own: the allocator's counters and thresholds. */
function writeRegion(
  { pools }: FrameView,
  row: number,
  { pool }: PoolRecord,
  { swiotlb }: Run,
): void {
  const at = row * POOL_FIELDS;
  pools.fill(0, at + POOL.hiwater, at + POOL_FIELDS);
  pools[at + POOL.region] = -1;
  const mem = swiotlb.mems.find(({ head }) => head === pool);
  if (pool.kind !== 'restricted' || mem === undefined) return;
  const { throttle } = mem;
  // The default allocator is the first of all.
  pools[at + POOL.region] = mem.id - 1;
  pools[at + POOL.hiwater] = mem.hiwater;
  pools[at + POOL.highThrottle] = throttle.highThrottle;
  pools[at + POOL.lowThrottle] = throttle.lowThrottle;
  pools[at + POOL.highThrottleCount] = throttle.highThrottleCount;
  pools[at + POOL.lowThrottleCount] = throttle.lowThrottleCount;
}

/** @returns the longest free run of the pool. */
function writeAreas(
  { areas }: FrameView,
  areaOffset: number,
  { pool }: PoolRecord,
  { locks, timeNs }: Run,
): number {
  const table = locks.of(pool);
  const { areaNslabs } = pool;
  let longest = 0;
  for (let area = 0; area < pool.nareas; area++) {
    const at = (areaOffset + area) * AREA_FIELDS;
    const from = area * areaNslabs;
    const run = longestFreeRun(pool.table, from, from + areaNslabs);
    if (run > longest) longest = run;
    areas[at + AREA.used] = pool.areaUsed[area] ?? 0;
    areas[at + AREA.index] = pool.areaIndex[area] ?? 0;
    areas[at + AREA.holder] = locks.holderAt(table, area, timeNs);
    areas[at + AREA.spinners] = table.spinners[area] ?? 0;
    areas[at + AREA.firstSpinner] = locks.lowestSpinner(table, area);
    areas[at + AREA.spunNs] = table.spunNs[area] ?? 0;
    areas[at + AREA.heldNs] = table.heldNs[area] ?? 0;
    areas[at + AREA.taken] = table.taken[area] ?? 0;
    areas[at + AREA.contended] = table.contended[area] ?? 0;
    areas[at + AREA.longestFreeRun] = run;
  }
  return longest;
}
