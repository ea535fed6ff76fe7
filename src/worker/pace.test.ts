import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('virtual time follows wall time by the factor', () => {
  const pace = new Pace();
  pace.set({ kind: 'time', factor: 0.01 }, 1000, 5e6);
  expect(pace.targetNs(1000)).toBe(5e6);
  expect(pace.targetNs(1100)).toBe(6e6);
  expect(pace.takeDueEvents(1100)).toBe(Infinity);
});

test('virtual time is whole, whatever the wall clock says', () => {
  const pace = new Pace();
  pace.set({ kind: 'time', factor: 0.01 }, 0.1, 7);
  expect(pace.targetNs(16.7)).toBe(166_006);
});

test('a run that fell behind goes on from where it is', () => {
  const pace = new Pace();
  pace.set({ kind: 'time', factor: 1 }, 0, 0);
  pace.anchor(500, 100e6);
  expect(pace.targetNs(501)).toBe(101e6);
});

test('events come one by one, as many a second as asked, none twice', () => {
  const pace = new Pace();
  pace.set({ kind: 'events', perSecond: 10 }, 0, 0);
  const given: number[] = [];
  for (let nowMs = 0; nowMs <= 1000; nowMs += 16) given.push(pace.takeDueEvents(nowMs));
  expect(Math.max(...given)).toBe(1);
  expect(given.reduce((sum, events) => sum + events, 0)).toBe(9);
  expect(pace.targetNs(1000)).toBe(Infinity);
});

test('ten seconds may pass between two events', () => {
  const pace = new Pace();
  pace.set({ kind: 'events', perSecond: 0.1 }, 0, 0);
  expect(pace.takeDueEvents(9999)).toBe(0);
  expect(pace.takeDueEvents(10_000)).toBe(1);
});
