/** What the scenarios that compare two answers to a full pool are there to show, as numbers. */
import { describe, expect, test } from 'vitest';
import { scenarioIn } from '../../engine/growth-mode.ts';
import { reportOf } from '../../engine/run-report.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { aMonthOfUptime } from './a-month-of-uptime.ts';
import { cmaToTheRescue } from './cma-to-the-rescue.ts';
import { growthThatNeverEnds } from './growth-that-never-ends.ts';
import { hugepagesOnly } from './hugepages-only.ts';
import { startsAt1Mib } from './starts-at-1-mib.ts';

const MS = 1_000_000;
const MIB = 2 ** 20;

function ran(scenario: Scenario, untilMs: number): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

/** The scenario and what runs beside it, at the same moment. */
function both(scenario: Scenario, untilMs: number): [run: Simulation, beside: Simulation] {
  const { beside } = scenario;
  if (beside?.kind !== 'mode') throw new RangeError(`${scenario.id} compares no modes`);
  return [ran(scenario, untilMs), ran(scenarioIn(scenario, beside.mode), untilMs)];
}

const grown = (simulation: Simulation): readonly number[] =>
  simulation.growth
    .since(0)
    .filter(({ by }) => by === 'worker')
    .map(({ slots }) => slots);

/** Maps that fail from now on until 200 virtual ms. */
function failedUntil200(simulation: Simulation): number {
  const before = reportOf(simulation).failedMaps;
  simulation.runUntil(200 * MS, Infinity);
  return reportOf(simulation).failedMaps - before;
}

test('Starts at 1 MiB: grows to a stable 6 MiB, where the fixed pool goes on failing', () => {
  const [run, fixed] = both(startsAt1Mib, 200);
  expect(grown(run)).toEqual([512, 512, 512, 512, 512]);
  expect(run.swiotlb.mem.nslabs).toBe(6 * 512);
  const early = reportOf(ran(startsAt1Mib, 40));
  const late = reportOf(run);
  // After the first burst nothing fails and nothing is asked for any more.
  expect([late.failedMaps, late.transients, late.pools]).toEqual([
    early.failedMaps,
    early.transients,
    5,
  ]);
  expect(late.failedMaps).toBeLessThan(10);
  expect(reportOf(fixed).failedMaps).toBeGreaterThan(1000);
  // Of the 64 MiB that this guest would boot with, a tenth is held.
  expect(late.held).toBeLessThan(8 * MIB);
});

test('CMA to the rescue: 2 MiB each time, by moving pages, where free blocks soon give none', () => {
  const [run, dynamic] = both(cmaToTheRescue, 80);
  expect(grown(run)).toEqual([1024, 1024, 1024, 1024]);
  expect(grown(dynamic).slice(0, 4)).toEqual([1024, 512, 512, 0]);
  const [moved, kept] = [reportOf(run), reportOf(dynamic)];
  expect(moved.migrated).toBeGreaterThan(500);
  expect(moved.failedMaps * 10).toBeLessThan(kept.failedMaps);
  // Once it has grown nothing fails any more.
  expect(failedUntil200(run)).toBe(0);
});

test('CMA to the rescue: until it is taken, movable pages live in the region', () => {
  const { pages } = createSimulation(cmaToTheRescue);
  const region = pages?.guest.cma;
  const zones = pages?.guest.allocator.zones ?? [];
  const free = zones.reduce((sum, zone) => sum + zone.freeCma, 0);
  expect(region?.range.pages).toBe((32 * MIB) / 4096);
  expect(free).toBeLessThan((region?.range.pages ?? 0) / 2);
});

test('Hugepages only: not one host page is split, and the over-allocation is told', () => {
  const [run, dynamic] = both(hugepagesOnly, 100);
  const [huge, plain] = [reportOf(run), reportOf(dynamic)];
  expect([huge.splitHostPages, huge.convertSmall]).toEqual([0, 0]);
  expect(plain.splitHostPages).toBeGreaterThan(3);
  expect(plain.convertLarge).toBe(0);
  expect(huge.overAllocated).toBe(3 * MIB);
  expect(huge.held).toBeGreaterThan(plain.held);
  expect(huge.convertNs).toBeLessThan(plain.convertNs);
});

test('Growth that never ends: pools pile up, stand idle, and end with memory itself', () => {
  const [run, fixed] = both(growthThatNeverEnds, 120);
  expect(run.swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length).toBe(5);
  run.runUntil(560 * MS, Infinity);
  const report = reportOf(run);
  expect(report.pools).toBeGreaterThan(10);
  expect(report.held).toBeGreaterThan(45 * MIB);
  // Between two bursts little is in use, and all of it is kept.
  let least = Infinity;
  for (let ms = 561; ms < 610; ms++) {
    run.runUntil(ms * MS, Infinity);
    least = Math.min(least, reportOf(run).used);
  }
  expect(least).toBeLessThan(run.swiotlb.mem.nslabs / 4);
  expect(run.swiotlb.mem.nslabs).toBeGreaterThanOrEqual(report.pools * 512);
  const failed = 'software IO TLB: Failed to allocate new pool';
  expect(run.log.since(0).some(({ text }) => text === failed)).toBe(true);
  expect(reportOf(fixed).failedMaps).toBeGreaterThan(5000);
});

/** Of 16 aged machines, how many have a free block of 1 MiB at least, and of 2 MiB. */
function withBlocks(ageing: Scenario['machine']['ageing'] & object): [mib: number, two: number] {
  const largest = Array.from({ length: 16 }, (_, seed) => {
    const machine = { ...aMonthOfUptime.machine, ageing };
    const { pages } = createSimulation({ ...aMonthOfUptime, seed, machine });
    const zones = pages?.guest.allocator.zones ?? [];
    return [10, 9, 8].find((order) => zones.some((zone) => zone.nrFree(order) > 0)) ?? 0;
  });
  const from = (order: number) => largest.filter((free) => free >= order).length;
  return [from(8), from(9)];
}

describe('the claim that 1 MiB and 2 MiB are about as hard to get', () => {
  const DAYS = { uptimeHours: 240 };

  test('holds where kernel objects scatter', () => {
    expect(withBlocks({ ...DAYS, fill: 0.8, kernelShare: 0.15 })).toEqual([14, 11]);
  });

  test('holds where they scatter more, and nobody has either', () => {
    expect(withBlocks({ ...DAYS, fill: 0.85, kernelShare: 0.2 })).toEqual([0, 0]);
  });

  test('does not where nearly all of memory is page cache', () => {
    expect(withBlocks({ ...DAYS, fill: 0.93, kernelShare: 0.05 })).toEqual([15, 0]);
  });
});

test('a comparison is the same twice', () => {
  for (const scenario of [startsAt1Mib, hugepagesOnly]) {
    const [once, again] = [ran(scenario, 30), ran(scenario, 30)];
    expect(reportOf(again)).toEqual(reportOf(once));
    expect(again.streamHash).toBe(once.streamHash);
  }
});
