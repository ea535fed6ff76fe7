import { describe, expect, it } from 'vitest';
import {
  clampDial,
  DIAL_MAX,
  DIAL_STEP,
  DIAL_STOPS,
  dialFor,
  dialForEvents,
  speedAt,
  speedShort,
  speedWords,
  paceNs,
} from './speed.ts';

describe('the speed dial', () => {
  it('goes from single events to ten times real time', () => {
    expect(speedAt(0)).toEqual({ kind: 'events', perSecond: 1 });
    expect(speedAt(2)).toEqual({ kind: 'time', factor: 0.01 });
    expect(speedAt(4)).toEqual({ kind: 'time', factor: 1 });
    expect(speedAt(DIAL_MAX)).toEqual({ kind: 'time', factor: 10 });
  });

  it('stays on the dial and on its steps', () => {
    expect([clampDial(-3), clampDial(99), clampDial(1.3)]).toEqual([0, DIAL_MAX, 1.25]);
  });

  it('finds the place of a scenario’s own speed, never among single events', () => {
    expect([dialFor(0.01), dialFor(1), dialFor(0.000_01)]).toEqual([2, 4, 1]);
  });

  it('opens a recording so that it takes some twenty seconds', () => {
    expect([510, 3211, 20, 1e6].map((events) => speedAt(dialForEvents(events, 20)))).toEqual(
      [25, 125, 1, 125].map((perSecond) => ({ kind: 'events', perSecond })),
    );
  });

  it('only gets faster from position to position', () => {
    const positions = Array.from({ length: DIAL_MAX / DIAL_STEP + 1 }, (_, at) => at * DIAL_STEP);
    const factors = positions
      .map(speedAt)
      .flatMap((speed) => (speed.kind === 'time' ? [speed.factor] : []));
    expect(factors.toSorted((a, b) => a - b)).toEqual(factors);
    expect(factors.length).toBe(positions.length - 1 / DIAL_STEP);
  });

  it('says each stop in words', () => {
    expect(DIAL_STOPS.map((_, position) => speedWords(position))).toEqual([
      '1 event a second',
      '1/1000 of real time',
      '1/100 of real time',
      '1/10 of real time',
      'real time',
      '10 times real time',
    ]);
  });

  it('says each stop in a small place too', () => {
    expect([0, 0.75, 1, 2.5, 4, 5].map(speedShort)).toEqual([
      '1 event/s',
      '125 events/s',
      '1/1000',
      '1/32',
      '1×',
      '10×',
    ]);
  });
});

describe('the pace', () => {
  it('is the dial’s own where it is a factor of real time', () => {
    expect(paceNs(2, 5e6, 100)).toBeCloseTo(1e7, 0);
    expect(paceNs(4, 5e6, 100)).toBe(1e9);
  });

  it('is the run’s mean time between events where the dial counts events', () => {
    expect(paceNs(0, 5e6, 100)).toBe(5e4);
    expect(paceNs(0.75, 5e6, 100)).toBe(125 * 5e4);
    expect(paceNs(0, 0, 0)).toBe(0);
  });
});
