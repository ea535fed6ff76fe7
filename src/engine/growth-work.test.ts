/** Growth in a simulation: what it gets follows from the page allocator, and from nothing else. */
import { expect, test } from 'vitest';
import { waitThenGrow } from '../scenarios/throttling/wait-then-grow.ts';
import { HISTORY_BUCKETS, SERIES } from './frame.ts';
import type { GrowthAttempt } from './growth-log.ts';
import { NO_THROTTLE, type AgeingSpec, type Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';

const MS = 1_000_000;
/** Large blocks are rare: the first growths are halved, later ones get nothing. */
const AGED: AgeingSpec = { uptimeHours: 240, fill: 0.7, kernelShare: 0.03 };

/** A burst too large for a pool of 4 MiB, on a machine that grows. */
function growing(ageing?: AgeingSpec, encrypted = false): Scenario {
  const machine = {
    ...waitThenGrow.machine,
    memoryMiB: 128,
    encrypted,
    commandLine: 'swiotlb=2048,force',
  };
  return {
    ...waitThenGrow,
    machine: ageing === undefined ? machine : { ...machine, ageing },
    devices: waitThenGrow.devices.map((device) => ({ ...device, ratePerSecond: 20_000 })),
    throttle: NO_THROTTLE,
  };
}

function run(scenario: Scenario, ms = 200): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(ms * MS, Infinity);
  return simulation;
}

function workersOf(simulation: Simulation): readonly GrowthAttempt[] {
  return simulation.growth.since(0).filter(({ by }) => by === 'worker');
}

test('a fresh machine gives the worker the block it asks for, at the first try', () => {
  const simulation = run(growing());
  const [first] = workersOf(simulation);
  expect(first).toMatchObject({ slots: 2048, by: 'worker' });
  // 4 MiB is order 10; 48 KiB of slot array is order 4.
  expect(first?.tries.map(({ what, order }) => [what, order])).toEqual([
    ['pool', 10],
    ['slots', 4],
  ]);
  expect(simulation.swiotlb.mem.nslabs).toBeGreaterThanOrEqual(4096);
});

test('meanwhile transient pools serve the requests, and go with them', () => {
  const simulation = run(growing());
  const transients = simulation.growth.since(0).filter(({ by }) => by === 'transient');
  expect(transients.some(({ slots }) => slots > 0)).toBe(true);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(simulation.swiotlb.mem.transientNslabs).toBe(0);
});

test('on an aged machine the same load gets less: orders are refused and halved', () => {
  const aged = workersOf(run(growing(AGED), 40));
  const refused = aged.flatMap(({ tries }) => tries).filter(({ path }) => path === 'failed');
  expect(refused.length).toBeGreaterThan(0);
  expect(aged.some(({ slots }) => slots > 0 && slots < 2048)).toBe(true);
  expect(aged.some(({ slots }) => slots === 0)).toBe(true);
  const fresh = workersOf(run(growing(), 40));
  expect(fresh.length).toBeGreaterThan(0);
  expect(fresh.every(({ slots }) => slots === 2048)).toBe(true);
});

function arrivals({ ledger }: Simulation): number {
  return ledger.maps + ledger.failedMaps;
}

test('ageing changes nothing about the load of the run', () => {
  const light = { uptimeHours: 1, fill: 0.2, kernelShare: 0.05 };
  expect(arrivals(run(growing(light), 20))).toBe(arrivals(run(growing(), 20)));
});

test('an encrypted guest converts what the worker adds, and pays for it', () => {
  const [first] = workersOf(run(growing(undefined, true)));
  // Two aligned 2 MiB pages in one call.
  expect(first?.converted).toEqual([1, 0, 2]);
  const [plain] = workersOf(run(growing()));
  expect(plain?.converted).toEqual([0, 0, 0]);
  expect(first?.costNs).toBeGreaterThan(plain?.costNs ?? Infinity);
});

test('in an encrypted guest transient pools come from the coherent pool, and refill it', () => {
  const simulation = run(growing(undefined, true));
  const tries = simulation.growth.since(0).filter(({ by }) => by === 'transient');
  expect(tries.length).toBeGreaterThan(0);
  expect(tries.every(({ tries: [first] }) => first?.what === 'coherent')).toBe(true);
});

const got = (some: readonly GrowthAttempt[]) => some.filter(({ slots }) => slots > 0).length;

test('the history counts every attempt of the log, by what became of it', () => {
  for (const simulation of [run(growing(AGED), 14), run(growing(undefined, true), 60)]) {
    const { history, growth, timeNs, ledger } = simulation;
    ledger.settle(timeNs);
    const sum = (series: number) => {
      const from = series * HISTORY_BUCKETS;
      return history.series.subarray(from, from + HISTORY_BUCKETS).reduce((all, one) => all + one);
    };
    const attempts = growth.since(0);
    // None is forgotten yet: an aged machine is asked, and refuses, thousands of times.
    expect(attempts).toHaveLength(growth.count);
    const ofWorker = attempts.filter(({ by }) => by !== 'transient');
    const transients = attempts.filter(({ by }) => by === 'transient');
    expect(sum(SERIES.grown) + sum(SERIES.halved)).toBe(got(ofWorker));
    expect(sum(SERIES.growthFailed)).toBe(ofWorker.length - got(ofWorker));
    expect(sum(SERIES.transients)).toBe(got(transients));
    expect(sum(SERIES.transientsFailed)).toBe(transients.length - got(transients));
    const tries = attempts.flatMap((attempt) => attempt.tries);
    expect(sum(SERIES.ordersRefused)).toBe(tries.filter(({ path }) => path === 'failed').length);
    const calls = attempts.reduce((all, { converted }) => all + converted[0], 0);
    expect(sum(SERIES.conversions)).toBe(calls);
    expect(attempts.length).toBeGreaterThan(3);
  }
});

test('the same seed ages alike', () => {
  const [one, other] = [run(growing(AGED), 25), run(growing(AGED), 25)];
  expect(one.growth.count).toBeGreaterThan(3);
  expect(other.streamHash).toBe(one.streamHash);
  expect(other.growth.since(0)).toEqual(one.growth.since(0));
});
