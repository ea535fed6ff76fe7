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

function ran(mode: GrowthMode, scenario = AGED, untilMs = 30): Simulation {
  const simulation = createSimulation(scenarioIn(scenario, mode));
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

const poolsOf = ({ swiotlb }: Simulation): number =>
  swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length;
const reported = (mode: GrowthMode): RunReport => reportOf(ran(mode));

test('every mode boots, runs, and passes the check of scenarios', () => {
  for (const mode of GROWTH_MODES) {
    const scenario = scenarioIn({ ...AGED, machine: { ...AGED.machine, memoryMiB: 128 } }, mode);
    expect(checkScenario(scenario).kind).toBe('ok');
    expect(scenario.machine.dynamic).toBe(MODE_FACTS[mode].dynamic);
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

test('memory of a transient pool is free after the grace period, not before', () => {
  const simulation = createSimulation({ ...AGED, machine: SMALL });
  const { swiotlb } = simulation;
  const { registry, mem } = swiotlb;
  while (registry.unseenSlots === 0 && simulation.step());
  const goneNs = simulation.timeNs;
  const waiting = registry.unseenSlots;
  expect(waiting).toBeGreaterThan(0);
  expect(simulation.books.held).toBe((mem.nslabs + mem.transientNslabs + waiting) * 2048);
  let before: number;
  do {
    before = registry.unseenSlots;
    simulation.step();
  } while (registry.unseenSlots >= before);
  expect(simulation.timeNs - goneNs).toBe(10 * MS);
});
