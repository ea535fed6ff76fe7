/** The field's answers to a full pool, under one load. */
import { expect, test } from 'vitest';
import { GROWTH_MODES, MODE_FACTS, scenarioIn, type GrowthMode } from './growth-mode.ts';
import { reportOf, type RunReport } from './run-report.ts';
import { checkScenario } from './scenario-check.ts';
import type { Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import { GROWING, SMALL } from '../scenarios/growing/parts.ts';

const MS = 1_000_000;
const MIB = 2 ** 20;
/** A memory that has no large blocks, but movable pages that could make room. */
const AGED: Scenario = {
  ...GROWING,
  id: 'aged',
  title: 'Aged',
  watch: 'A burst on a fragmented machine.',
  machine: {
    ...SMALL,
    memoryMiB: 256,
    encrypted: true,
    commandLine: 'ro swiotlb=512',
    ageing: { uptimeHours: 720, fill: 0.85, kernelShare: 0.1 },
    cmaMiB: 32,
  },
};

const runs = new Map<GrowthMode, Simulation>();

/** The aged machine in a mode at 30 ms: run once, to be looked at only. */
function ran(mode: GrowthMode): Simulation {
  const known = runs.get(mode);
  if (known !== undefined) return known;
  const simulation = createSimulation(scenarioIn(AGED, mode));
  simulation.runUntil(30 * MS, Infinity);
  runs.set(mode, simulation);
  return simulation;
}

const poolsOf = ({ swiotlb }: Simulation): number =>
  swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length;
const reported = (mode: GrowthMode): RunReport => reportOf(ran(mode));

test('every mode boots, runs, and passes the check of scenarios', () => {
  for (const mode of GROWTH_MODES) {
    const { ageing: _, ...fresh } = AGED.machine;
    const scenario = scenarioIn({ ...AGED, machine: { ...fresh, memoryMiB: 128 } }, mode);
    expect(checkScenario(scenario).kind).toBe('ok');
    expect(scenario.machine.dynamic).toBe(MODE_FACTS[mode].dynamic);
    const simulation = createSimulation(scenario);
    simulation.runUntil(15 * MS, Infinity);
    expect(reportOf(simulation).done).toBeGreaterThan(10);
  }
});

test('a mode that contradicts the kernel option is refused in one sentence', () => {
  const machine = { ...AGED.machine, mode: 'fixed', dynamic: true };
  const checked = checkScenario({ ...AGED, machine });
  expect(checked).toEqual({
    kind: 'faulty',
    faults: ['machine.mode is "fixed"; machine.dynamic must be false with it'],
  });
});

test('cma grows where free blocks are gone, and pays by moving pages', () => {
  const dynamic = ran('dynamic');
  const cma = ran('cma');
  expect(poolsOf(cma)).toBeGreaterThan(poolsOf(dynamic));
  const report = reportOf(cma);
  expect(report.migrated).toBeGreaterThan(0);
  expect(report.migrateNs).toBe(report.migrated * 1800);
  const { tries } = cma.growth.since(0).find(({ by }) => by === 'worker') ?? { tries: [] };
  expect(tries[0]).toMatchObject({ what: 'pool', path: 'cma', from: 'CMA' });
  const region = cma.pages?.guest.cma;
  for (const pool of cma.swiotlb.pools.filter(({ kind }) => kind === 'dynamic')) {
    expect(region?.holds(pool.base / 4096)).toBe(true);
  }
});

test('hugepage: conversions of whole 2 MiB only, no host page split, and the price named', () => {
  const plain = reported('dynamic');
  const huge = reported('hugepage');
  expect(plain.splitHostPages).toBeGreaterThan(0);
  expect(plain.convertSmall).toBeGreaterThan(0);
  expect(plain.overAllocated).toBe(0);
  expect(huge.splitHostPages).toBe(0);
  expect(huge.convertSmall).toBe(0);
  expect(huge.convertLarge).toBeGreaterThan(0);
  // 1 MiB was asked for at boot, and 2 MiB is the least there is.
  expect(huge.overAllocated).toBeGreaterThanOrEqual(MIB);
});

test('hugepage: an encrypted guest gets 8 % of its memory instead of 6 %', () => {
  const machine = { ...AGED.machine, memoryMiB: 2048, commandLine: 'ro' };
  const { ageing: _, ...fresh } = machine;
  const boots = (mode: GrowthMode) => {
    const simulation = createSimulation(scenarioIn({ ...AGED, machine: fresh }, mode));
    return { slots: simulation.swiotlb.mem.nslabs, base: simulation.swiotlb.mem.head?.base ?? -1 };
  };
  // 123 MiB and 164 MiB; an area for each CPU has them rounded up to a power of two.
  expect(boots('dynamic').slots * 2048).toBe(128 * MIB);
  expect(boots('hugepage').slots * 2048).toBe(256 * MIB);
  expect(boots('hugepage').base % (2 * MIB)).toBe(0);
});

test('what is held and spent adds up from the costs that are named', () => {
  for (const mode of ['fixed', 'dynamic'] as const) {
    const simulation = ran(mode);
    const report = reportOf(simulation);
    const { copiedBytes, maps } = simulation.ledger;
    // 30 ns a copy and 8 bytes a ns; maps under way are paid already.
    expect(report.copyNs).toBeGreaterThanOrEqual(copiedBytes / 8);
    expect(report.peakHeld).toBeGreaterThanOrEqual(report.held);
    expect(report.p99MapNs).toBeGreaterThanOrEqual(report.p50MapNs);
    expect(report.p50MapNs).toBeGreaterThan(0);
    expect(simulation.books.mapTimes.count).toBe(maps);
    const conversions = report.convertCalls;
    expect(conversions).toBeGreaterThan(0);
  }
  expect(reported('fixed').pagesNs).toBe(0);
});

/** Bytes of the blocks of all live pools: a power of two of pages each. */
function blocksOf({ pools }: Simulation['swiotlb']): number {
  return pools.reduce((sum, { nslabs }) => sum + 4096 * 2 ** Math.ceil(Math.log2(nslabs / 2)), 0);
}

const transientOf = ({ pools }: Simulation['swiotlb']) =>
  pools.filter(({ kind }) => kind === 'transient');

test('a transient pool holds the whole block that it got', () => {
  const sizes = [{ bytes: 69_632, weight: 1 }];
  const devices = AGED.devices.map((device) => ({ ...device, sizes }));
  const simulation = createSimulation({ ...AGED, machine: SMALL, devices });
  const { swiotlb, books } = simulation;
  while (transientOf(swiotlb).length === 0 && simulation.step());
  expect(transientOf(swiotlb).map(({ nslabs }) => nslabs)).toEqual([34]);
  expect(books.held).toBe(2048 * 2048 + 32 * 4096);
  expect(books.held).toBe(blocksOf(swiotlb));
});

test('a transient pool out of a coherent pool is held once, not twice', () => {
  const machine = { ...SMALL, encrypted: true, commandLine: 'ro swiotlb=2048' };
  const simulation = createSimulation({ ...AGED, machine });
  const { swiotlb, books } = simulation;
  const before = books.held;
  while (transientOf(swiotlb).length === 0 && simulation.step());
  expect(swiotlb.mem.transientNslabs).toBeGreaterThan(0);
  expect(books.held).toBe(before);
  expect(books.peakHeld).toBe(before);
});

test('memory of a transient pool is free after the grace period, not before', () => {
  const simulation = createSimulation({ ...AGED, machine: SMALL });
  const { swiotlb } = simulation;
  const { registry } = swiotlb;
  while (registry.unseenSlots === 0 && simulation.step());
  const goneNs = simulation.timeNs;
  const waiting = registry.unseenSlots;
  expect(waiting).toBeGreaterThan(0);
  const heldBefore = simulation.books.held;
  expect(heldBefore - blocksOf(swiotlb)).toBeGreaterThanOrEqual(waiting * 2048);
  let before: number;
  do {
    before = registry.unseenSlots;
    simulation.step();
  } while (registry.unseenSlots >= before);
  expect(simulation.timeNs - goneNs).toBe(10 * MS);
});
