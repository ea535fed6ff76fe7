import { expect, test } from 'vitest';
import { deviceWith, figure, scenarioWith } from '../testing/run-builder.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { DEVICE } from './frame.ts';
import { measuredRuns, type RunFigures } from './measured-runs.ts';
import { createSimulation } from './create-simulation.ts';

const MIB = 1_048_576;
const sum = (runs: readonly RunFigures[], field: keyof RunFigures) =>
  runs.reduce((total, run) => total + run[field], 0);

/** 1 MiB that grows, in an encrypted guest, and a disk that wants more than that. */
const busy = scenarioWith(
  [
    deviceWith({ name: 'nvme0', closed: true, tasks: 2 }),
    deviceWith({ name: 'nvme1', closed: true, tasks: 12, sizes: [{ bytes: 131_072, weight: 1 }] }),
  ],
  { encrypted: true, dynamic: true, cpus: 4, commandLine: 'swiotlb=512,4', memoryMiB: 8192 },
);

test('spans add up to the whole, and are those of the measured device', () => {
  const simulation = createSimulation(busy);
  const runs = [...measuredRuns(simulation, 0, 4, 10)];
  expect(simulation.timeNs).toBe(40e6);
  expect(sum(runs, 'requests')).toBe(figure(simulation, 0, DEVICE.done));
  const bytes = figure(simulation, 0, DEVICE.doneBytes);
  expect(sum(runs, 'mibPerSecond') / 4).toBeCloseTo(bytes / MIB / 0.04, 6);
  expect(sum(runs, 'failedMaps')).toBe(simulation.ledger.failedMaps);
});

test('what is paid once is in the span that paid it', () => {
  const simulation = createSimulation(busy);
  const before = simulation.pages?.guest.toShared.calls ?? 0;
  const runs = [...measuredRuns(simulation, 0, 4, 10)];
  const first = runs.slice(0, 1);
  const later = runs.slice(1);
  const grown = sum(first, 'grown');
  expect(grown).toBeGreaterThan(0);
  expect(sum(first, 'conversionCalls')).toBe(
    (simulation.pages?.guest.toShared.calls ?? 0) - before,
  );
  expect(sum(first, 'convertedPages')).toBeGreaterThanOrEqual(256 * grown);
  expect(sum(first, 'growthNs')).toBeGreaterThan(100_000);
  expect(sum(later, 'conversionCalls') + sum(later, 'grown') + sum(later, 'growthNs')).toBe(0);
  for (const { slotsAfter, poolsAfter, areasAfter } of runs) {
    expect([slotsAfter, poolsAfter, areasAfter]).toEqual([
      512 * (1 + grown),
      1 + grown,
      4 * (1 + grown),
    ]);
  }
});

test('every attempt counts, also those that the log has forgotten', () => {
  const simulation = createSimulation(aMonthOfUptime);
  const [run] = measuredRuns(simulation, 0, 1, 500);
  const { growth, books } = simulation;
  expect(growth.since(0).length).toBeLessThan(growth.count);
  expect(run?.transients).toBe(books.transients);
  const kept = growth.since(0).filter(({ by, slots }) => by === 'transient' && slots > 0);
  expect(run?.transients).toBeGreaterThan(kept.length);
  expect(run?.growthNs).toBeGreaterThan(20_000 * growth.count);
});

test('a scenario shorter than its spans is refused', () => {
  const runs = measuredRuns(createSimulation(busy), 0, 5, 50);
  expect(() => runs.next()).toThrow('5 spans of 50 ms do not fit into the scenario');
});
