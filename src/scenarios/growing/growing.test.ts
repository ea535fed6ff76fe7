/** What each growing scenario is there to show, as numbers from its run. */
import { expect, test } from 'vitest';
import type { GrowthAttempt } from '../../engine/growth-log.ts';
import type { MachineSpec, Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { aMonthOfUptime } from './a-month-of-uptime.ts';
import { burstBeforeTheWorker } from './burst-before-the-worker.ts';

const MS = 1_000_000;

function ran(scenario: Scenario, untilMs = 40): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

function by(simulation: Simulation, who: GrowthAttempt['by']): readonly GrowthAttempt[] {
  return simulation.growth.since(0).filter((attempt) => attempt.by === who);
}

/** Orders asked for a pool, those refused with a cross. */
const orders = ({ tries }: GrowthAttempt) =>
  tries
    .filter(({ what }) => what === 'pool')
    .map(({ order, path }) => `${order}${path === 'failed' ? '×' : ''}`)
    .join(' ');

test('Burst before the worker: transient pools first, then 4 MiB twice, and nothing after that', () => {
  const simulation = ran(burstBeforeTheWorker);
  const workers = by(simulation, 'worker');
  const transients = by(simulation, 'transient');
  expect(workers.map(orders)).toEqual(['10', '10']);
  expect(workers.map(({ slots }) => slots)).toEqual([2048, 2048]);
  expect(transients.length).toBeGreaterThan(5);
  expect(transients.every(({ slots }) => slots > 0)).toBe(true);
  // They come before what they stand in for.
  expect(transients[0]?.timeNs).toBeLessThan(workers[0]?.timeNs ?? 0);
  const last = Math.max(...simulation.growth.since(0).map(({ timeNs }) => timeNs));
  expect(last).toBeLessThan(20 * MS);
  expect(simulation.swiotlb.mem.nslabs).toBe(3 * 2048);
  expect(simulation.swiotlb.mem.transientNslabs).toBe(0);
  expect(simulation.ledger.failedMaps).toBe(0);
});

test('Burst before the worker: without growth the same burst fails', () => {
  const machine: MachineSpec = { ...burstBeforeTheWorker.machine, dynamic: false };
  const simulation = ran({ ...burstBeforeTheWorker, machine });
  expect(simulation.growth.count).toBe(0);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(100);
});

test('A machine that has run for a month: orders are refused and halved, later ones get nothing', () => {
  const simulation = ran(aMonthOfUptime);
  const workers = by(simulation, 'worker');
  expect(workers.slice(0, 4).map(orders)).toEqual(['10× 9', '10× 9× 8', '10× 9× 8', '10× 9× 8×']);
  expect(workers.slice(0, 4).map(({ slots }) => slots)).toEqual([1024, 512, 512, 0]);
  // Memory of transient pools comes back after a grace period, and in pieces: none finds 1 MiB again.
  const later = workers.slice(4).map(({ slots }) => slots);
  expect(later.length).toBeGreaterThan(10);
  expect(later.every((slots) => slots === 0)).toBe(true);
  expect(simulation.swiotlb.mem.nslabs).toBe(2048 + 1024 + 2 * 512);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(0);
  expect(simulation.log.since(0).map(({ text }) => text)).toContain(
    'software IO TLB: Failed to allocate new pool',
  );
});

test('A machine that has run for a month: a fifth of memory is free, and none of it in one piece', () => {
  const [first] = by(ran(aMonthOfUptime, 12), 'worker');
  const free = first?.freeBefore ?? [];
  const pages = free.reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
  expect(pages * 4096).toBeGreaterThan(8 * 1024 * 1024);
  expect(free[10]).toBe(0);
});

test('A machine that has run for a month: fresh memory ends the same load without a failure', () => {
  const { ageing: _, ...machine } = aMonthOfUptime.machine;
  const fresh = ran({ ...aMonthOfUptime, machine });
  expect(fresh.streamHash).toBe(ran(burstBeforeTheWorker).streamHash);
  expect(by(fresh, 'worker').every(({ slots }) => slots === 2048)).toBe(true);
});
