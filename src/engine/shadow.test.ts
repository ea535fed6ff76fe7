import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { NO_THROTTLE, type Scenario } from './scenario.ts';
import { RerunShadow, RecordedShadow, shadowScenario, type Shadow } from './shadow.ts';
import { createSimulation } from './create-simulation.ts';
import type { Change, Simulation } from './simulation.ts';
import { stateHash } from './state-hash.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';

const MS = 1e6;

/** A pool that its load fills: with throttling some sleep, without it some fail. */
const crowded: Scenario = {
  ...scenarioWith(
    [
      deviceWith({
        sizes: [{ bytes: 65_536, weight: 1 }],
        latencyUs: 1500,
        ratePerSecond: 30_000,
        readShare: 1,
      }),
      networkWith(),
    ],
    { cpus: 4, commandLine: 'swiotlb=1024,2,force' },
  ),
  throttle: { ...NO_THROTTLE, policy: 'rfc' },
};

interface Timed {
  readonly atNs: number;
  readonly change: Change;
}

const rate = (device: number, value: number): Change => ({
  kind: 'device',
  device,
  control: 'ratePerSecond',
  value,
});

/** A simulation of the scenario alone, changed at those times, and run to `untilNs`. */
function alone(scenario: Scenario, changes: readonly Timed[], untilNs: number): Simulation {
  const simulation = createSimulation(scenario);
  for (const { atNs, change } of changes) {
    simulation.runUntil(atNs, Infinity);
    simulation.apply(change);
  }
  simulation.runUntil(untilNs, Infinity);
  return simulation;
}

/** What tells two runs apart: their events, and where they led. */
const marks = (run: Simulation) => `${run.streamHash} ${stateHash(run)}`;

describe('a shadow', () => {
  it('begun in the middle of a run comes to where a run of its policy alone comes', () => {
    const run = createSimulation(crowded);
    run.runUntil(7 * MS, Infinity);
    run.apply(rate(0, 60_000));
    run.runUntil(20 * MS, Infinity);
    const shadow = new RerunShadow(run, { kind: 'policy', policy: 'none' });
    expect(shadow.lags).toBe(true);
    shadow.advance(Infinity);
    expect(shadow.lags).toBe(false);
    expect(shadow.run.timeNs).toBe(20 * MS);
    const fresh = alone(
      shadowScenario(crowded, { kind: 'policy', policy: 'none' }),
      [{ atNs: 7 * MS, change: rate(0, 60_000) }],
      20 * MS,
    );
    expect(marks(shadow.run)).toBe(marks(fresh));
    expect(shadow.run.ledger.failedMaps).toBeGreaterThan(run.ledger.failedMaps);
  });

  it('takes over what is changed while it runs, at the same moment', () => {
    const run = createSimulation(crowded);
    const shadow = new RerunShadow(run, { kind: 'policy', policy: 'wake-all' });
    run.runUntil(5 * MS, Infinity);
    shadow.advance(Infinity);
    run.apply(rate(0, 100));
    expect(shadow.lags).toBe(true);
    run.runUntil(9 * MS, Infinity);
    shadow.advance(Infinity);
    const change = { atNs: 5 * MS, change: rate(0, 100) };
    const fresh = alone(
      shadowScenario(crowded, { kind: 'policy', policy: 'wake-all' }),
      [change],
      9 * MS,
    );
    expect(marks(shadow.run)).toBe(marks(fresh));
  });

  it('under the run’s own policy is the run again', () => {
    const run = createSimulation(crowded);
    run.runUntil(4 * MS, Infinity);
    run.apply(rate(1, 90_000));
    run.runUntil(15 * MS, Infinity);
    const shadow = new RerunShadow(run, { kind: 'policy', policy: 'rfc' });
    shadow.advance(Infinity);
    expect(marks(shadow.run)).toBe(marks(run));
  });

  it('is never ahead of its run, and does no more at a time than it is told', () => {
    const run = createSimulation(crowded);
    run.runUntil(3 * MS, Infinity);
    const shadow = new RerunShadow(run, { kind: 'policy', policy: 'none' });
    let slices = 0;
    while (shadow.lags) {
      expect(shadow.advance(50)).toBeLessThanOrEqual(50);
      expect(shadow.run.timeNs).toBeLessThanOrEqual(run.timeNs);
      slices++;
    }
    expect(slices).toBeGreaterThan(5);
    expect(shadow.advance(50)).toBe(0);
  });

  it('does not know of changes that were refused', () => {
    const run = createSimulation(crowded);
    expect(run.apply({ kind: 'write', file: 'io_tlb_used', text: '0' })).not.toBeNull();
    expect(run.apply(rate(9, 1))).not.toBeNull();
    expect(run.journal).toEqual([]);
  });

  it('may grow pools under timeout-grow though its run cannot', () => {
    expect(
      shadowScenario(crowded, { kind: 'policy', policy: 'timeout-grow' }).machine.dynamic,
    ).toBe(true);
    expect(shadowScenario(crowded, { kind: 'policy', policy: 'wake-any' }).machine.dynamic).toBe(
      false,
    );
    const run = createSimulation(crowded);
    run.runUntil(5 * MS, Infinity);
    const shadow = new RerunShadow(run, { kind: 'policy', policy: 'timeout-grow' });
    shadow.advance(Infinity);
    expect([run.machine.dynamic, shadow.run.machine.dynamic]).toEqual([false, true]);
  });
});

/** Runs that are changed now and then, with a shadow that is turned on and moved now and then. */
interface Visit {
  readonly policy: PolicyId;
  readonly beginAtMs: number;
  readonly slice: number;
  readonly changes: readonly { atMs: number; device: number; value: number }[];
}

const anyVisit: fc.Arbitrary<Visit> = fc.record({
  policy: fc.constantFrom(...POLICY_IDS),
  beginAtMs: fc.integer({ min: 0, max: 12 }),
  slice: fc.integer({ min: 1, max: 400 }),
  changes: fc.array(
    fc.record({
      atMs: fc.integer({ min: 1, max: 11 }),
      device: fc.integer({ min: 0, max: 1 }),
      value: fc.integer({ min: 0, max: 80_000 }),
    }),
    { maxLength: 5 },
  ),
});

function timed({ changes }: Pick<Visit, 'changes'>): Timed[] {
  return changes
    .map(({ atMs, device, value }) => ({ atNs: atMs * MS, change: rate(device, value) }))
    .toSorted((one, other) => one.atNs - other.atNs);
}

/** Moves a shadow to where its run stands, a slice at a time. */
function caughtUp(shadow: Shadow, slice: number): void {
  while (shadow.lags) shadow.advance(slice);
}

/** The visit: the run, and its shadow moved a slice at a time. */
function visited({
  policy,
  beginAtMs,
  slice,
  ...visit
}: Visit): Record<'run' | 'shadow', Simulation> {
  const run = createSimulation(crowded);
  const changes = timed(visit);
  const until = (fromMs: number, toMs: number, shadow: RerunShadow | null) => {
    for (let ms = fromMs; ms <= toMs; ms++) {
      run.runUntil(ms * MS, Infinity);
      for (const { atNs, change } of changes) if (atNs === ms * MS) run.apply(change);
      shadow?.advance(slice);
    }
  };
  until(0, beginAtMs, null);
  const shadow = new RerunShadow(run, { kind: 'policy', policy });
  run.shadow = shadow.run;
  until(beginAtMs + 1, 12, shadow);
  caughtUp(shadow, slice);
  return { run, shadow: shadow.run };
}

it('whatever is changed when: run and shadow are each what they are alone', () => {
  fc.assert(
    fc.property(anyVisit, (visit) => {
      const { run, shadow } = visited(visit);
      expect(marks(run)).toBe(marks(alone(crowded, timed(visit), 12 * MS)));
      const scenario = shadowScenario(crowded, { kind: 'policy', policy: visit.policy });
      expect(marks(shadow)).toBe(marks(alone(scenario, timed(visit), 12 * MS)));
    }),
    { numRuns: 40 },
  );
});

describe('a recording beside a run', () => {
  it('goes with the run’s clock to its own end', () => {
    const run = createSimulation(crowded);
    const recording = createSimulation({ ...crowded, lengthMs: 5 });
    const shadow = new RecordedShadow(run, recording);
    run.runUntil(3 * MS, Infinity);
    caughtUp(shadow, 100);
    expect(recording.timeNs).toBe(3 * MS);
    run.runUntil(9 * MS, Infinity);
    caughtUp(shadow, 100);
    expect(recording.timeNs).toBe(5 * MS);
  });
});
