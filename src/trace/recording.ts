/**
 * A checked recording: what a running kernel decided, in columns.
 *
 * A recording may hold millions of events, so none of them is kept as an object: event `i` is entry
 * `i` of each column, and its steps (one per area lock it took) are entries `stepStart[i]` to
 * `stepStart[i + 1] - 1` of the step columns.
 */

import type { ThrottleRecord } from './throttle-columns.ts';

/** What an event is; the value in the `kind` column. */
export const EVENT = {
  map: 0,
  unmap: 1,
  /** A copy between the original and the bounce buffer; changes no slot. */
  sync: 2,
  /** The growth worker began to run (`swiotlb_dyn_alloc`). */
  workerRuns: 3,
  /** Memory for a new pool was asked for (`swiotlb_alloc_pool`). */
  poolWanted: 4,
  /** The answer: `addr` is the pool's base, or -1. */
  poolAnswer: 5,
  /** A grown pool came to the head of the list and is searched from here on. */
  poolAdded: 6,
  /** A transient pool's memory went back. */
  poolFreed: 7,
  /** A threshold of the throttle was set: `size` is a `THRESHOLD`, `result` the slots. */
  threshold: 8,
  /**
   * A scatter/gather list could not be mapped: `addr` is the list, `size` its entries, `align` how
   * many were tried, the last of which failed.
   */
  listFailed: 9,
} as const;

/** Which threshold was set. */
export const THRESHOLD = { high: 0, low: 1 } as const;

/** `result` of a map that failed, and of one that was still blocked when the recording ended. */
export const MAP_FAILED = -1;
export const MAP_UNFINISHED = -2;

/** In `place`, `index`, `used` and `slot`: the recording does not say. */
export const UNKNOWN = 0xffff_ffff;

/** One row per event that acts on the allocator, in the order of the file. */
export interface EventColumns {
  /** An `EVENT`. */
  readonly kind: Uint8Array;
  /** Line of the file, the header being line 1. */
  readonly line: Uint32Array;
  /** When its last step happened, in seconds of the recorded clock. */
  readonly time: Float64Array;
  /** Index into `devices`. */
  readonly device: Uint16Array;
  readonly cpu: Uint16Array;
  readonly pid: Uint32Array;
  /** Bytes asked for; pool events: slots. */
  readonly size: Uint32Array;
  /** `alloc_align_mask`; pool events: areas. */
  readonly align: Uint32Array;
  /** 0 both ways, 1 to device, 2 from device. */
  readonly direction: Uint8Array;
  /** 1 for a map whose driver wants no line in the log when it fails (`DMA_ATTR_NO_WARN`). */
  readonly quiet: Uint8Array;
  /** Maps: where the data lives. Unmaps and syncs: the bus address. Pool events: the pool's base. */
  readonly addr: Float64Array;
  /** Maps: the bus address given, `MAP_FAILED` or `MAP_UNFINISHED`. */
  readonly result: Float64Array;
  /** Slot where the data starts, or `UNKNOWN`. */
  readonly slot: Uint32Array;
  /** First step of the event; one entry more than there are events. */
  readonly stepStart: Uint32Array;
}

/** One row per area lock, or one for an event that took none. */
export interface StepColumns {
  /** The event it is a step of. */
  readonly row: Uint32Array;
  /** Place in the one total order. */
  readonly seq: Uint32Array;
  /** Maps: the area searched. Unmaps: the first slot freed. `UNKNOWN` without a lock. */
  readonly place: Uint32Array;
  /** The area's hint and use count before the step, or `UNKNOWN`. */
  readonly index: Uint32Array;
  readonly used: Uint32Array;
  /** Unmaps: slots freed. */
  readonly nslots: Uint16Array;
  /** Base address of the pool locked, or -1 where the recording has one pool only. */
  readonly poolBase: Float64Array;
}

export interface RecordedDevice {
  /** As the kernel named it, at most 200 characters, never to be shown as anything but text. */
  readonly name: string;
  readonly driver: string;
  /** Hex text; `0xffffffffffffffff` when not recorded. */
  readonly dmaMask: string;
  /** Hex text; `0x0` = no boundary. */
  readonly segBoundaryMask: string;
  readonly minAlignMask: number;
  /** Whether `minAlignMask` was read off the decisions because the recording has none. */
  readonly inferred: boolean;
}

export interface RecordedPool {
  readonly base: number;
  readonly nslabs: number;
  readonly areas: number;
  readonly isDefault: boolean;
  /** Per area, as the recording began. */
  readonly hints: Uint32Array;
  readonly used: Uint32Array;
}

export interface RecordingHeader {
  readonly kernel: string;
  /** Without the recorder's own words. */
  readonly commandLine: string;
  readonly cpus: number;
  /** CONFIG_SWIOTLB_DYNAMIC: pools came and went. */
  readonly dynamic: boolean;
  /** Highest address a grown pool may have. */
  readonly physLimit: number;
  /** Whether area locks were recorded; without them maps stand at their return. */
  readonly order: 'lock' | 'return';
  /** In search order, the newest first. */
  readonly pools: readonly RecordedPool[];
  readonly startUsed: number;
  readonly startHiwater: number;
  /** Counters after the last event; null when not recorded. */
  readonly endUsed: number | null;
  readonly endHiwater: number | null;
}

/** A recording as it was read, line by line. */
export interface ReadRecording {
  readonly header: RecordingHeader;
  readonly devices: readonly RecordedDevice[];
  readonly events: EventColumns;
  readonly count: number;
  readonly steps: StepColumns;
  readonly stepCount: number;
  /** Steps in the order they happened. */
  readonly order: Uint32Array;
  /** Maps with a result: what a replay must predict. */
  readonly decisions: number;
  /** Why it cannot be complete (events lost, begun mid-life), a sentence each; empty if it is. */
  readonly gaps: readonly string[];
  /** Sentences on what was inferred. */
  readonly remarks: readonly string[];
  /** What the kernel's throttle did; null in a recording of a kernel without one. */
  readonly throttle: ThrottleRecord | null;
}

/** A run of slots to take before step `beforeStep` (a position in `order`), for unmap `row`. */
export interface UnknownBuffer {
  readonly row: number;
  readonly beforeStep: number;
}

/** A recording of which all is known that its replays need, however often it is played. */
export interface Recording extends ReadRecording {
  /** The rows of the events, in the order in which they are done. */
  readonly completion: Uint32Array;
  /** Buffers whose map it does not show, in the order of taking. */
  readonly unknown: readonly UnknownBuffer[];
}
