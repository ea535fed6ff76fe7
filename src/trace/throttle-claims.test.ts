import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../model/array.ts';
import { readRecording } from './recording-check.ts';
import { RecordingRun } from './recording-run.ts';
import type { Recording } from './recording.ts';
import { MOMENT } from './throttle-columns.ts';

const NS_PER_SECOND = 1e9;
/** All that were made but the one that ends blocked for ever, whose waiting has no end. */
const ENDING = ['4cpu', 'doorbell-1cpu', 'hyst-1cpu', 'off-4cpu', 'retune-4cpu', 'sglfail-1cpu'];
const NAMES = [...ENDING, 'small-1cpu', 'snail-cheetah-4cpu'];

async function recordingOf(name: string): Promise<Recording> {
  const path = `./fixtures/recordings/thr-${name}.jsonl.gz`;
  return readRecording(new Uint8Array(readFileSync(new URL(path, import.meta.url))));
}

async function playedOf(name: string): Promise<RecordingRun> {
  const run = new RecordingRun(await recordingOf(name), name);
  run.runUntil(Infinity, Infinity);
  run.throttle.settle(run.timeNs);
  return run;
}

const played = await Promise.all(NAMES.map(playedOf));
const deadlock = await playedOf('deadlock-4cpu');
const all = [...played, deadlock];
const sum = (runs: readonly RecordingRun[], of: (run: RecordingRun) => number) =>
  runs.reduce((total, run) => total + of(run), 0);
const named = (name: string) => {
  const run = played[NAMES.indexOf(name)];
  if (run === undefined) throw new RangeError(`${name} was not played`);
  return run;
};

/**
 * Waiting while the use was at or below the low threshold that the waiter read when it was throttled,
 * in seconds, by a walk over the recording alone.
 */
function needlessByOwnThreshold({ throttle, count }: Recording): number {
  if (throttle === null) return 0;
  const { moments, order, rows, decisions } = throttle;
  const low = new Float64Array(count);
  const asleep = new Set<number>();
  let seconds = 0;
  let used = 0;
  let last = 0;
  for (const moment of order) {
    const row = at(moments.row, moment);
    const time = at(moments.time, moment);
    for (const waiter of asleep) if (used <= at(low, waiter)) seconds += time - last;
    last = time;
    const kind = at(moments.kind, moment);
    if (kind === MOMENT.decide) low[row] = at(decisions.low, at(moments.value, moment));
    if (kind === MOMENT.queue) asleep.add(row);
    if (kind === MOMENT.acquire) asleep.delete(row);
    if (kind === MOMENT.total) used = at(rows.total, row);
  }
  return seconds;
}

describe('what a real kernel with throttling showed', () => {
  it('most waiting was needless: the use was at or below low for 26.3 of 40.1 waiter-seconds', () => {
    const waited = sum(played, ({ throttle }) => throttle.waitedNs) / NS_PER_SECOND;
    const needless = sum(played, ({ throttle }) => throttle.needlessNs) / NS_PER_SECOND;
    expect(waited).toBeCloseTo(40.1, 1);
    expect(needless).toBeCloseTo(26.3, 1);
    expect(needless / waited).toBeGreaterThan(0.5);
  });

  it('by the low threshold that each waiter had read itself, it was 22.8 of them', async () => {
    const recordings = await Promise.all(NAMES.map(recordingOf));
    const seconds = recordings.map(needlessByOwnThreshold);
    expect(seconds.reduce((total, one) => total + one, 0)).toBeCloseTo(22.8, 1);
  });

  it('57 % of the waiting behind the snail was needless', () => {
    const { waitedNs, needlessNs, stats } = named('snail-cheetah-4cpu').throttle;
    expect(Math.round((100 * needlessNs) / waitedNs)).toBe(57);
    expect(waitedNs / NS_PER_SECOND).toBeCloseTo(5.0, 1);
    expect([stats.count, Math.round(stats.maxNs / 1e7) / 100]).toEqual([6, 0.84]);
  });

  it('throttled, no map of the same load fails and the peak is 754, not 996', () => {
    const [on, off] = [named('4cpu'), named('off-4cpu')];
    expect([on.ledger.failedMaps, off.ledger.failedMaps]).toEqual([0, 823]);
    expect([on.swiotlb.mem.hiwater, off.swiotlb.mem.hiwater]).toEqual([754, 996]);
    expect([on.throttle.arrived, off.throttle.arrived]).toEqual([18, 0]);
  });

  it('eight of the 103 waiters woke on another CPU', () => {
    expect(sum(all, ({ throttle }) => throttle.moved)).toBe(8);
    expect(sum(all, ({ throttle }) => throttle.slept)).toBe(103);
    expect(sum(all, ({ throttle }) => throttle.stats.count)).toBe(101);
  });

  it('a batch waits for ever for its own first request', () => {
    const { throttle, swiotlb } = deadlock;
    expect(throttle.inside()).toHaveLength(1);
    expect(throttle.inside()[0]).toMatchObject({ why: 'high', slept: false, nslots: 32 });
    expect([throttle.waiting, swiotlb.mem.throttle.queue.length]).toEqual([2, 2]);
    expect([swiotlb.mem.throttle.semCount, swiotlb.mem.used]).toEqual([0, 768]);
    // Raising the thresholds freed newcomers and not those queued.
    expect(swiotlb.mem.throttle.highThrottle).toBe(1_000_000);
  });

  it('mapped requests without a doorbell wait 3.1 s for another request', () => {
    const { stats } = named('doorbell-1cpu').throttle;
    expect(stats.maxNs / NS_PER_SECOND).toBeCloseTo(3.1, 1);
  });

  it('1,880 of 1,884 decisions read the use that the replay has', async () => {
    const recordings = await Promise.all([...NAMES, 'deadlock-4cpu'].map(recordingOf));
    const decided = recordings.map(({ throttle }) => throttle?.decisions.used.length ?? 0);
    expect(decided.reduce((total, one) => total + one, 0)).toBe(1884);
    expect(sum(all, ({ racyReads }) => racyReads)).toBe(4);
    expect(sum(all, ({ differences }) => differences)).toBe(0);
  });
});
