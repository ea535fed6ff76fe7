/** Threads of a benchmark: each has one buffer under way, and asks for the next when that is over. */
import { expect, test } from 'vitest';
import { deviceWith, figure, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { DEVICE } from './frame.ts';
import { checkScenario } from './scenario-check.ts';
import type { DeviceSpec } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';

const MS = 1e6;

function started(changes: Partial<DeviceSpec>): Simulation {
  const device = deviceWith({ closed: true, ...changes });
  return createSimulation(scenarioWith([device], { cpus: 8, commandLine: 'swiotlb=force' }));
}

/** Every number of requests under way that was seen after an event, until 20 ms. */
function seenUnderWay(simulation: Simulation): ReadonlySet<number> {
  const seen = new Set<number>();
  while (simulation.timeNs < 20 * MS && simulation.step()) {
    seen.add(figure(simulation, 0, DEVICE.depth));
  }
  return seen;
}

test('as many requests are under way as there are threads, from the first event on', () => {
  for (const tasks of [1, 3, 8]) {
    expect([...seenUnderWay(started({ tasks }))]).toEqual([tasks]);
  }
});

test('a depth below the threads makes the others wait', () => {
  expect([...seenUnderWay(started({ tasks: 8, depth: 2 }))]).toEqual([2]);
});

test('a thread whose buffer is cut into requests waits for all of them', () => {
  const cut: Partial<DeviceSpec> = {
    tasks: 1,
    kind: 'uas',
    sizes: [{ bytes: 1_048_576, weight: 1 }],
  };
  const simulation = started(cut);
  const seen = seenUnderWay(simulation);
  // Requests are of 256 KiB at most, so there are four, and no fifth before they are done.
  expect(seen).toEqual(new Set([1, 2, 3, 4]));
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(20);
});

/** Requests of four threads finished after 50 ms. */
function done(changes: Partial<DeviceSpec>): number {
  const simulation = started({ tasks: 4, ...changes });
  simulation.runUntil(50 * MS, Infinity);
  return figure(simulation, 0, DEVICE.done);
}

test('the rate says nothing: the latency of the device decides', () => {
  const usual = done({});
  expect(done({ ratePerSecond: 1 })).toBe(usual);
  expect(done({ ratePerSecond: 0 })).toBe(usual);
  expect(done({ latencyUs: 400 }) / usual).toBeCloseTo(0.5, 1);
});

test('a rate that is changed while it runs makes no second loop', () => {
  const simulation = started({ tasks: 3 });
  simulation.runUntil(5 * MS, Infinity);
  const change = { kind: 'device', device: 0, control: 'ratePerSecond', value: 500_000 } as const;
  expect(simulation.apply(change)).toBeNull();
  expect([...seenUnderWay(simulation)]).toEqual([3]);
});

test('a failed request is tried again by its thread, which asks for no other meanwhile', () => {
  const device = deviceWith({
    closed: true,
    tasks: 6,
    kind: 'virtio-blk',
    sizes: [{ bytes: 262_144, weight: 1 }],
  });
  const simulation = createSimulation(scenarioWith([device]));
  expect([...seenUnderWay(simulation)]).toEqual([6]);
  expect(figure(simulation, 0, DEVICE.retried)).toBeGreaterThan(0);
});

function faulty(device: unknown): readonly string[] {
  const checked = checkScenario({ ...scenarioWith([]), devices: [device] });
  return checked.kind === 'faulty' ? checked.faults : [];
}

test('it is a flag, and not one of a network device', () => {
  expect(faulty({ ...deviceWith(), closed: 1 })).toEqual([
    'devices[0].closed is 1; it must be true or false',
  ]);
  expect(faulty(networkWith({ closed: true }))).toEqual([
    'devices[0].closed is true; the tasks of a network device are not modelled',
  ]);
  const scenario = scenarioWith([deviceWith({ closed: true })]);
  expect(checkScenario(scenario)).toEqual({ kind: 'ok', scenario });
});
