import { describe, expect, it } from 'vitest';
import { DEVICE, DEVICE_FIELDS, REPORT } from '../engine/frame.ts';
import type { Readout } from '../store/readout.ts';
import { readoutOf } from '../store/readout.ts';
import { throttledFrame, type ThrottleArt } from '../testing/throttle-art.ts';
import { ofAsleepAtEnd, ofHerd, ofStall, ofThrottle, stallOf } from './narrator-throttle.ts';
import type { Named } from './narrator-words.ts';
import { throttleMark, throttleNews } from './throttle-news.ts';

const MS = 1e6;
const HOLDER = { device: 0, arrivedNs: 0, admittedNs: 0, placedNs: 0 };
const QUEUE = Array.from({ length: 10 }, () => ({ sinceNs: 50 * MS }));

interface Change {
  /** Fields of device 0. */
  readonly device?: Partial<Record<keyof typeof DEVICE, number>>;
  readonly report?: Partial<Record<keyof typeof REPORT, number>>;
}

function readoutFrom(art: ThrottleArt, { device = {}, report = {} }: Change = {}): Readout {
  const frame = throttledFrame({ nslabs: 1024, devices: 2, timeNs: 100 * MS, ...art });
  for (const [name, value] of Object.entries(device)) {
    frame.devices[DEVICE[name as keyof typeof DEVICE]] = value;
  }
  for (const [name, value] of Object.entries(report)) {
    frame.reports[REPORT[name as keyof typeof REPORT]] = value;
  }
  expect(frame.devices.length).toBe(2 * DEVICE_FIELDS);
  return readoutOf(frame);
}

function namedOf(readout: Readout): Named[] {
  return readout.devices.map((device, row) => ({
    name: `nvme${row}`,
    device,
    summary: null,
    failures: 0,
    slots: 0,
  }));
}

const told = (readout: Readout) => ofThrottle(readout, namedOf(readout))?.text;
const stall = (readout: Readout) => ofStall(readout, namedOf(readout))?.text;

describe('the narrator on throttling', () => {
  it('says who holds the one semaphore while much is free', () => {
    const readout = readoutFrom({ art: 'A'.padEnd(500, 'a'), queue: QUEUE, passed: [HOLDER] });
    expect(told(readout)).toBe(
      'Half of the memory is free, yet 10 requests wait: nvme0 holds the one semaphore until its unmap.',
    );
  });

  it('names nobody where holders change too fast to be read', () => {
    const passed = [{ ...HOLDER, admittedNs: 99.9 * MS, placedNs: 99.9 * MS }];
    expect(told(readoutFrom({ queue: QUEUE, passed }))).toMatch(/one at a time may hold/);
  });

  it('says that they wait above the threshold, and that nothing has failed', () => {
    const readout = readoutFrom({ art: 'A'.padEnd(900, 'a'), queue: QUEUE, passed: [HOLDER] });
    expect(told(readout)).toMatch(/wait their turn above the threshold; no map has failed/);
  });

  it('says who is left behind where there is no holder', () => {
    const readout = readoutFrom({ policy: 'wake-below', queue: QUEUE });
    expect(told(readout)).toMatch(/who slept at its peak still waits to be woken/);
  });

  it('knows a herd by its vain wake-ups', () => {
    const art = { policy: 'wake-all' as const, queue: QUEUE };
    const herd = (vainWakeUps: number) =>
      ofHerd(readoutFrom(art, { report: { wakeUps: 100, vainWakeUps } }))?.text;
    expect(herd(80)).toMatch(/woken at once/);
    expect(herd(2)).toBeUndefined();
    expect(ofHerd(readoutFrom({ ...art, queue: [] }, { report: { wakeUps: 100 } }))).toBeNull();
  });

  it('is calm when nobody waits, and silent where nothing was ever throttled', () => {
    expect(told(readoutFrom({}, { report: { throttled: 5 } }))).toMatch(/^Nobody waits: /);
    expect(told(readoutFrom({}))).toBeUndefined();
    expect(told(readoutFrom({ policy: 'none' }))).toBeUndefined();
  });

  it('says how many a recording leaves asleep', () => {
    expect(ofAsleepAtEnd(readoutFrom({ queue: QUEUE }), () => undefined)?.text).toMatch(
      /10 requests asleep/,
    );
    expect(ofAsleepAtEnd(readoutFrom({}), () => 'nvme')).toBeNull();
  });

  it('says that a recording ends with a device waiting for itself', () => {
    const art = { queue: [{ sinceNs: 1 }, { sinceNs: 2 }], passed: [HOLDER] };
    const end = (more: Partial<ThrottleArt>) =>
      ofAsleepAtEnd(readoutFrom({ ...art, ...more }), () => 'nvme')?.text;
    expect(end({})).toBe(
      'The recording ends with nvme waiting for itself: it holds the semaphore that 2 requests of its own sleep for.',
    );
    expect(end({ queue: [{ sinceNs: 1 }] })).toMatch(/one request of its own sleeps for\.$/);
    expect(end({ queue: [{ sinceNs: 1, device: 1 }] })).toMatch(/asleep in the throttle/);
    expect(end({ passed: [] })).toMatch(/asleep in the throttle/);
  });

  it('speaks of the moment shown, not of the last stretch', () => {
    const readout = readoutFrom({ art: 'A'.padEnd(500, 'a'), queue: QUEUE, passed: [HOLDER] });
    const later = { ...readout, recent: { ...readout.recent, waiting: 17, used: 30 } };
    expect(told(later)).toMatch(/^Half of the memory is free, yet 10 requests wait/);
  });

  it('says after throttling that nobody waits, and not that no map has failed', () => {
    const readout = readoutFrom({});
    const over = { ...readout, failedMaps: 9, recent: { ...readout.recent, waiting: 4 } };
    expect(told(over)).toMatch(/nobody waits now\.$/);
  });

  it('calls no memory free that a burst has just filled', () => {
    const report = { longestNowNs: 50 * MS };
    const art = { policy: 'wake-below' as const, queue: QUEUE, art: 'A'.padEnd(1000, 'a') };
    const readout = readoutFrom(art, { report });
    const full = { ...readout, recent: { ...readout.recent, used: 50 } };
    expect(stallOf(full)).toEqual({ kind: 'lost' });
    expect(stall(full)).toBeUndefined();
  });
});

describe('nobody is left to wake the queue', () => {
  const device = { unrung: 24, throttled: 1, tasks: 1, blockedTasks: 1 };

  it('when a batch waits for itself', () => {
    const art = { queue: [{ sinceNs: 90 * MS }], passed: [HOLDER] };
    expect(stallOf(readoutFrom(art, { device }))).toEqual({ kind: 'batch', device: 0 });
    expect(stall(readoutFrom(art, { device }))).toMatch(/^nvme0 waits for itself/);
    expect(stall(readoutFrom(art, { device: { ...device, unrung: 0 } }))).toBeUndefined();
    const others = { ...device, tasks: 4 };
    expect(stallOf(readoutFrom(art, { device: others }))).toBeNull();
  });

  it('when nobody has rung for what a device mapped, though other tasks of it may come', () => {
    const art = { queue: [{ sinceNs: 90 * MS }], passed: [HOLDER] };
    const untold = { unrung: 7, throttled: 1, tasks: 12, blockedTasks: 1 };
    expect(stall(readoutFrom(art, { device: untold }))).toBe(
      'nvme0 waits for a device nobody has told: its 7 mapped requests have not been rung for.',
    );
    expect(stall(readoutFrom(art, { device: { ...untold, unrung: 0 } }))).toBeUndefined();
    const another = { ...art, queue: [{ sinceNs: 90 * MS }, { sinceNs: 95 * MS, device: 1 }] };
    expect(stall(readoutFrom(another, { device: untold }))).toBeUndefined();
    const justNow = { ...art, passed: [{ ...HOLDER, admittedNs: 99 * MS }] };
    expect(stall(readoutFrom(justNow, { device: untold }))).toBeUndefined();
  });

  it.each(['wake-below', 'wake-any-above', 'wake-any'] as const)('under %s', (policy) => {
    const report = { longestNowNs: 50 * MS };
    expect(stall(readoutFrom({ policy, queue: QUEUE }, { report }))).toMatch(
      /10 requests sleep on/,
    );
    const full = { policy, queue: QUEUE, art: 'A'.padEnd(1000, 'a') };
    expect(stall(readoutFrom(full, { report }))).toBeUndefined();
    expect(stall(readoutFrom({ policy, queue: QUEUE }))).toBeUndefined();
  });

  it('never where a sleeper gives up by itself', () => {
    const art = { policy: 'timeout-grow' as const, queue: QUEUE };
    expect(stall(readoutFrom(art, { report: { longestNowNs: 50 * MS } }))).toBeUndefined();
  });
});

describe('what is heard of the throttle', () => {
  const calm = throttleMark(readoutFrom({}));
  const waits = throttleMark(readoutFrom({ queue: QUEUE }));

  it('is that it begins, once', () => {
    expect(throttleNews(calm, waits)).toMatch(/^Throttling begins/);
    expect(throttleNews(waits, waits)).toBeNull();
    expect(throttleNews(waits, calm)).toBeNull();
  });

  it('is each request that starves, and that nobody is left to wake them', () => {
    const starves = { ...waits, starved: 2 };
    expect(throttleNews(waits, starves)).toBe('2 requests have starved in the throttle.');
    expect(throttleNews(starves, { ...starves, isStalled: true })).toMatch(/^Nobody is left/);
  });
});
