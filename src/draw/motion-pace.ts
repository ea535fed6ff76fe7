/** How fast things of the throttle move on the screen, as time is shown. */
import { PASSAGE, type FrameView } from '../engine/frame.ts';

/** A request's way from its row to its slots takes so long on the screen. */
export const MOVE_SECONDS = 0.42;
/** Faster than a hundredth of real time nothing is moved, ns of virtual time a wall second. */
const FASTEST_MOVED_NS = 1.001e7;
/** So many passages make a rate. */
const LEAST_PASSAGES = 8;

/** How long a move takes, virtual ns; 0: things are where they are. */
export function moveNsOf(paceNs: number, reducedMotion: boolean): number {
  return reducedMotion || paceNs > FASTEST_MOVED_NS ? 0 : MOVE_SECONDS * paceNs;
}

/** 0 before, 1 after, gently in between. */
export function eased(share: number): number {
  const at = Math.min(1, Math.max(0, share));
  return at * at * (3 - 2 * at);
}

function admissions(frame: FrameView): number[] {
  const times: number[] = [];
  for (let row = 0; row < frame.counts.passages; row++) {
    const admittedNs = frame.passage(row, PASSAGE.admittedNs);
    if (admittedNs >= 0) times.push(admittedNs);
  }
  return times;
}

/** Mean time between two admissions, and the newest of them; null where there are too few to tell. */
export function pulseOf(
  frame: FrameView,
): { gapNs: number; newestNs: number; spanNs: number } | null {
  const times = admissions(frame);
  if (times.length < LEAST_PASSAGES) return null;
  const newestNs = Math.max(...times);
  const spanNs = newestNs - Math.min(...times);
  return { gapNs: spanNs / (times.length - 1), newestNs, spanNs };
}

/**
 * How long a move takes in this frame: where requests follow each other closely, no longer than from
 * one to the next, so that one is on its way at a time.
 */
export function moveNsIn(frame: FrameView, moveNs: number): number {
  const pulse = pulseOf(frame);
  return pulse ? Math.min(moveNs, pulse.gapNs) : moveNs;
}
