/**
 * What a recording of a kernel with swiotlb throttling shows beyond its slots, in columns like the
 * rest: every read of the use, every sleep and wake-up, every hand-over, each a step of its own in
 * the one total order. A recording without throttling has none of this.
 */

/** What a step is; the value in the `kind` column. */
export const MOMENT = {
  /** A request that may block reads the use; `value` is its decision's row. */
  decide: 0,
  /** It goes to sleep on the semaphore. */
  queue: 1,
  /** It has the semaphore; `value` is 1 when the kernel says it slept, 0 when not, -1 = unsaid. */
  acquire: 2,
  /** What a map or unmap changed the use to is noted; `total` of its row says it. */
  total: 3,
  /** The semaphore is given back; `value` is the pid it is handed to, or -1. */
  release: 4,
} as const;

/** What a line says of its event; bits of the `flags` column. */
export const FLAG = {
  /** The request carried `DMA_ATTR_MAY_BLOCK`. */
  mayBlock: 1,
  /** Its decision is recorded. */
  decided: 2,
  /** The unmapped mapping's request had been throttled. */
  throttled: 4,
  /** What it changed the use to is recorded. */
  total: 8,
  /** It gave the semaphore back. */
  release: 16,
} as const;

/** Thresholds are taken as the kernel takes them: also far above every pool. */
export const THRESHOLD_LIMIT = Number.MAX_SAFE_INTEGER;

/** In `list`: the event belongs to no scatter/gather list. */
export const NO_LIST = 0xffff_ffff;

/** One row per step. */
export interface MomentColumns {
  /** The event it is a step of. */
  readonly row: Uint32Array;
  /** Place in the one total order, that of the area locks too. */
  readonly seq: Uint32Array;
  /** A `MOMENT`. */
  readonly kind: Uint8Array;
  /** In seconds of the recorded clock. */
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/** One row per decision: what the kernel read, and what it came to. */
export interface DecisionColumns {
  /** `total_used` as one read without a lock saw it, slots. */
  readonly used: Uint32Array;
  /** Index into `THROTTLE_WHYS`. */
  readonly why: Uint8Array;
  readonly semCount: Int32Array;
  /** Thresholds, slots; far above any pool where throttling was turned off by them. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** Where the request came to the gate; it may search on another CPU. */
  readonly cpu: Uint16Array;
}

/** One row per event of the recording. */
export interface RowColumns {
  /** `FLAG` bits. */
  readonly flags: Uint8Array;
  /** `total_used` as its change came to it; only where `FLAG.total` is set. */
  readonly total: Uint32Array;
  /** The scatter/gather list, or `NO_LIST`. Maps and unmaps number theirs together. */
  readonly list: Uint32Array;
  /** Which of its entries is mapped, or how many of them were unmapped before. */
  readonly entry: Uint32Array;
  /** Entries of the list; of an unmap, those that had been mapped. */
  readonly entries: Uint32Array;
}

/** Counters of throttled requests, or null where not recorded. */
export interface ThrottleCounts {
  readonly high: number | null;
  readonly low: number | null;
}

/** What the header says of the throttle. */
export interface ThrottleHeader {
  /** Thresholds and the semaphore's count as the recording began. */
  readonly high: number;
  readonly low: number;
  readonly semCount: number;
  readonly countStart: ThrottleCounts;
  readonly countEnd: ThrottleCounts;
  /** Thresholds at the end; null when not recorded. */
  readonly highEnd: number | null;
  readonly lowEnd: number | null;
}

/** All that a recording says of throttling. */
export interface ThrottleRecord {
  readonly header: ThrottleHeader;
  readonly moments: MomentColumns;
  /** Moments in the order they happened. */
  readonly order: Uint32Array;
  readonly decisions: DecisionColumns;
  readonly rows: RowColumns;
}
