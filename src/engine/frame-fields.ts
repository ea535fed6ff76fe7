/** The tables of a frame: what each number in it means, and how many there are. */

/** First header word of every frame; anything else is not a frame. */
export const FRAME_MAGIC = 0x42_53_46_52;
/** Bumped whenever a field moves. */
export const FRAME_VERSION = 3;

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
  /** Requests asleep in the throttle, or woken and waiting to run. */
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
  /** Shadow: when it is over; a recording may end long before its run. */
  shadowEndNs: 52,
  /** How far the run was ever played on this branch: now, or later. */
  knownNs: 53,
  /** How far any branch was played: so far the timeline reaches. */
  shownNs: 54,
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
  /** Index of the device a transient or restricted pool belongs to, or -1; restricted: the only one. */
  device: 10,
  /** Restricted pools: index into `MachineSummary.regions`, else -1. */
  region: 11,
  /** Counters of a restricted pool's own allocator, 0 for other kinds: theirs are in the header. */
  hiwater: 12,
  highThrottle: 13,
  lowThrottle: 14,
  highThrottleCount: 15,
  lowThrottleCount: 16,
} as const;
/** Numbers in a pool's row. */
export const POOL_FIELDS = 17;
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
  /** Bytes the driver has got by `dma_alloc_*` and keeps, and how often there were none. */
  allocatedBytes: 26,
  failedAllocs: 27,
} as const;
/** Counters that begin at `DEVICE.sizes`. */
export const SIZE_CLASSES = 6;
/** Upper edges of the size counters in bytes; the last class has none. */
export const SIZE_EDGES = [2048, 4096, 16_384, 65_536, 131_072] as const;
/** Numbers in a device's row. */
export const DEVICE_FIELDS = 28;

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
  /** The fewest and the most slots of transient pools at a time. */
  transientMin: 8,
  transientMax: 9,
  /**
   * What became of attempts to grow that began in the bucket, by `GROWTH_TOTALS`: whole numbers,
   * exact up to 16,777,216 a bucket.
   */
  grown: 10,
  halved: 11,
  growthFailed: 12,
  transients: 13,
  transientsFailed: 14,
  /** Blocks asked for and refused, and calls that converted pages. */
  ordersRefused: 15,
  conversions: 16,
} as const;
/** Series that every history has; one per device follows. */
export const FIXED_SERIES = 17;
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
 * 3 from device, 4 memory that was allocated; free-run: `list`, 1..128; request: 1..6 in turn, by mapping.
 */
export const SHADED_MODES: readonly ColourMode[] = ['age', 'direction', 'free-run', 'request'];

/** Words for `HEADER.runState`. */
export const RUN_STATES = ['paused', 'playing', 'ended', 'difference'] as const;
/** One of `RUN_STATES`; `difference` is a replay that stands at one. */
export type RunState = (typeof RUN_STATES)[number];
