import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEVICE, FrameView, HEADER, OWNER_THROTTLED, WAITER } from '../engine/frame.ts';
import { writeFrame } from '../engine/frame-writer.ts';
import { bytesOfLines, type Line } from '../testing/recording-text.ts';
import {
  HOLDER,
  NETWORK,
  RETURN,
  SLEEPER,
  THROTTLED,
  throttledHeader,
} from '../testing/throttled-text.ts';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';
import { RecordingRun } from './recording-run.ts';

const MS = 1_000_000;
const runOf = async (lines: readonly Line[]) =>
  new RecordingRun(await readRecording(bytesOfLines(lines)), 'drawn');
const recorded = async (name: string) => {
  const path = `./fixtures/recordings/thr-${name}.jsonl.gz`;
  const bytes = new Uint8Array(readFileSync(new URL(path, import.meta.url)));
  return new RecordingRun(await readRecording(bytes), name);
};
const frameOf = (run: RecordingRun) => {
  const label = { sequence: 0, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  return FrameView.read(writeFrame(run, label, null));
};

describe('a recording of a throttled kernel', () => {
  it('agrees with the model, through a sleep and a failure that gives the semaphore back', async () => {
    const report = replayRecording(await readRecording(bytesOfLines(THROTTLED)), null);
    expect(report).toMatchObject({ differ: 0, failures: [] });
  });

  it.each([
    ['keeps the semaphore', { release: undefined }, 'the semaphore not given back'],
    [
      'hands it to somebody',
      { release: { seq: 27, t: 0.027, to: 11 } },
      'the semaphore to task 11',
    ],
  ])('tells of a failed map that %s', async (_, changes, expected) => {
    const lines = [...THROTTLED.slice(0, -1), { ...SLEEPER, ...changes }];
    const { first } = replayRecording(await readRecording(bytesOfLines(lines)), null);
    expect(first).toContain(`line 5: expected ${expected}`);
  });

  it('stops for each event, and between for sleep, wake-up and hand-over', async () => {
    const run = await runOf(THROTTLED);
    const seen: unknown[] = [];
    do {
      const { waiting } = run.throttle;
      const { semCount, queue } = run.swiotlb.mem.throttle;
      seen.push([run.timeNs / MS, run.event, { semCount, queued: queue.length, waiting }]);
      expect(run.nextTimeNs()).toBeGreaterThanOrEqual(run.timeNs);
    } while (run.step());
    expect(seen).toEqual([
      [0, 0, { semCount: 1, queued: 0, waiting: 0 }],
      // The network takes slots; the clock starts here.
      [0, 1, { semCount: 1, queued: 0, waiting: 0 }],
      // One has the semaphore, then its slots; another goes to sleep.
      [4, 1, { semCount: 0, queued: 0, waiting: 0 }],
      [5, 2, { semCount: 0, queued: 0, waiting: 0 }],
      [9, 2, { semCount: 0, queued: 1, waiting: 1 }],
      // The slots come back, the semaphore is handed over, the sleeper wakes and fails.
      [18, 3, { semCount: 0, queued: 1, waiting: 1 }],
      [20, 3, { semCount: 0, queued: 0, waiting: 1 }],
      [22, 3, { semCount: 0, queued: 0, waiting: 0 }],
      [24, 4, { semCount: 0, queued: 0, waiting: 0 }],
      [25, 4, { semCount: 1, queued: 0, waiting: 0 }],
    ]);
    expect([run.ended, run.endNs, run.nextTimeNs()]).toEqual([true, 25 * MS, Infinity]);
  });

  it('keeps the book: who came, slept, moved and gave back, and how much of it was in vain', async () => {
    const run = await runOf(THROTTLED);
    run.runUntil(Infinity, Infinity);
    const { throttle } = run;
    expect(throttle).toMatchObject({ arrived: 2, slept: 1, moved: 1, waiting: 0, wakeUps: 1 });
    expect(throttle.waitedNs).toBe(13 * MS);
    expect(throttle.needlessNs).toBe(0);
    expect(throttle.inside()).toEqual([]);
    expect(throttle.ended()).toMatchObject([
      {
        serial: 2,
        cpu: 1,
        arrivedNs: 8 * MS,
        admittedNs: 22 * MS,
        placedNs: -1,
        releasedNs: 25 * MS,
      },
      { serial: 1, cpu: 0, arrivedNs: 3 * MS, placedNs: 5 * MS, releasedNs: 20 * MS, slot: 2 },
    ]);
  });

  it('shows sleeper, mark and thresholds in the frame, and which devices may block', async () => {
    const run = await runOf(THROTTLED);
    run.runUntil(10 * MS, Infinity);
    const frame = frameOf(run);
    expect(frame.head(HEADER.throttleWaiting)).toBe(1);
    expect([frame.waiters[WAITER.sinceNs], frame.waiters[WAITER.bytes]]).toEqual([8 * MS, 270_000]);
    expect(frame.device(0, DEVICE.throttled)).toBe(1);
    expect([frame.head(HEADER.highThrottle), frame.head(HEADER.lowThrottle)]).toEqual([1, 0]);
    const marked = Array.from(frame.owner, (byte) => (byte & OWNER_THROTTLED) !== 0);
    expect(marked.slice(0, 4)).toEqual([false, false, true, false]);
    expect(run.machine.devices[0]).toMatchObject({ mayBlock: true, recommended: true });
  });

  it('leaves who is blocked at the end in the queue, the event done as it goes to sleep', async () => {
    const { ret: _ret, release: _release, cpu_lock: _cpu, ...cut } = SLEEPER;
    const { sacquired: _s, tacquired: _t, ...throttle } = SLEEPER['throttle'] as Line;
    const blocked = { ...cut, locks: [], throttle };
    const run = await runOf([throttledHeader(), NETWORK, HOLDER, blocked]);
    run.runUntil(Infinity, Infinity);
    expect([run.event, run.differences, run.ended]).toEqual([3, 0, true]);
    expect(run.throttle.waiting).toBe(1);
    expect(frameOf(run).head(HEADER.throttleWaiting)).toBe(1);
  });

  it('stands at a difference of an event that was done before', async () => {
    const wrong = { ...RETURN, release: { seq: 22, t: 0.022, to: null } };
    const run = await runOf([throttledHeader(), NETWORK, HOLDER, wrong, SLEEPER]);
    run.runUntil(Infinity, Infinity);
    expect(run.difference).toMatchObject({ line: 4, event: 3, got: 'the semaphore to task 12' });
    expect([run.event, run.timeNs, run.differences]).toEqual([3, 20 * MS, 1]);
    run.stepPast();
    run.runUntil(Infinity, Infinity);
    expect([run.event, run.differences]).toEqual([4, 1]);
  });

  it('gives the same books however its time is cut', async () => {
    const whole = await recorded('snail-cheetah-4cpu');
    whole.runUntil(Infinity, Infinity);
    const cut = await recorded('snail-cheetah-4cpu');
    for (let timeNs = 0; timeNs < cut.endNs; timeNs += 7_777_777) {
      while (cut.runUntil(timeNs, 5) === 5);
      expect(cut.timeNs).toBe(timeNs);
    }
    cut.runUntil(Infinity, Infinity);
    const books = [whole, cut].map(({ throttle }) => [throttle.waitedNs, throttle.needlessNs]);
    expect(books[0]).toEqual(books[1]);
    expect(cut.racyReads).toBe(3);
  });
});
