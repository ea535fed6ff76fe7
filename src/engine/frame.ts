/**
 * One picture of the state in one buffer: what the worker posts and the page paints from.
 *
 * The buffer is transferred, read in place through `FrameView`, and handed back to be refilled, so
 * nothing is copied and nothing is allocated per frame. Everything in it is a number; names and
 * sentences travel once, in the worker's `loaded` and `log` reports.
 *
 * Layout, all little-endian and in this order: header (`HEADER_FIELDS` float64), pools, areas,
 * devices, waiters, passages, waits, reports (float64 tables), history (float32 series, and those of
 * the shadow run if there is one), owner bytes (one a slot), shade bytes (one a slot, only in the
 * colour modes that need them).
 */

/** First header word of every frame; anything else is not a frame. */
export const FRAME_MAGIC = 0x42_53_46_52;
/** Bumped whenever a field moves. */
export const FRAME_VERSION = 2;

/** Header words, float64. Times are virtual nanoseconds, counts are exact integers. */
export const HEADER = {
  magic: 0,
  version: 1,
  /** Counts frames of this worker. */
  sequence: 2,
  /** Which load this belongs to; frames of an earlier load are dropped by the page. */
  serial: 3,
  timeNs: 4,
  /** Events handled so far. */
  event: 5,
  /** End of the run in virtual time; 0 when it has none. */
  endNs: 6,
  /** A `RunState` as number. */
  runState: 7,
  /** Index into `COLOUR_MODES`. */
  colourMode: 8,
  pools: 9,
  areas: 10,
  devices: 11,
  /** Capacity of the history, in buckets. */
  buckets: 12,
  /** Buckets filled so far. */
  bucketsFilled: 13,
  /** Virtual nanoseconds a bucket spans. */
  bucketNs: 14,
  /** Slots of all pools together: length of the owner section. */
  slots: 15,
  /** 1 when a shade section follows. */
  hasShade: 16,
  /** `io_tlb_used`. */
  used: 17,
  /** `io_tlb_used_hiwater`. */
  hiwater: 18,
  /** `io_tlb_nslabs`. */
  nslabs: 19,
  /** `io_tlb_transient_nslabs`. */
  transientNslabs: 20,
  /** Maps that bounced and succeeded. */
  maps: 21,
  /** Maps that found no room or no reach. */
  failedMaps: 22,
  /** Maps that needed no bounce. */
  directMaps: 23,
  unmaps: 24,
  /** Bytes the CPUs copied, both ways. */
  copiedBytes: 25,
  /** Replay: decisions compared so far, differences among them, decisions in the whole recording. */
  decisions: 26,
  differences: 27,
  totalDecisions: 28,
  /** Replay: slots taken over from the kernel because the recording did not show their map. */
  adopted: 29,
  cpus: 30,
  /** Slots that are padding (`pad_slots`). */
  paddingSlots: 31,
  /** Slots that one area lock search looked at, summed over the run. */
  probes: 32,
  /** Longest free run anywhere, in slots. */
  longestFreeRun: 33,
  /** Index into `POLICY_IDS`. */
  policy: 34,
  /** `high_throttle` and `low_throttle` as they are, and as init computed them; slots. */
  highThrottle: 35,
  lowThrottle: 36,
  defaultHigh: 37,
  defaultLow: 38,
  highThrottleCount: 39,
  lowThrottleCount: 40,
  /** Count of `throttle_sem`: 0 = held; -1 where the policy has no holder. */
  semCount: 41,
  /** Requests asleep in the throttle. */
  throttleWaiting: 42,
  /** Rows of the waiter and passage tables. */
  waiters: 43,
  passages: 44,
  /** Who waits longer than this counts as starved, virtual ns. */
  starvedNs: 45,
  /** Replay: decisions whose recorded `used` differs from the replayed total. */
  racyReads: 46,
  /** 1 when a shadow run is beside this one: its report and history follow. */
  hasShadow: 47,
  /** Shadow: virtual time it has come to, and its history's buckets. */
  shadowTimeNs: 48,
  shadowBucketsFilled: 49,
  shadowBucketNs: 50,
  /** Devices that may block, as `dma_recommend_may_block` says now. */
  mayBlockDevices: 51,
} as const;
/** Numbers in the header; those beyond `HEADER` are reserved and 0. */
export const HEADER_FIELDS = 64;

/** One row per pool, in the order the page shows them: default, restricted, dynamic, transient. */
export const POOL = {
  id: 0,
  base: 1,
  nslabs: 2,
  nareas: 3,
  areaNslabs: 4,
  /** Index into `POOL_KINDS`. */
  kind: 5,
  /** Where the pool's slots start in the owner and shade sections. */
  slotOffset: 6,
  /** Where the pool's areas start in the area table. */
  areaOffset: 7,
  used: 8,
  /** When the pool appeared, virtual ns. */
  bornNs: 9,
  /** Index of the device a transient or restricted pool belongs to, or -1. */
  device: 10,
} as const;
/** Numbers in a pool's row. */
export const POOL_FIELDS = 12;
/** Words for `POOL.kind`. */
export const POOL_KINDS = ['default', 'restricted', 'dynamic', 'transient'] as const;
/** One of `POOL_KINDS`. */
export type PoolKind = (typeof POOL_KINDS)[number];

/** One row per area. */
export const AREA = {
  used: 0,
  /** `area.index`: where the next search begins, counted from the area's first slot. */
  index: 1,
  /** CPU that holds the area's lock, or -1. */
  holder: 2,
  /** CPUs spinning for it now. */
  spinners: 3,
  /** Lowest-numbered spinning CPU, or -1. */
  firstSpinner: 4,
  /** Virtual ns CPUs have spun here in all. */
  spunNs: 5,
  /** Virtual ns the lock was held in all. */
  heldNs: 6,
  /** Lock takings, and those of them that had to spin. */
  taken: 7,
  contended: 8,
  longestFreeRun: 9,
} as const;
/** Numbers in an area's row. */
export const AREA_FIELDS = 10;

/** One row per device. */
export const DEVICE = {
  slots: 0,
  /** Live mappings. */
  mappings: 1,
  /** Requests in flight, and the most the device takes. */
  depth: 2,
  depthLimit: 3,
  /** Requests put back after a failed map, waiting for their retry. */
  waiting: 4,
  done: 5,
  doneBytes: 6,
  failedMaps: 7,
  retried: 8,
  dropped: 9,
  ioErrors: 10,
  bounced: 11,
  direct: 12,
  /** Requests finished a virtual second, over the last 40 virtual ms or more; 0 in the first 10. */
  ratePerSecond: 13,
  /** Mean time of the requests finished in that time. */
  meanLatencyNs: 14,
  /** Six counters of map sizes: <= 2 KiB, <= 4, <= 16, <= 64, <= 128, above. */
  sizes: 15,
  /** Requests asleep in the throttle; tasks that submit, and those of them that sleep in it. */
  throttled: 21,
  tasks: 22,
  blockedTasks: 23,
  /** Requests mapped whose doorbell has not been rung. */
  unrung: 24,
  /** Requests the device has finished and nobody has polled for. */
  unreaped: 25,
} as const;
/** Counters that begin at `DEVICE.sizes`. */
export const SIZE_CLASSES = 6;
/** Upper edges of the size counters in bytes; the last class has none. */
export const SIZE_EDGES = [2048, 4096, 16_384, 65_536, 131_072] as const;
/** Numbers in a device's row. */
export const DEVICE_FIELDS = 26;

/** One row per sleeping request, in the order of the queue; at most `WAITER_ROWS`. */
export const WAITER = {
  /** Counts throttled requests of the run from 1. */
  serial: 0,
  device: 1,
  cpu: 2,
  /** Bytes of the request. */
  bytes: 3,
  /** When it came to the gate, virtual ns. */
  sinceNs: 4,
  /** Index into `THROTTLE_WHYS`. */
  why: 5,
} as const;
/** Numbers in a waiter's row. */
export const WAITER_FIELDS = 6;
/** Waiters a frame shows; `HEADER.throttleWaiting` counts all. */
export const WAITER_ROWS = 48;
/** Words for the `why` of waiters and passages. */
export const THROTTLE_WHYS = ['none', 'high', 'low'] as const;

/**
 * One row per throttled request that was let in: first those that hold slots or search for some,
 * then those that ended, newest first; at most `PASSAGE_ROWS`. Times are virtual ns, -1 = not yet.
 */
export const PASSAGE = {
  serial: 0,
  device: 1,
  cpu: 2,
  bytes: 3,
  why: 4,
  /** It came to the gate; was let in; took its slots; gave them back or failed. */
  arrivedNs: 5,
  admittedNs: 6,
  placedNs: 7,
  releasedNs: 8,
  /** Pool id, first slot and slots of its first mapping; -1 before. */
  pool: 9,
  slot: 10,
  nslots: 11,
} as const;
/** Numbers in a passage's row. */
export const PASSAGE_FIELDS = 12;
/** Passages a frame shows. */
export const PASSAGE_ROWS = 48;

/** Bins of waiting times: five a decade from 1 us to 100 s; shorter and longer go to the ends. */
export const WAIT_BINS = 40;
/** Lower edge of the first bin, and bins a decade. */
export const WAIT_FIRST_NS = 1000;
export const WAIT_BINS_PER_DECADE = 5;
/** Rows of the waits table, `WAIT_BINS` each: waits that are over, and those going on. */
export const WAITS = { over: 0, ongoing: 1 } as const;
const WAIT_ROWS = 2;

/** What every policy reports. Row 0 is the run, row 1 its shadow. */
export const REPORT = {
  /** Index into `POLICY_IDS`. */
  policy: 0,
  timeNs: 1,
  used: 2,
  /** `io_tlb_used_hiwater` since boot or since it was reset. */
  peak: 3,
  failedMaps: 4,
  ioErrors: 5,
  /** Requests throttled, those that slept, and those asleep now. */
  throttled: 6,
  slept: 7,
  waiting: 8,
  /** Waits that are over: mean, median, 99th percentile (to 2 %), longest; ns. */
  meanWaitNs: 9,
  p50WaitNs: 10,
  p99WaitNs: 11,
  maxWaitNs: 12,
  /** The longest wait that goes on, ns; 0 when none does. */
  longestNowNs: 13,
  /** Waits longer than `HEADER.starvedNs`, over or going on. */
  starved: 14,
  /** Requests finished and their bytes. */
  done: 15,
  doneBytes: 16,
  /** Wake-ups in all, and those after which the request went back to sleep. */
  wakeUps: 17,
  vainWakeUps: 18,
  /** Waiters that woke on another CPU than they slept on. */
  moved: 19,
  /** Time slept in all, and of it while the use was at or below the low threshold; ns. */
  waitedNs: 20,
  needlessNs: 21,
  /** Waits given up for a pool of one's own, and pools grown. */
  timedOut: 22,
  pools: 23,
  maps: 24,
  retried: 25,
  dropped: 26,
  /** The most requests asleep at a time. */
  mostWaiting: 27,
} as const;
/** Numbers in a report's row. */
export const REPORT_FIELDS = 28;
/** Reports in a frame. */
export const REPORT_ROWS = 2;

/** History series before the per-device ones (slots in flight at the bucket's end). */
export const SERIES = {
  usedMin: 0,
  usedMax: 1,
  capacity: 2,
  hiwater: 3,
  failures: 4,
  /** Thresholds at the bucket's end; 0 both where nothing is throttled. */
  highThrottle: 5,
  lowThrottle: 6,
  /** The most requests asleep in the throttle at a time. */
  waiting: 7,
} as const;
/** Series that every history has; one per device follows. */
export const FIXED_SERIES = 8;
/** Capacity of the history: when full, neighbours merge and a bucket spans twice the time. */
export const HISTORY_BUCKETS = 1024;

/** Owner byte: 0 free, else device index + 1 in the low bits (15 = device unknown). */
export const OWNER_DEVICE_MASK = 0x0f;
/** Last slot of a mapping: the painter draws its edge. */
export const OWNER_LAST = 0x10;
/** Padding in front of a mapping's data (`pad_slots`). */
export const OWNER_PADDING = 0x20;
/** Mapping of a request that was throttled: on all its slots. */
export const OWNER_THROTTLED = 0x40;
/** First slot of a mapping, padding included. */
export const OWNER_FIRST = 0x80;

/** What the heatmap's colours can tell. */
export const COLOUR_MODES = [
  'device',
  'state',
  'age',
  'direction',
  'free-run',
  'area',
  'request',
] as const;
/** One of `COLOUR_MODES`. */
export type ColourMode = (typeof COLOUR_MODES)[number];
/**
 * Modes with a shade byte per slot. 0 is always "nothing to say" (free; for `free-run`: used).
 * age: 1..255, log scale from 1 us (1) to 10 s (255); direction: 1 both ways, 2 to device,
 * 3 from device; free-run: `list`, 1..128; request: 1..6 in turn, by mapping.
 */
export const SHADED_MODES: readonly ColourMode[] = ['age', 'direction', 'free-run', 'request'];

/** Words for `HEADER.runState`. */
export const RUN_STATES = ['paused', 'playing', 'ended', 'difference'] as const;
/** One of `RUN_STATES`; `difference` is a replay that stands at one. */
export type RunState = (typeof RUN_STATES)[number];

/** How many rows each section has. */
export interface FrameCounts {
  readonly pools: number;
  readonly areas: number;
  readonly devices: number;
  readonly buckets: number;
  readonly slots: number;
  readonly shaded: boolean;
  readonly waiters: number;
  readonly passages: number;
  readonly shadowed: boolean;
}

/** Byte offsets of the sections, and the length of the whole. */
interface Sections {
  readonly pools: number;
  readonly areas: number;
  readonly devices: number;
  readonly waiters: number;
  readonly passages: number;
  readonly waits: number;
  readonly reports: number;
  readonly history: number;
  readonly shadow: number;
  readonly owner: number;
  readonly shade: number;
  readonly end: number;
}

function sectionsOf(counts: FrameCounts): Sections {
  const pools = HEADER_FIELDS * 8;
  const areas = pools + counts.pools * POOL_FIELDS * 8;
  const devices = areas + counts.areas * AREA_FIELDS * 8;
  const waiters = devices + counts.devices * DEVICE_FIELDS * 8;
  const passages = waiters + counts.waiters * WAITER_FIELDS * 8;
  const waits = passages + counts.passages * PASSAGE_FIELDS * 8;
  const reports = waits + WAIT_ROWS * WAIT_BINS * 8;
  const history = reports + REPORT_ROWS * REPORT_FIELDS * 8;
  const shadow = history + (FIXED_SERIES + counts.devices) * counts.buckets * 4;
  const owner = shadow + (counts.shadowed ? FIXED_SERIES * counts.buckets * 4 : 0);
  const shade = owner + counts.slots;
  return {
    pools,
    areas,
    devices,
    waiters,
    passages,
    waits,
    reports,
    history,
    shadow,
    owner,
    shade,
    end: shade + (counts.shaded ? counts.slots : 0),
  };
}

/** Bytes a frame with these counts takes. */
export function frameBytes(counts: FrameCounts): number {
  return sectionsOf(counts).end;
}

/**
 * A frame read or written in place. The arrays are views into `buffer`; after the buffer was handed
 * back they are empty, so a painter must not keep them.
 */
export class FrameView {
  readonly buffer: ArrayBuffer;
  readonly counts: FrameCounts;
  readonly header: Float64Array;
  readonly pools: Float64Array;
  readonly areas: Float64Array;
  readonly devices: Float64Array;
  readonly waiters: Float64Array;
  readonly passages: Float64Array;
  /** `WAITS` rows of `WAIT_BINS`. */
  readonly waits: Float64Array;
  readonly reports: Float64Array;
  readonly owner: Uint8Array;
  readonly shade: Uint8Array;
  readonly #history: Float32Array;
  readonly #shadow: Float32Array;

  private constructor(buffer: ArrayBuffer, counts: FrameCounts) {
    const at = sectionsOf(counts);
    this.buffer = buffer;
    this.counts = counts;
    this.header = new Float64Array(buffer, 0, HEADER_FIELDS);
    this.pools = new Float64Array(buffer, at.pools, counts.pools * POOL_FIELDS);
    this.areas = new Float64Array(buffer, at.areas, counts.areas * AREA_FIELDS);
    this.devices = new Float64Array(buffer, at.devices, counts.devices * DEVICE_FIELDS);
    this.waiters = new Float64Array(buffer, at.waiters, counts.waiters * WAITER_FIELDS);
    this.passages = new Float64Array(buffer, at.passages, counts.passages * PASSAGE_FIELDS);
    this.waits = new Float64Array(buffer, at.waits, WAIT_ROWS * WAIT_BINS);
    this.reports = new Float64Array(buffer, at.reports, REPORT_ROWS * REPORT_FIELDS);
    this.#history = new Float32Array(buffer, at.history, (at.shadow - at.history) / 4);
    this.#shadow = new Float32Array(buffer, at.shadow, (at.owner - at.shadow) / 4);
    this.owner = new Uint8Array(buffer, at.owner, counts.slots);
    this.shade = new Uint8Array(buffer, at.shade, counts.shaded ? counts.slots : 0);
  }

  /**
   * Lays a frame out in `buffer`, or in a new one when it is too small, and writes the counts.
   * Every other field keeps whatever the buffer held: the writer sets them all.
   */
  static lay(buffer: ArrayBuffer | null, counts: FrameCounts): FrameView {
    const bytes = frameBytes(counts);
    const room = buffer && buffer.byteLength >= bytes ? buffer : new ArrayBuffer(bytes);
    const frame = new FrameView(room, counts);
    const { header } = frame;
    header[HEADER.magic] = FRAME_MAGIC;
    header[HEADER.version] = FRAME_VERSION;
    header[HEADER.pools] = counts.pools;
    header[HEADER.areas] = counts.areas;
    header[HEADER.devices] = counts.devices;
    header[HEADER.buckets] = counts.buckets;
    header[HEADER.slots] = counts.slots;
    header[HEADER.hasShade] = counts.shaded ? 1 : 0;
    header[HEADER.waiters] = counts.waiters;
    header[HEADER.passages] = counts.passages;
    header[HEADER.hasShadow] = counts.shadowed ? 1 : 0;
    return frame;
  }

  /**
   * Reads a frame that came over the port.
   *
   * @throws RangeError when the buffer is not a frame of this version, or is shorter than it says.
   */
  static read(buffer: ArrayBuffer): FrameView {
    const words =
      buffer.byteLength >= HEADER_FIELDS * 8 ? new Float64Array(buffer, 0, HEADER_FIELDS) : null;
    if (words?.[HEADER.magic] !== FRAME_MAGIC) throw new RangeError('the buffer is not a frame');
    if (words[HEADER.version] !== FRAME_VERSION) {
      throw new RangeError(`frame version ${words[HEADER.version]}, expected ${FRAME_VERSION}`);
    }
    const count = (field: number) => words[field] ?? 0;
    const counts: FrameCounts = {
      pools: count(HEADER.pools),
      areas: count(HEADER.areas),
      devices: count(HEADER.devices),
      buckets: count(HEADER.buckets),
      slots: count(HEADER.slots),
      shaded: count(HEADER.hasShade) === 1,
      waiters: count(HEADER.waiters),
      passages: count(HEADER.passages),
      shadowed: count(HEADER.hasShadow) === 1,
    };
    if (frameBytes(counts) > buffer.byteLength) {
      throw new RangeError(
        `frame of ${frameBytes(counts)} bytes in a buffer of ${buffer.byteLength}`,
      );
    }
    return new FrameView(buffer, counts);
  }

  /** One series of the history (`SERIES`, then one per device), the whole capacity long. */
  series(index: number): Float32Array {
    const { buckets } = this.counts;
    return this.#history.subarray(index * buckets, (index + 1) * buckets);
  }

  /** One of the fixed series of the shadow run's history; empty without a shadow. */
  shadowSeries(index: number): Float32Array {
    const { buckets } = this.counts;
    return this.#shadow.subarray(index * buckets, (index + 1) * buckets);
  }

  /** A header word, a `HEADER` index. */
  head(field: number): number {
    return this.header[field] ?? 0;
  }

  /** Field `field` (`POOL`) of pool row `row`. */
  pool(row: number, field: number): number {
    return this.pools[row * POOL_FIELDS + field] ?? 0;
  }

  /** Field `field` (`AREA`) of area row `row`. */
  area(row: number, field: number): number {
    return this.areas[row * AREA_FIELDS + field] ?? 0;
  }

  /** Field `field` (`DEVICE`) of device row `row`. */
  device(row: number, field: number): number {
    return this.devices[row * DEVICE_FIELDS + field] ?? 0;
  }

  /** Field `field` (`WAITER`) of waiter row `row`. */
  waiter(row: number, field: number): number {
    return this.waiters[row * WAITER_FIELDS + field] ?? 0;
  }

  /** Field `field` (`PASSAGE`) of passage row `row`. */
  passage(row: number, field: number): number {
    return this.passages[row * PASSAGE_FIELDS + field] ?? 0;
  }

  /** Field `field` (`REPORT`) of the run (row 0) or its shadow (row 1). */
  report(row: number, field: number): number {
    return this.reports[row * REPORT_FIELDS + field] ?? 0;
  }
}
