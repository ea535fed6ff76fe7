import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alarms, MAX_KIND, MAX_SUBJECT } from './alarms.ts';

interface Ring {
  readonly timeNs: number;
  readonly kind: number;
  readonly subject: number;
}

function takeOne(alarms: Alarms): Ring | null {
  if (!alarms.take()) return null;
  const { timeNs, kind, subject } = alarms;
  return { timeNs, kind, subject };
}

function takeAll(alarms: Alarms): Ring[] {
  const rings: Ring[] = [];
  for (let ring = takeOne(alarms); ring !== null; ring = takeOne(alarms)) rings.push(ring);
  return rings;
}

test('alarms ring by time', () => {
  const alarms = new Alarms();
  for (const timeNs of [50, 10, 40, 20, 30]) alarms.set(timeNs, 1, timeNs);
  expect(takeAll(alarms).map((ring) => ring.timeNs)).toEqual([10, 20, 30, 40, 50]);
});

test('alarms of the same moment ring in the order they were set', () => {
  const alarms = new Alarms();
  for (let subject = 0; subject < 100; subject++) alarms.set(subject % 2 ? 7 : 3, 0, subject);
  const subjects = takeAll(alarms).map((ring) => ring.subject);
  const even = Array.from({ length: 50 }, (_, index) => 2 * index);
  expect(subjects).toEqual([...even, ...even.map((subject) => subject + 1)]);
});

test('an empty heap has no next alarm', () => {
  const alarms = new Alarms();
  expect(alarms.nextNs).toBe(Infinity);
  expect(alarms.take()).toBe(false);
});

test('the largest kind and subject come back as they were set', () => {
  const alarms = new Alarms();
  alarms.set(2 ** 52, MAX_KIND, MAX_SUBJECT);
  expect(takeAll(alarms)).toEqual([{ timeNs: 2 ** 52, kind: MAX_KIND, subject: MAX_SUBJECT }]);
});

test('any mix of setting and taking agrees with a sorted list', () => {
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 12 }) },
    { weight: 2, arbitrary: fc.constant('take' as const) },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
      const alarms = new Alarms();
      let list: Ring[] = [];
      let set = 0;
      const taken: (Ring | null)[] = [];
      const expected: (Ring | null)[] = [];
      for (const what of actions) {
        if (what === 'take') {
          const [first, ...rest] = list.toSorted((one, other) => one.timeNs - other.timeNs);
          taken.push(takeOne(alarms));
          expected.push(first ?? null);
          list = rest;
        } else {
          const ring = { timeNs: what, kind: set % 4, subject: set++ };
          alarms.set(ring.timeNs, ring.kind, ring.subject);
          list.push(ring);
        }
        expect(alarms.size).toBe(list.length);
      }
      expect(taken).toEqual(expected);
    }),
  );
});

test('thousands of alarms at once make the heap grow and lose nothing', () => {
  const alarms = new Alarms();
  const count = 5000;
  for (let subject = 0; subject < count; subject++) {
    alarms.set((subject * 7919) % count, 2, subject);
  }
  const rings = takeAll(alarms);
  expect(rings.map((ring) => ring.timeNs)).toEqual(Array.from({ length: count }, (_, at) => at));
});
