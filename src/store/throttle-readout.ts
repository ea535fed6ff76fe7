/** The throttle's part of a readout: thresholds, semaphore, queue, waits, and what policies report. */
import {
  HEADER,
  PASSAGE,
  REPORT,
  THROTTLE_WHYS,
  WAIT_BINS,
  WAITER,
  WAITS,
  type FrameView,
} from '../engine/frame.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import type { ThrottleWhy } from '../model/throttle.ts';

/** A request asleep in the throttle. */
export interface WaiterReadout {
  /** Counts throttled requests of the run from 1. */
  readonly serial: number;
  readonly device: number;
  readonly cpu: number;
  readonly bytes: number;
  readonly sinceNs: number;
  readonly why: ThrottleWhy;
}

/** A throttled request that was let in. Times are virtual ns, -1 = not yet. */
export interface PassageReadout {
  readonly serial: number;
  readonly device: number;
  readonly cpu: number;
  readonly bytes: number;
  readonly why: ThrottleWhy;
  readonly arrivedNs: number;
  readonly admittedNs: number;
  readonly placedNs: number;
  readonly releasedNs: number;
  /** Its first mapping; -1 before there is one. */
  readonly pool: number;
  readonly slot: number;
  readonly nslots: number;
}

type Numbers = { readonly [name in Exclude<keyof typeof REPORT, 'policy'>]: number };
/** What every policy reports; see `REPORT`. */
export interface PolicyReport extends Numbers {
  readonly policy: PolicyId;
}

export interface ThrottleReadout {
  readonly policy: PolicyId;
  /** `high_throttle` and `low_throttle`, in slots: as they are, and as init computed them. */
  readonly highThrottle: number;
  readonly lowThrottle: number;
  readonly defaultHigh: number;
  readonly defaultLow: number;
  readonly highThrottleCount: number;
  readonly lowThrottleCount: number;
  /** Count of `throttle_sem`: 0 = held; -1 where the policy has no holder. */
  readonly semCount: number;
  /** All that sleep; `waiters` are the first of them. */
  readonly waiting: number;
  readonly waiters: readonly WaiterReadout[];
  /** Throttled requests that hold slots or search for some. */
  readonly inside: readonly PassageReadout[];
  /** The one inside where the semaphore is held; null while it changes hands. */
  readonly holder: PassageReadout | null;
  /** Waits by bin: those that are over, and those going on. */
  readonly waitsOver: readonly number[];
  readonly waitsOngoing: readonly number[];
  readonly report: PolicyReport;
  /** Of the run beside this one; null without one. */
  readonly shadow: PolicyReport | null;
  /** Replay: decisions whose recorded use differs from the replayed total. */
  readonly racyReads: number;
  readonly starvedNs: number;
  /** Devices of which `dma_recommend_may_block` says now that they may sleep. */
  readonly mayBlockDevices: number;
}

function waiterOf(frame: FrameView, row: number): WaiterReadout {
  const at = (field: number) => frame.waiter(row, field);
  return {
    serial: at(WAITER.serial),
    device: at(WAITER.device),
    cpu: at(WAITER.cpu),
    bytes: at(WAITER.bytes),
    sinceNs: at(WAITER.sinceNs),
    why: THROTTLE_WHYS[at(WAITER.why)] ?? 'none',
  };
}

function passageOf(frame: FrameView, row: number): PassageReadout {
  const at = (field: number) => frame.passage(row, field);
  return {
    serial: at(PASSAGE.serial),
    device: at(PASSAGE.device),
    cpu: at(PASSAGE.cpu),
    bytes: at(PASSAGE.bytes),
    why: THROTTLE_WHYS[at(PASSAGE.why)] ?? 'none',
    arrivedNs: at(PASSAGE.arrivedNs),
    admittedNs: at(PASSAGE.admittedNs),
    placedNs: at(PASSAGE.placedNs),
    releasedNs: at(PASSAGE.releasedNs),
    pool: at(PASSAGE.pool),
    slot: at(PASSAGE.slot),
    nslots: at(PASSAGE.nslots),
  };
}

function reportOf(frame: FrameView, row: number): PolicyReport {
  const fields = Object.entries(REPORT).map(([name, field]) => [name, frame.report(row, field)]);
  const numbers = Object.fromEntries(fields) as Numbers;
  return { ...numbers, policy: POLICY_IDS[frame.report(row, REPORT.policy)] ?? 'none' };
}

function binsOf(frame: FrameView, row: number): number[] {
  return [...frame.waits.subarray(row * WAIT_BINS, (row + 1) * WAIT_BINS)];
}

/** Copies the throttle's numbers; nothing in the result points into the frame. */
export function throttleOf(frame: FrameView): ThrottleReadout {
  const { counts } = frame;
  const head = (field: number) => frame.head(field);
  const semCount = head(HEADER.semCount);
  const passages = Array.from({ length: counts.passages }, (_, row) => passageOf(frame, row));
  const inside = passages.filter(({ releasedNs }) => releasedNs < 0);
  return {
    policy: POLICY_IDS[head(HEADER.policy)] ?? 'none',
    highThrottle: head(HEADER.highThrottle),
    lowThrottle: head(HEADER.lowThrottle),
    defaultHigh: head(HEADER.defaultHigh),
    defaultLow: head(HEADER.defaultLow),
    highThrottleCount: head(HEADER.highThrottleCount),
    lowThrottleCount: head(HEADER.lowThrottleCount),
    semCount,
    waiting: head(HEADER.throttleWaiting),
    waiters: Array.from({ length: counts.waiters }, (_, row) => waiterOf(frame, row)),
    inside,
    holder: semCount === 0 ? (inside[0] ?? null) : null,
    waitsOver: binsOf(frame, WAITS.over),
    waitsOngoing: binsOf(frame, WAITS.ongoing),
    report: reportOf(frame, 0),
    shadow: head(HEADER.hasShadow) === 1 ? reportOf(frame, 1) : null,
    racyReads: head(HEADER.racyReads),
    starvedNs: head(HEADER.starvedNs),
    mayBlockDevices: head(HEADER.mayBlockDevices),
  };
}
