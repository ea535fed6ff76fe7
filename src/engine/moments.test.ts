import { expect, test } from 'vitest';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { createSimulation } from './create-simulation.ts';
import { next, previous } from './grains.ts';
import { MOMENT, Moments } from './moments.ts';
import { Timeline } from './timeline.ts';

const { fail, full, grow, peak, throttle, transient } = MOMENT;

test('the next and the last moment of some kinds are found, and copies end where they are told', () => {
  const moments = new Moments();
  for (let event = 10; event <= 1000; event += 10) {
    moments.add(event, event % 100 === 0 ? grow | fail : fail);
  }
  expect(moments.after(95, grow)).toBe(100);
  expect(moments.after(100, grow)).toBe(200);
  expect(moments.after(1000, fail)).toBe(-1);
  expect(moments.before(100, fail)).toBe(90);
  expect(moments.before(100, grow)).toBe(-1);
  expect([moments.kindsOf(100), moments.kindsOf(110), moments.kindsOf(111)]).toEqual([
    grow | fail,
    fail,
    0,
  ]);
  const early = moments.upTo(105);
  expect([early.count, early.last]).toEqual([10, 100]);
  early.add(106, peak);
  expect([moments.kindsOf(106), early.kindsOf(106)]).toEqual([0, peak]);
});

test('of too many the older half is forgotten, and it is known from where on', () => {
  const moments = new Moments();
  for (let event = 1; event <= 70_000; event++) moments.add(event, throttle);
  expect(moments.count).toBe(70_000 - 32_768);
  expect(moments.knownFrom).toBe(32_768);
  expect(moments.before(40_000, throttle)).toBe(39_999);
  expect(moments.before(32_769, throttle)).toBe(-1);
});

/** Far more is wanted than the pool holds: most maps fail. */
const starved = scenarioWith(
  [
    deviceWith({
      sizes: [{ bytes: 65_536, weight: 1 }],
      ratePerSecond: 200_000,
      depth: 256,
      latencyUs: 20,
    }),
  ],
  { cpus: 2, commandLine: 'swiotlb=256,1,force' },
);

test('moments that were forgotten are found again by repeating the run', () => {
  const timeline = new Timeline(createSimulation({ ...starved, lengthMs: 100_000 }));
  while (timeline.moments.knownFrom < 5000 && timeline.run.event < 3_000_000) {
    timeline.play(Infinity, 100_000);
  }
  expect(timeline.moments.knownFrom).toBeGreaterThan(5000);
  const failures: number[] = [];
  const plain = createSimulation({ ...starved, lengthMs: 100_000 });
  for (let failed = 0; plain.event < 3000;) {
    plain.runToEvent(plain.event + 1, Infinity, null);
    if (plain.ledger.failedMaps > failed) failures.push(plain.event);
    failed = plain.ledger.failedMaps;
  }
  const at = failures[Math.floor(failures.length / 2)] ?? 0;
  timeline.seekEvent(at);
  expect(previous(timeline, 'moment', { kinds: fail })).toBe(true);
  expect(timeline.run.event).toBe(failures[failures.indexOf(at) - 1]);
  for (let step = 0; step < 2; step++) expect(next(timeline, 'moment', { kinds: fail })).toBe(true);
  expect(timeline.run.event).toBe(failures[failures.indexOf(at) + 1]);
  // Before the first one there is none, and one stays where one is.
  timeline.seekEvent(failures[0] ?? 0);
  expect(previous(timeline, 'moment', { kinds: fail })).toBe(false);
  expect(timeline.run.event).toBe(failures[0]);
});

test('growth and pools of one request are moments; a series of failures is full once', () => {
  const dynamic = { ...starved.machine, dynamic: true, memoryMiB: 256 };
  const timeline = new Timeline(createSimulation({ ...starved, machine: dynamic }));
  timeline.play(Infinity, 5000);
  const { run, moments } = timeline;
  const events = (kinds: number) => {
    const found: number[] = [];
    for (let event = moments.after(0, kinds); event !== -1; event = moments.after(event, kinds)) {
      found.push(event);
    }
    return found;
  };
  const attempts = run.growth.since(0);
  const of = (is: (by: string, slots: number) => boolean) => [
    ...new Set(attempts.filter(({ by, slots }) => is(by, slots)).map(({ event }) => event)),
  ];
  expect(attempts.length).toBeGreaterThan(5);
  expect(events(grow)).toEqual(of((by) => by !== 'transient'));
  expect(events(transient)).toEqual(of((by, slots) => by === 'transient' && slots > 0));
  expect(events(peak).length).toBeGreaterThan(3);
  const fixed = new Timeline(createSimulation(starved));
  fixed.play(Infinity, 5000);
  const failed = fixed.run.ledger.failedMaps;
  expect(failed).toBeGreaterThan(100);
  const first = fixed.moments.after(0, full);
  expect(first).toBe(fixed.moments.after(0, fail));
  expect(fixed.moments.kindsOf(first)).toBe(full | fail);
});
