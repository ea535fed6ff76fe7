import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { seen } from '../testing/seen.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { createSimulation } from './create-simulation.ts';
import { SERIES, HISTORY_BUCKETS } from './frame.ts';
import { next, previous, type Grain } from './grains.ts';
import { GROWTH_MODES, scenarioIn } from './growth-mode.ts';
import { MOMENT } from './moments.ts';
import type { Scenario } from './scenario.ts';
import type { Change, Simulation } from './simulation.ts';
import { Timeline } from './timeline.ts';

const scenarioOf = (id: string): Scenario => {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) throw new RangeError(`no scenario ${id}`);
  return scenario;
};
/** A pool that is too small for what three devices want of it. */
const tooSmall = scenarioWith(
  [
    deviceWith({ sizes: [{ bytes: 65_536, weight: 1 }], contiguity: 0.9, latencyUs: 1500 }),
    networkWith({ ratePerSecond: 40_000 }),
    deviceWith({ name: 'vdb', kind: 'virtio-blk', ratePerSecond: 5000 }),
  ],
  { cpus: 4, commandLine: 'swiotlb=512,2,force' },
);
/** Few events between keyframes, so that short runs have many. */
const OPTIONS = { keyframeEvents: 1500 };

/** A change of the first device's depth. */
const depth = (value: number): Change => ({ kind: 'device', device: 0, control: 'depth', value });
const CHANGES = [3, 40, 9, 64].map(depth);

/** Plays to an event without keyframes, with a change of depth after every `every` events. */
function played(scenario: Scenario, event: number, every: number, changes = CHANGES): Simulation {
  const run = createSimulation(scenario);
  changes.forEach((change, at) => {
    if ((at + 1) * every > event) return;
    run.runToEvent((at + 1) * every, Infinity, null);
    expect(run.apply(change)).toBeNull();
  });
  run.runToEvent(event, Infinity, null);
  return run;
}

/** The same played through a timeline. */
function timelineOf(scenario: Scenario, event: number, every: number): Timeline {
  const timeline = new Timeline(createSimulation(scenario), OPTIONS);
  CHANGES.forEach((change, at) => {
    if ((at + 1) * every > event) return;
    timeline.play(Infinity, (at + 1) * every - timeline.run.event);
    expect(timeline.apply(change)).toBeNull();
  });
  timeline.play(Infinity, event - timeline.run.event);
  return timeline;
}

/** Events of a random journey, and whether each is gone to by its moment instead. */
const journeys = fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.boolean()), {
  minLength: 4,
  maxLength: 4,
});

function differences(
  scenario: Scenario,
  journey: readonly (readonly [number, boolean])[],
): number[] {
  const timeline = timelineOf(scenario, 9000, 2100);
  const { run } = timeline;
  return journey.flatMap(([event, byTime]) => {
    const plain = played(scenario, event, 2100);
    if (byTime) {
      // Others of the same moment belong to it.
      plain.runToEvent(Infinity, plain.timeNs, null);
      timeline.seekTime(plain.timeNs);
    } else {
      timeline.seekEvent(event);
    }
    const changesHere = plain.journal.length === run.journal.length;
    if (!changesHere) return [event];
    return seen(run) === seen(plain) ? [] : [event];
  });
}

describe('a state gone to is the one played to, frame, hashes and log', () => {
  for (const scenario of SCENARIOS) {
    test(`in ${scenario.id}`, () => {
      fc.assert(
        fc.property(journeys, (journey) => {
          expect(differences(scenario, journey)).toEqual([]);
        }),
        { numRuns: 2 },
      );
    });
  }

  for (const mode of GROWTH_MODES) {
    test(`in mode ${mode}`, () => {
      const scenario = scenarioIn(scenarioOf('starts-at-1-mib'), mode);
      fc.assert(
        fc.property(journeys, (journey) => {
          expect(differences(scenario, journey)).toEqual([]);
        }),
        { numRuns: 2 },
      );
    });
  }
});

test('what is played on from a place gone to is what was played', () => {
  const timeline = timelineOf(tooSmall, 9000, 2100);
  timeline.seekEvent(2500);
  timeline.play(Infinity, 8000 - 2500);
  expect(seen(timeline.run) === seen(played(tooSmall, 8000, 2100))).toBe(true);
  timeline.play(Infinity, 4000);
  expect(timeline.end.event).toBe(12_000);
  expect(seen(timeline.run) === seen(played(tooSmall, 12_000, 2100))).toBe(true);
});

test('time passes between events, and a moment between two of them is gone to exactly', () => {
  const timeline = new Timeline(createSimulation(tooSmall), OPTIONS);
  timeline.play(40e6, Infinity);
  const plain = createSimulation(tooSmall);
  plain.runUntil(12_345_678, Infinity);
  timeline.seekTime(12_345_678);
  expect(timeline.run.timeNs).toBe(12_345_678);
  expect(seen(timeline.run) === seen(plain)).toBe(true);
  timeline.seekEnd();
  expect(timeline.run.timeNs).toBe(40e6);
});

test('in slices one comes to the same place', () => {
  const timeline = timelineOf(tooSmall, 9000, 2100);
  let slices = 1;
  while (!timeline.towards({ kind: 'event', event: 4400 }, 100)) slices++;
  expect(slices).toBeGreaterThan(3);
  expect(seen(timeline.run) === seen(played(tooSmall, 4400, 2100))).toBe(true);
  while (!timeline.towards({ kind: 'end' }, 100));
  expect(timeline.place).toEqual(timeline.end);
  expect(timeline.run.event).toBe(9000);
});

test('beyond what was played it plays on, and stops where the run ends', () => {
  const short = { ...tooSmall, lengthMs: 3 };
  const timeline = new Timeline(createSimulation(short), OPTIONS);
  timeline.seekEvent(1_000_000);
  const { event } = timeline.run;
  expect(event).toBeGreaterThan(50);
  expect(timeline.stepForward()).toBe(false);
  timeline.seekEvent(0);
  expect(timeline.run.event).toBe(0);
  expect(timeline.stepBack()).toBe(false);
  timeline.seekEnd();
  expect(timeline.run.event).toBe(event);
});

test('a refused change begins nothing', () => {
  const timeline = timelineOf(tooSmall, 3000, 9000);
  timeline.seekEvent(1000);
  expect(timeline.apply(depth(-1))).not.toBeNull();
  expect(timeline.branches).toHaveLength(1);
  expect(timeline.isAtEnd).toBe(false);
});

test('a change in the past begins a branch; the other one can be gone back to, with its changes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8000 }),
      fc.integer({ min: 1, max: 60 }),
      (fork, value) => {
        const timeline = timelineOf(tooSmall, 9000, 2100);
        timeline.seekEvent(fork);
        expect(timeline.apply(depth(value))).toBeNull();
        timeline.play(Infinity, 3000);
        const other = played(tooSmall, fork, 2100);
        expect(other.apply(depth(value))).toBeNull();
        other.runToEvent(fork + 3000, Infinity, null);
        expect(seen(timeline.run) === seen(other)).toBe(true);
        // What both share is the same on both, and what only one has stays its own.
        timeline.seekEvent(Math.floor(fork / 2));
        expect(seen(timeline.run) === seen(played(tooSmall, Math.floor(fork / 2), 2100))).toBe(
          true,
        );
        timeline.seekEnd();
        expect(seen(timeline.run) === seen(other)).toBe(true);
        timeline.switchTo(1);
        timeline.seekEnd();
        expect(seen(timeline.run) === seen(played(tooSmall, 9000, 2100))).toBe(true);
        timeline.seekEvent(8500);
        expect(seen(timeline.run) === seen(played(tooSmall, 8500, 2100))).toBe(true);
      },
    ),
    { numRuns: 6 },
  );
});

test('branches are told, named, and forgotten; what grew out of one stays', () => {
  const timeline = timelineOf(tooSmall, 6000, 9000);
  timeline.seekEvent(4000);
  timeline.apply(depth(2));
  timeline.play(Infinity, 1000);
  timeline.seekEvent(4500);
  timeline.apply(depth(50));
  timeline.play(Infinity, 500);
  timeline.rename(3, 'shallow, then deep');
  const told = timeline.branches;
  expect(told.map(({ id, parent, name }) => [id, parent, name])).toEqual([
    [1, 0, 'Run 1'],
    [2, 1, 'Run 2'],
    [3, 2, 'shallow, then deep'],
  ]);
  expect(told.map(({ forkEvent, endEvent, changes }) => [forkEvent, endEvent, changes])).toEqual([
    [0, 6000, 0],
    [4000, 5000, 1],
    [4500, 5000, 2],
  ]);
  expect(timeline.remove(3)).toBe('the run is on this branch');
  expect(timeline.remove(2)).toBeNull();
  expect(timeline.branches.map(({ id }) => id)).toEqual([1, 3]);
  expect(() => timeline.switchTo(2)).toThrow('there is no branch 2');
  // The stretch that came from branch 2 is still to be gone to.
  timeline.seekEvent(4200);
  const plain = played(tooSmall, 4000, 9000);
  plain.apply(depth(2));
  plain.runToEvent(4200, Infinity, null);
  expect(seen(timeline.run) === seen(plain)).toBe(true);
});

test('a change while time passes between two events is a branch of its own, too', () => {
  const timeline = new Timeline(createSimulation(tooSmall), OPTIONS);
  timeline.play(20e6, Infinity);
  const { event } = timeline.run;
  timeline.seekEvent(event);
  expect(timeline.run.timeNs).toBeLessThan(20e6);
  expect(timeline.apply(depth(5))).toBeNull();
  timeline.play(30e6, Infinity);
  timeline.seekTime(25e6);
  timeline.seekTime(20e6);
  const plain = createSimulation(tooSmall);
  plain.runToEvent(event, Infinity, null);
  plain.apply(depth(5));
  plain.runUntil(20e6, Infinity);
  expect(seen(timeline.run) === seen(plain)).toBe(true);
});

test('the branch that was left stays as a ghost, with its failures', () => {
  const timeline = timelineOf(tooSmall, 9000, 99_000);
  const { failedMaps } = timeline.run.ledger;
  expect(timeline.ghost(1)).toBeNull();
  timeline.seekEvent(500);
  timeline.apply(depth(1));
  timeline.play(Infinity, 100);
  const ghost = timeline.ghost(1);
  const from = SERIES.failures * HISTORY_BUCKETS;
  const failures = ghost?.series.subarray(from, from + ghost.filled).reduce((sum, n) => sum + n, 0);
  expect(failedMaps).toBeGreaterThan(0);
  expect(failures).toBe(failedMaps);
  expect(timeline.ghost(2)).toBeNull();
});

/** Events at which a grain stops, looked for one by one. */
function stops(isStop: (run: Simulation, before: readonly number[]) => boolean): number[] {
  const run = createSimulation(tooSmall);
  const found: number[] = [];
  for (;;) {
    const { ledger } = run;
    const before = [ledger.maps, ledger.unmaps, ledger.failedMaps];
    run.runToEvent(run.event + 1, Infinity, null);
    if (run.event > 4000) return found;
    if (isStop(run, before)) found.push(run.event);
  }
}

/** Goes all the way back, then all the way forward again. */
function backAndForth(grain: Grain, kinds: number): [back: number[], forward: number[]] {
  const timeline = new Timeline(createSimulation(tooSmall), OPTIONS);
  timeline.play(Infinity, 4000);
  const back: number[] = [];
  while (previous(timeline, grain, { kinds })) back.push(timeline.run.event);
  timeline.seekEvent(0);
  const forward: number[] = [];
  while (next(timeline, grain, { kinds }) && timeline.run.event <= 4000) {
    forward.push(timeline.run.event);
  }
  return [back.toReversed(), forward];
}

describe('steps', () => {
  const decisions = stops(
    ({ ledger: { maps, unmaps, failedMaps } }, before) =>
      [maps, unmaps, failedMaps].join(' ') !== before.join(' '),
  );
  const failures = stops(({ ledger }, before) => ledger.failedMaps > (before[2] ?? 0));

  test('by decisions: every map, unmap and failure, and nothing else', () => {
    const [back, forward] = backAndForth('decision', 0);
    expect(forward).toEqual(decisions);
    expect(back).toEqual(decisions.filter((event) => event < 4000));
  });

  test('by moments: every failed map', () => {
    expect(failures.length).toBeGreaterThan(10);
    const [back, forward] = backAndForth('moment', MOMENT.fail);
    expect(forward).toEqual(failures);
    expect(back).toEqual(failures.filter((event) => event < 4000));
  });

  test('by milliseconds', () => {
    const timeline = new Timeline(createSimulation(tooSmall), OPTIONS);
    timeline.play(2_500_000, Infinity);
    const times: number[] = [];
    while (previous(timeline, 'tick')) times.push(timeline.run.timeNs);
    next(timeline, 'tick');
    expect([...times, timeline.run.timeNs]).toEqual([2e6, 1e6, 0, 1e6]);
  });

  test('by events, back through keyframes', () => {
    const timeline = new Timeline(createSimulation(tooSmall), OPTIONS);
    timeline.play(Infinity, 3010);
    for (let event = 3009; event > 2900; event--) {
      expect(timeline.stepBack()).toBe(true);
      expect(timeline.run.event).toBe(event);
    }
    expect(seen(timeline.run) === seen(played(tooSmall, 2901, 9000))).toBe(true);
  });
});

test('under a bound of memory the older keyframes are thinned out, and every place stays', () => {
  const limitBytes = 3 * 2 ** 20;
  const timeline = new Timeline(createSimulation(tooSmall), { keyframeEvents: 500, limitBytes });
  timeline.play(Infinity, 60_000);
  const { bytes, count } = timeline.keyframes;
  expect(bytes).toBeLessThanOrEqual(limitBytes);
  expect(count).toBeGreaterThan(5);
  expect(count).toBeLessThan(100);
  for (const event of [59_999, 31_234, 777]) {
    timeline.seekEvent(event);
    expect(seen(timeline.run) === seen(played(tooSmall, event, 99_000))).toBe(true);
    expect(timeline.keyframes.bytes).toBeLessThanOrEqual(limitBytes);
  }
});
