/** What a frame holds of the throttle: the queue, who was let in, waits by length, and reports. */

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
/** Rows of the waits table. */
export const WAIT_ROWS = 2;

/** What every policy reports. Row 0 is the run, row 1 its shadow. */
export const REPORT = {
  /** Index into `POLICY_IDS`. */
  policy: 0,
  timeNs: 1,
  used: 2,
  /** The most slots in use since boot; unlike `io_tlb_used_hiwater` nobody can reset it. */
  peak: 3,
  failedMaps: 4,
  ioErrors: 5,
  /** Requests throttled, those that slept, and those that still do or were woken and wait to run. */
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
  /** Requests that may block and passed while others slept; those of them above the low threshold. */
  overtook: 28,
  overtookAbove: 29,
  /** Throttled requests that found no room and gave the semaphore back. */
  gaveBack: 30,
  /** The longest a mapped request stood before its doorbell was rung, of those that were; ns. */
  longestUnrungNs: 31,
  /** The most finished requests that nobody polled for at a time. */
  mostUnreaped: 32,
  /** Bytes held for bouncing: now, the most at a time, and what pools got beyond Linux's rule. */
  held: 33,
  peakHeld: 34,
  overAllocated: 35,
  /** Pools made for one request each. */
  transients: 36,
  /** Conversions both ways: calls, 4 KiB pages, 2 MiB pages; 2 MiB pages the host had to split. */
  convertCalls: 37,
  convertSmall: 38,
  convertLarge: 39,
  splitHostPages: 40,
  /** Pages moved out of the way. */
  migrated: 41,
  /** Virtual CPU time spent, by kind; ns. */
  copyNs: 42,
  searchNs: 43,
  spinNs: 44,
  convertNs: 45,
  pagesNs: 46,
  migrateNs: 47,
  lookupNs: 48,
  /** Successful maps, from call to return: median and 99th percentile (to 3 %); ns. */
  p50MapNs: 49,
  p99MapNs: 50,
  /** `dma_alloc_*` that found no memory. */
  failedAllocs: 51,
} as const;
/** Numbers in a report's row; those beyond `REPORT` are reserved and 0. */
export const REPORT_FIELDS = 64;
/** Reports in a frame. */
export const REPORT_ROWS = 2;
