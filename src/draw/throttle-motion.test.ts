import { describe, expect, it } from 'vitest';
import { HEADER } from '../engine/frame.ts';
import { throttledFrame, type PassageArt } from '../testing/throttle-art.ts';
import { eased, moveNsOf } from './motion-pace.ts';
import { flowOf, throttleMotion } from './throttle-motion.ts';

/** A hundredth of real time: 10 virtual ms a wall second, a move is 4.2 ms. */
const PACE_NS = 1e7;
const MOVE_NS = moveNsOf(PACE_NS, false);
const MS = 1e6;

/** One let in at 100 ms that has waited, two behind it. */
function atMs(ms: number) {
  const frame = throttledFrame({
    timeNs: ms * MS,
    queue: [{ sinceNs: 60 * MS }, { sinceNs: 99.9 * MS }],
    passed: [{ device: 2, arrivedNs: 50 * MS, admittedNs: 100 * MS, placedNs: 100.01 * MS }],
  });
  return throttleMotion(frame, PACE_NS, MOVE_NS, 10);
}

const ways = (ms: number) => atMs(ms).chips.map(({ way }) => way);

describe('the moves', () => {
  it('take 420 ms of the screen at a hundredth of real time and slower', () => {
    expect(moveNsOf(1e7, false)).toBe(4.2e6);
    expect(moveNsOf(1e6, false)).toBe(4.2e5);
  });

  it('are none where time is shown faster, and for whoever wants no motion', () => {
    expect(moveNsOf(1e8, false)).toBe(0);
    expect(moveNsOf(1e7, true)).toBe(0);
  });

  it('begin and end gently', () => {
    expect([eased(-1), eased(0), eased(0.5), eased(1), eased(7)]).toEqual([0, 0, 0.5, 1, 1]);
  });
});

describe('a request', () => {
  it('goes from the queue into the token, then to its slots, then rests', () => {
    expect(ways(100)).toEqual(['queue-to-token']);
    expect(ways(101.5)).toEqual(['queue-to-token']);
    expect(ways(102.2)).toEqual(['token-to-slots']);
    expect(ways(104.1)).toEqual(['token-to-slots']);
    expect(ways(104.3)).toEqual([]);
  });

  it('comes further with time, and never jumps', () => {
    const shares = [100, 100.5, 1001 / 10, 101, 101.5, 102].map(
      (ms) => atMs(ms).chips[0]?.share ?? -1,
    );
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(atMs(101.05).chips[0]?.share).toBeCloseTo(0.5, 5);
  });

  it('that need not wait comes from the gate', () => {
    const frame = throttledFrame({
      timeNs: 10 * MS,
      passed: [{ arrivedNs: 10 * MS, admittedNs: 10 * MS }],
    });
    const { chips } = throttleMotion(frame, PACE_NS, MOVE_NS, 10);
    expect(chips).toMatchObject([{ way: 'gate-to-token', share: 0 }]);
  });

  it('gives the semaphore back at its unmap, and not after a failed search', () => {
    const released = (placedNs: number) =>
      throttleMotion(
        throttledFrame({
          timeNs: 31 * MS,
          passed: [{ arrivedNs: 0, admittedNs: 10 * MS, placedNs, releasedNs: 30 * MS }],
        }),
        PACE_NS,
        MOVE_NS,
        10,
      ).chips.map(({ way }) => way);
    expect(released(11 * MS)).toEqual(['slots-to-token']);
    expect(released(-1)).toEqual([]);
  });
});

describe('the queue', () => {
  it('moves up by one while its head goes into the token', () => {
    const head = (ms: number) => atMs(ms).rows[0]?.place ?? -1;
    expect(head(100)).toBe(1);
    expect(head(102.1)).toBeCloseTo(0.5, 5);
    expect(head(104.2)).toBe(0);
    expect(atMs(102.1).rows[1]?.place).toBeCloseTo(1.5, 5);
  });

  it('is entered from the gate', () => {
    expect(atMs(100).rows[1]?.entered).toBeLessThan(0.1);
    expect(atMs(105).rows[1]?.entered).toBe(1);
    expect(atMs(100).rows[0]?.entered).toBe(1);
  });

  it('shows no more rows than are asked for', () => {
    const queue = Array.from({ length: 48 }, () => ({ sinceNs: 0 }));
    const frame = throttledFrame({ timeNs: MS, queue, waiting: 10_000 });
    expect(throttleMotion(frame, PACE_NS, MOVE_NS, 9).rows).toHaveLength(9);
  });
});

it('the same moment is the same picture, come to forwards or backwards', () => {
  const times = Array.from({ length: 60 }, (_, step) => 99 + step / 10);
  const forwards = times.map(atMs);
  const backwards = times.toReversed().map(atMs);
  expect(backwards.toReversed()).toEqual(forwards);
});

it('without motion the same requests stand where they end up', () => {
  const frame = throttledFrame({
    timeNs: 100 * MS,
    queue: [{ sinceNs: 99.9 * MS }],
    passed: [{ arrivedNs: 50 * MS, admittedNs: 100 * MS }],
  });
  const { rows, chips } = throttleMotion(frame, PACE_NS, 0, 10);
  expect(rows).toEqual([{ waiter: 0, place: 0, entered: 1 }]);
  expect(chips).toEqual([]);
});

/** Forty passages, one every `gapNs`, the newest at `newestNs`. */
function stream(gapNs: number, newestNs = 100 * MS, timeNs = 100 * MS) {
  const passed = Array.from({ length: 40 }, (_, row): PassageArt => {
    const admittedNs = newestNs - row * gapNs;
    return { device: row % 4 === 0 ? 1 : 0, arrivedNs: admittedNs - 10, admittedNs };
  });
  return throttledFrame({ timeNs, passed });
}

describe('a stream', () => {
  it('too fast for the eye is told as a rate, and whose it is', () => {
    const flow = flowOf(stream(1e5), PACE_NS);
    expect(flow?.perSecond).toBeCloseTo(10_000, 5);
    expect(flow?.byDevice.slice(0, 2)).toEqual([30, 10]);
    expect(throttleMotion(stream(1e5), PACE_NS, MOVE_NS, 10).chips).toEqual([]);
  });

  it('that can be followed is shown one by one', () => {
    expect(flowOf(stream(2e6), PACE_NS)).toBeNull();
    expect(throttleMotion(stream(2e6), PACE_NS, MOVE_NS, 10).chips.length).toBeGreaterThan(0);
  });

  it('that has dried up is none', () => {
    expect(flowOf(stream(1e5, 100 * MS, 200 * MS), PACE_NS)).toBeNull();
  });

  it('of a few is none', () => {
    const frame = stream(1e5);
    frame.header[HEADER.timeNs] = 0;
    const few = throttledFrame({ timeNs: 1, passed: [{ arrivedNs: 0, admittedNs: 1 }] });
    expect(flowOf(few, PACE_NS)).toBeNull();
  });
});
