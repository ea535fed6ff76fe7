/**
 * The numbers the page's text needs, copied out of a frame. Frames live for one task and come up to
 * sixty times a second; text is read by people and is renewed about twenty times a second.
 */
import {
  AREA,
  DEVICE,
  HEADER,
  POOL,
  POOL_KINDS,
  RUN_STATES,
  SIZE_CLASSES,
  type FrameView,
  type PoolKind,
  type RunState,
} from '../engine/frame.ts';
import { comparisonOf, type Comparison } from './comparison.ts';
import { recentOf, type RecentReadout } from './recent.ts';
import { throttleOf, type ThrottleReadout } from './throttle-readout.ts';

export interface DeviceReadout {
  readonly slots: number;
  readonly mappings: number;
  readonly depth: number;
  readonly depthLimit: number;
  readonly waiting: number;
  readonly done: number;
  readonly doneBytes: number;
  readonly failedMaps: number;
  readonly retried: number;
  readonly dropped: number;
  readonly ioErrors: number;
  readonly bounced: number;
  readonly direct: number;
  readonly ratePerSecond: number;
  readonly meanLatencyNs: number;
  /** Counters of map sizes, smallest class first (`SIZE_EDGES`). */
  readonly sizes: readonly number[];
  /** Requests asleep in the throttle; tasks that submit, and those of them that sleep in it. */
  readonly throttled: number;
  readonly tasks: number;
  readonly blockedTasks: number;
  /** Mapped, and the device has not been told. */
  readonly unrung: number;
  /** Finished, and nobody has polled for it. */
  readonly unreaped: number;
  /** Bytes got by `dma_alloc_*` and kept, and how often there were none. */
  readonly allocatedBytes: number;
  readonly failedAllocs: number;
}

export interface PoolReadout {
  readonly id: number;
  readonly base: number;
  readonly nslabs: number;
  readonly nareas: number;
  readonly areaNslabs: number;
  readonly kind: PoolKind;
  readonly used: number;
  readonly bornNs: number;
  /** Index of the device the pool belongs to, or -1. */
  readonly device: number;
  /** Restricted pools: index into `MachineSummary.regions`, else -1; their own counters, else 0. */
  readonly region: number;
  readonly hiwater: number;
  readonly throttle: {
    readonly high: number;
    readonly low: number;
    readonly highCount: number;
    readonly lowCount: number;
  };
}

/** What the CPUs lose at the area locks. */
export interface LockReadout {
  /** CPUs spinning right now. */
  readonly spinning: number;
  readonly spunNs: number;
  readonly taken: number;
  readonly contended: number;
}

export interface Readout {
  readonly sequence: number;
  readonly timeNs: number;
  readonly event: number;
  readonly endNs: number;
  readonly runState: RunState;
  /** Of all allocators together; of one they are in `/sys/kernel/debug/swiotlb`. */
  readonly used: number;
  readonly hiwater: number;
  readonly nslabs: number;
  readonly transientNslabs: number;
  /** Slots of all pools together, transient ones included. */
  readonly slots: number;
  readonly maps: number;
  readonly failedMaps: number;
  readonly directMaps: number;
  readonly unmaps: number;
  readonly copiedBytes: number;
  readonly decisions: number;
  readonly differences: number;
  readonly totalDecisions: number;
  readonly adopted: number;
  readonly cpus: number;
  readonly paddingSlots: number;
  readonly probes: number;
  readonly longestFreeRun: number;
  readonly devices: readonly DeviceReadout[];
  readonly pools: readonly PoolReadout[];
  readonly locks: LockReadout;
  readonly recent: RecentReadout;
  /** Null when nothing runs beside the run. */
  readonly comparison: Comparison | null;
  readonly throttle: ThrottleReadout;
}

function deviceOf(frame: FrameView, row: number): DeviceReadout {
  const field = (index: number) => frame.device(row, index);
  return {
    slots: field(DEVICE.slots),
    mappings: field(DEVICE.mappings),
    depth: field(DEVICE.depth),
    depthLimit: field(DEVICE.depthLimit),
    waiting: field(DEVICE.waiting),
    done: field(DEVICE.done),
    doneBytes: field(DEVICE.doneBytes),
    failedMaps: field(DEVICE.failedMaps),
    retried: field(DEVICE.retried),
    dropped: field(DEVICE.dropped),
    ioErrors: field(DEVICE.ioErrors),
    bounced: field(DEVICE.bounced),
    direct: field(DEVICE.direct),
    ratePerSecond: field(DEVICE.ratePerSecond),
    meanLatencyNs: field(DEVICE.meanLatencyNs),
    sizes: Array.from({ length: SIZE_CLASSES }, (_, size) => field(DEVICE.sizes + size)),
    throttled: field(DEVICE.throttled),
    tasks: field(DEVICE.tasks),
    blockedTasks: field(DEVICE.blockedTasks),
    unrung: field(DEVICE.unrung),
    unreaped: field(DEVICE.unreaped),
    allocatedBytes: field(DEVICE.allocatedBytes),
    failedAllocs: field(DEVICE.failedAllocs),
  };
}

function poolOf(frame: FrameView, row: number): PoolReadout {
  const field = (index: number) => frame.pool(row, index);
  return {
    id: field(POOL.id),
    base: field(POOL.base),
    nslabs: field(POOL.nslabs),
    nareas: field(POOL.nareas),
    areaNslabs: field(POOL.areaNslabs),
    kind: POOL_KINDS[field(POOL.kind)] ?? 'default',
    used: field(POOL.used),
    bornNs: field(POOL.bornNs),
    device: field(POOL.device),
    region: field(POOL.region),
    hiwater: field(POOL.hiwater),
    throttle: {
      high: field(POOL.highThrottle),
      low: field(POOL.lowThrottle),
      highCount: field(POOL.highThrottleCount),
      lowCount: field(POOL.lowThrottleCount),
    },
  };
}

function locksOf(frame: FrameView): LockReadout {
  const sum = { spinning: 0, spunNs: 0, taken: 0, contended: 0 };
  for (let row = 0; row < frame.counts.areas; row++) {
    sum.spinning += frame.area(row, AREA.spinners);
    sum.spunNs += frame.area(row, AREA.spunNs);
    sum.taken += frame.area(row, AREA.taken);
    sum.contended += frame.area(row, AREA.contended);
  }
  return sum;
}

/** Copies a frame's numbers; nothing in the result points into the frame. */
export function readoutOf(frame: FrameView): Readout {
  const { counts } = frame;
  const head = (field: number) => frame.head(field);
  const devices = Array.from({ length: counts.devices }, (_, row) => deviceOf(frame, row));
  const throttle = throttleOf(frame);
  return {
    sequence: head(HEADER.sequence),
    timeNs: head(HEADER.timeNs),
    event: head(HEADER.event),
    endNs: head(HEADER.endNs),
    runState: RUN_STATES[head(HEADER.runState)] ?? 'paused',
    used: head(HEADER.used),
    hiwater: head(HEADER.hiwater),
    nslabs: head(HEADER.nslabs),
    transientNslabs: head(HEADER.transientNslabs),
    slots: counts.slots,
    maps: head(HEADER.maps),
    failedMaps: head(HEADER.failedMaps),
    directMaps: head(HEADER.directMaps),
    unmaps: head(HEADER.unmaps),
    copiedBytes: head(HEADER.copiedBytes),
    decisions: head(HEADER.decisions),
    differences: head(HEADER.differences),
    totalDecisions: head(HEADER.totalDecisions),
    adopted: head(HEADER.adopted),
    cpus: head(HEADER.cpus),
    paddingSlots: head(HEADER.paddingSlots),
    probes: head(HEADER.probes),
    longestFreeRun: head(HEADER.longestFreeRun),
    devices,
    pools: Array.from({ length: counts.pools }, (_, row) => poolOf(frame, row)),
    locks: locksOf(frame),
    recent: recentOf(
      frame,
      devices.map(({ failedMaps }) => failedMaps),
    ),
    throttle,
    comparison: comparisonOf(frame, throttle),
  };
}
