/** A drawn recording of a kernel with throttling: one holder, one sleeper, one that finds no room. */
import { headerLine, mapLine, unmapLine, type Line } from './recording-text.ts';

const THROTTLE = {
  high: 1,
  low: 0,
  semCount: 1,
  countStart: { high: 0, low: 0 },
  countEnd: { high: 2, low: 0 },
  highEnd: 1,
  lowEnd: 0,
};
const READ = { why: 'high', high: 1, low: 0 };
const MAY_BLOCK = 0x400;

/** The header; `changes` go into what it says of the throttle. */
export function throttledHeader(changes: Line = {}): Line {
  return headerLine({ throttle: { ...THROTTLE, ...changes } });
}

/** Takes two slots, unthrottled. */
export const NETWORK: Line = mapLine(1, 0, [[2, 0.002, 0, 0, 0]], {
  size: 4096,
  pid: 10,
  tot: [3, 0.003, 2],
});

/** Is throttled and has the semaphore at once. */
export const HOLDER: Line = mapLine(4, 2, [[7, 0.007, 0, 2, 2]], {
  pid: 11,
  attrs: MAY_BLOCK,
  throttle: {
    ...READ,
    used: 2,
    semCount: 1,
    sdecide: 5,
    tdecide: 0.005,
    sacquired: 6,
    tacquired: 0.006,
    waited: false,
  },
  tot: [8, 0.008, 3],
});

/** Sleeps until the holder is done, wakes on another CPU, and finds no room. */
export const SLEEPER: Line = mapLine(
  9,
  null,
  [
    [25, 0.025, 1, 0, 0],
    [26, 0.026, 0, 3, 2],
  ],
  {
    pid: 12,
    cpu_lock: 1,
    size: 270_000,
    attrs: MAY_BLOCK,
    throttle: {
      ...READ,
      used: 3,
      semCount: 0,
      sdecide: 10,
      tdecide: 0.01,
      squeued: 11,
      tqueued: 0.011,
      sacquired: 24,
      tacquired: 0.024,
      waited: true,
    },
    release: { seq: 27, t: 0.027, to: null },
  },
);

/** The holder's slots come back, and the semaphore goes to the sleeper. */
export const RETURN: Line = unmapLine(19, 2, [20, 0.02, 2, 1, 3, 3], {
  tot: [21, 0.021, 2],
  throttled: true,
  release: { seq: 22, t: 0.022, to: 12 },
});

/** All of it, in the order of the file. */
export const THROTTLED: readonly Line[] = [throttledHeader(), NETWORK, HOLDER, RETURN, SLEEPER];
