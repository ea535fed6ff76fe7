/**
 * Where the throttled requests are at a moment, between the gate, the queue, the token and the slots.
 *
 * A pure function of the frame and of how fast time is shown: times of waiters and passages, and
 * nothing of an earlier picture. So the same moment looks the same however it was come to, forwards,
 * backwards or by a jump. Where a passage takes less than a few pictures nothing is moved: what goes
 * through is said as a rate.
 */
import { HEADER, PASSAGE, WAITER, type FrameView } from '../engine/frame.ts';
import { eased, moveNsIn, MOVE_SECONDS, pulseOf } from './motion-pace.ts';

const SCREEN_HZ = 60;
/** A passage that takes fewer pictures than this is not shown by itself. */
const LEAST_PICTURES = 4;
/** How far a move that began at `fromNs` has come at `nowNs`. */
function progress(nowNs: number, fromNs: number, moveNs: number): number {
  if (moveNs <= 0) return nowNs >= fromNs ? 1 : 0;
  return eased((nowNs - fromNs) / moveNs);
}

/** A row of the queue. */
export interface QueueRow {
  /** Row of the frame's waiter table, which is its rank. */
  readonly waiter: number;
  /** Where it stands: its rank, and more while it moves up. */
  readonly place: number;
  /** 0 at the gate, 1 in the queue. */
  readonly entered: number;
}

/** A request on its way. */
export interface Chip {
  /** Row of the frame's passage table. */
  readonly passage: number;
  readonly device: number;
  readonly way:
    | 'queue-to-token'
    /** It did not have to wait. */
    | 'gate-to-token'
    | 'token-to-slots'
    /** Its unmap gives the semaphore back. */
    | 'slots-to-token';
  /** How far it has come, 0 to 1. */
  readonly share: number;
}

/** What goes through too fast to be seen one by one. */
export interface Flow {
  /** Requests let in a virtual second. */
  readonly perSecond: number;
  /** How many of the last ones were whose, by device index. */
  readonly byDevice: readonly number[];
}

export interface ThrottleMotion {
  readonly rows: readonly QueueRow[];
  readonly chips: readonly Chip[];
  /** Null where passages can be followed one by one. */
  readonly flow: Flow | null;
}

/** The rate at which requests are let in, where it is too high for the eye; else null. */
export function flowOf(frame: FrameView, paceNs: number): Flow | null {
  const pulse = pulseOf(frame);
  if (!pulse) return null;
  const { gapNs, newestNs, spanNs } = pulse;
  if (gapNs >= (LEAST_PICTURES * paceNs) / SCREEN_HZ) return null;
  // A stream that has dried up is none.
  if (frame.head(HEADER.timeNs) - newestNs > Math.max(MOVE_SECONDS * paceNs, spanNs)) return null;
  const byDevice = Array.from({ length: frame.counts.devices }, () => 0);
  for (let row = 0; row < frame.counts.passages; row++) {
    const device = frame.passage(row, PASSAGE.device);
    byDevice[device] = (byDevice[device] ?? 0) + 1;
  }
  return { perSecond: spanNs > 0 ? 1e9 / gapNs : 0, byDevice };
}

/** Rows' worth of those that were let in a moment ago and still leave a gap at the head. */
function leaving(frame: FrameView, moveNs: number): number {
  const nowNs = frame.head(HEADER.timeNs);
  let gap = 0;
  for (let row = 0; row < frame.counts.passages; row++) {
    const admittedNs = frame.passage(row, PASSAGE.admittedNs);
    const slept = admittedNs > frame.passage(row, PASSAGE.arrivedNs);
    if (slept && admittedNs <= nowNs) gap += 1 - progress(nowNs, admittedNs, moveNs);
  }
  return gap;
}

function rowsOf(frame: FrameView, moveNs: number, most: number): QueueRow[] {
  const nowNs = frame.head(HEADER.timeNs);
  const gap = moveNs > 0 ? leaving(frame, moveNs) : 0;
  return Array.from({ length: Math.min(most, frame.counts.waiters) }, (_, waiter) => ({
    waiter,
    place: waiter + gap,
    entered: progress(nowNs, frame.waiter(waiter, WAITER.sinceNs), moveNs),
  }));
}

/** The part of a passage's way that it is on; null where it rests. */
function chipOf(frame: FrameView, passage: number, moveNs: number): Chip | null {
  const nowNs = frame.head(HEADER.timeNs);
  const at = (field: number) => frame.passage(passage, field);
  const admittedNs = at(PASSAGE.admittedNs);
  const placedNs = at(PASSAGE.placedNs);
  const releasedNs = at(PASSAGE.releasedNs);
  const legNs = moveNs / 2;
  const on = (fromNs: number) => nowNs >= fromNs && nowNs < fromNs + legNs;
  const device = at(PASSAGE.device);
  const chip = (way: Chip['way'], fromNs: number): Chip => ({
    passage,
    device,
    way,
    share: progress(nowNs, fromNs, legNs),
  });
  if (placedNs >= 0 && releasedNs >= 0 && on(releasedNs)) return chip('slots-to-token', releasedNs);
  if (on(admittedNs)) {
    const slept = admittedNs > at(PASSAGE.arrivedNs);
    return chip(slept ? 'queue-to-token' : 'gate-to-token', admittedNs);
  }
  const setOutNs = Math.max(placedNs, admittedNs + legNs);
  return placedNs >= 0 && on(setOutNs) ? chip('token-to-slots', setOutNs) : null;
}

/**
 * What a picture shows of the throttle.
 *
 * @param paceNs virtual nanoseconds that pass in a wall second.
 * @param moveNs as `moveNsOf` gives it.
 * @param most rows of the queue that are wanted.
 */
export function throttleMotion(
  frame: FrameView,
  paceNs: number,
  moveNs: number,
  most: number,
): ThrottleMotion {
  const flow = flowOf(frame, paceNs);
  if (flow || moveNs <= 0) return { rows: rowsOf(frame, 0, most), chips: [], flow };
  const stepNs = moveNsIn(frame, moveNs);
  const chips: Chip[] = [];
  for (let row = 0; row < frame.counts.passages; row++) {
    const chip = chipOf(frame, row, stepNs);
    if (chip) chips.push(chip);
  }
  return { rows: rowsOf(frame, stepNs, most), chips, flow };
}
