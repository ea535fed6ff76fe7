import { expect, test } from 'vitest';
import type { MachineSpec, Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import { whatIfGrown, type WhatIf } from './what-if.ts';
import { buddyinfoText } from '../model/buddy-text.ts';
import type { PageAllocator } from '../model/page-allocator.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';

const MS = 1e6;

function ran(scenario: Scenario, untilMs: number): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

const month = (ageing: MachineSpec['ageing'], more: Partial<MachineSpec> = {}): Scenario => ({
  ...aMonthOfUptime,
  machine: { ...aMonthOfUptime.machine, ...more, ...(ageing && { ageing }) },
});

function asked(simulation: Simulation): WhatIf {
  const answer = whatIfGrown(simulation.world);
  if (answer === null) throw new RangeError('no answer');
  return answer;
}

function allocatorOf(simulation: Simulation): PageAllocator {
  const allocator = simulation.world.pages?.guest.allocator;
  if (!allocator) throw new RangeError('no allocator');
  return allocator;
}

/** Every byte and count of the allocator. */
function stateOf(simulation: Simulation): string {
  const { pages, zones, outcome, kswapdWoken } = allocatorOf(simulation);
  const { state, next, prev, blockType, skip } = pages;
  const rows = [state, next, prev, blockType, skip].map((array) => array.join());
  const counts = zones.map((zone) => {
    const { free, freeCma, freeHighatomic, reservedHighatomic, boost, marks } = zone;
    const { compactConsidered, compactDeferShift, compactOrderFailed } = zone;
    return JSON.stringify([
      [free, freeCma, freeHighatomic, reservedHighatomic, boost, marks],
      [compactConsidered, compactDeferShift, compactOrderFailed],
    ]);
  });
  const last = [outcome.path, outcome.zone?.name, JSON.stringify(outcome.compaction), kswapdWoken];
  return [...rows, ...counts, ...last, buddyinfoText({ zones })].join('\n');
}

const orders = ({ tries }: WhatIf) =>
  tries
    .filter(({ what }) => what === 'pool')
    .map(({ order, path }) => `${order}${path === 'failed' ? '×' : ''}`)
    .join(' ');

/** Grows for real and says what was tried, in the words of `WhatIf`. */
function grown(simulation: Simulation) {
  const { pages, swiotlb } = simulation.world;
  pages?.begin();
  const pool = swiotlb.grow();
  const { tries = [], converted } = pages?.taken() ?? {};
  return { tries, converted, slots: pool?.nslabs ?? 0, base: pool?.base ?? -1 };
}

const SCENARIOS: readonly (readonly [string, Scenario, number])[] = [
  ['fresh memory', burstBeforeTheWorker, 5],
  ['a CMA region', month(undefined, { mode: 'cma', cmaMiB: 16 }), 12],
  ['a CMA region, used up', month(undefined, { mode: 'cma', cmaMiB: 4 }), 40],
  ['whole 2 MiB pages', month(undefined, { mode: 'hugepage' }), 12],
  ['fresh memory after growth', burstBeforeTheWorker, 30],
  ['a month, before any growth', aMonthOfUptime, 1],
  ['a month, in between', aMonthOfUptime, 11.5],
  ['a month, nothing left', aMonthOfUptime, 40],
  ['mostly movable pages', month({ uptimeHours: 200, fill: 0.7, kernelShare: 0.002 }), 3],
  [
    'more memory',
    month({ uptimeHours: 300, fill: 0.85, kernelShare: 0.05 }, { memoryMiB: 512 }),
    3,
  ],
  [
    'an encrypted guest',
    month({ uptimeHours: 5, fill: 0.6, kernelShare: 0.05 }, { encrypted: true }),
    15,
  ],
];

for (const [name, scenario, untilMs] of SCENARIOS) {
  test(`${name}: asking changes nothing, and growing comes to the very same`, () => {
    const simulation = ran(scenario, untilMs);
    const before = stateOf(simulation);
    const answer = asked(simulation);
    expect(stateOf(simulation)).toBe(before);
    expect(asked(simulation)).toEqual(answer);
    const { tries, slots, converted, base } = grown(simulation);
    expect(answer.slots).toBe(slots);
    expect(answer.converted).toEqual(converted);
    expect(answer.tries).toMatchObject(tries);
    expect(answer.tries).toHaveLength(tries.length);
    const got = answer.tries.findLast(({ what }) => what === 'pool');
    expect(slots > 0 ? (got?.pfn ?? 0) * 4096 : -1).toBe(base);
  });
}

test('the same growth has another outcome on a machine that was used', () => {
  expect(orders(asked(ran(burstBeforeTheWorker, 0)))).toBe('10');
  expect(asked(ran(burstBeforeTheWorker, 0)).slots).toBe(2048);
  const used = asked(ran(aMonthOfUptime, 0));
  expect(orders(used)).toMatch(/^10× /);
  expect(used.slots).toBeLessThan(2048);
});

test('it tells from which kind of pageblock a block would come, when that is another kind', () => {
  const [fresh] = asked(ran(burstBeforeTheWorker, 0)).tries;
  expect(fresh).toMatchObject({ order: 10, path: 'fast', fallback: 'Movable', from: 'DMA32' });
});

test('compaction is tried on the copy at its cost, where movable pages stand in the way', () => {
  const simulation = ran(
    month({ uptimeHours: 200, fill: 0.95, kernelShare: 0.05 }, { memoryMiB: 512 }),
    0,
  );
  const answer = asked(simulation);
  const [first] = answer.tries;
  expect(first).toMatchObject({ order: 10, path: 'compacted', from: 'DMA32' });
  expect(first?.migrated).toBeGreaterThan(0);
  expect(first?.scanned).toBeGreaterThan(0);
  expect(answer.costNs).toBeGreaterThan(simulation.world.costs.pageAllocNs);
});

test('an allocator that must not grow any more asks for nothing', () => {
  const simulation = ran(burstBeforeTheWorker, 0);
  simulation.swiotlb.defaultBase();
  expect(asked(simulation)).toMatchObject({ canGrow: false, tries: [], slots: 0, costNs: 0 });
});

test('a machine without a page allocator has no answer', () => {
  const { machine } = burstBeforeTheWorker;
  const simulation = ran({ ...burstBeforeTheWorker, machine: { ...machine, dynamic: false } }, 0);
  expect(whatIfGrown(simulation.world)).toBeNull();
});
