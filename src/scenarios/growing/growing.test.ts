/** What each growing scenario is there to show, as numbers from its run. */
import { expect, test } from 'vitest';
import { DEVICE } from '../../engine/frame.ts';
import type { GrowthAttempt } from '../../engine/growth-log.ts';
import type { MachineSpec, Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { aMonthOfUptime } from './a-month-of-uptime.ts';
import { atomicPoolRunsDry } from './atomic-pool-runs-dry.ts';
import { burstBeforeTheWorker } from './burst-before-the-worker.ts';
import { restrictedPool } from './restricted-pool.ts';

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

test('Atomic pool runs dry: two transient pools drain it, and ten maps fail with the kernel’s words', () => {
  const simulation = ran(atomicPoolRunsDry);
  const transients = by(simulation, 'transient');
  const dry = transients.filter(({ slots }) => slots === 0);
  expect(dry).toHaveLength(10);
  expect(dry.every(({ tries }) => tries.every(({ what }) => what === 'coherent'))).toBe(true);
  expect(transients.findIndex(({ slots }) => slots === 0)).toBeGreaterThan(0);
  expect(simulation.ledger.failedMaps).toBe(10);
  const said = simulation.log.since(0).filter(({ text }) => text.startsWith('Failed to get'));
  expect(said.map(({ text }) => text)).toEqual(
    dry.map(() => 'Failed to get suitable pool for 0000:00:02.0'),
  );
});

test('Atomic pool runs dry: one refill doubles all three pools, at a conversion each, and none fails after', () => {
  const simulation = ran(atomicPoolRunsDry, 200);
  const [refill, ...more] = by(simulation, 'refill');
  expect(more).toEqual([]);
  expect(refill?.slots).toBe((3 * 128) / 2);
  expect(refill?.converted).toEqual([3, 96, 0]);
  expect(refill?.tries.map(({ what, order, path }) => `${what} ${order} ${path}`)).toEqual([
    'refill 5 fast',
    'refill 5 fast',
    'refill 5 fast',
  ]);
  const after = simulation.growth.since(0).filter(({ timeNs }) => timeNs > 12 * MS);
  expect(after).toEqual([]);
  expect(simulation.pages?.guest.pools.map(({ bytes }) => bytes)).toEqual(
    Array.from({ length: 3 }, () => 256 * 1024),
  );
});

test('Atomic pool runs dry: with coherent_pool=1M it does not, and the same load never fails', () => {
  const commandLine = `${atomicPoolRunsDry.machine.commandLine} coherent_pool=1M`;
  const machine = { ...atomicPoolRunsDry.machine, commandLine };
  const simulation = ran({ ...atomicPoolRunsDry, machine }, 200);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(simulation.log.since(0).map(({ text }) => text)).toContain(
    'DMA: preallocated 1024 KiB GFP_KERNEL pool for atomic allocations',
  );
});

test('Restricted pool: it fills and fails while the default pool stands empty, and never grows', () => {
  const machine = { ...restrictedPool.machine, dynamic: true };
  const simulation = ran({ ...restrictedPool, machine }, 200);
  // A kernel that can grow makes no difference.
  expect(ran(restrictedPool, 200).ledger.failedMaps).toBe(simulation.ledger.failedMaps);
  const [standard, own] = simulation.swiotlb.mems;
  expect(standard).toMatchObject({ nslabs: 2048, used: 0, hiwater: 0 });
  expect(own).toMatchObject({ nslabs: 512, name: 'usb_dma' });
  expect(own?.hiwater).toBeGreaterThan(480);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(100);
  expect(simulation.growth.count).toBe(0);
  const full = simulation.log.since(0).filter(({ text }) => text.includes('buffer is full'));
  expect(full.length).toBeGreaterThan(5);
  expect(full.every(({ text }) => /^xhci_hcd .* total 512 \(slots\), used 4\d\d/.test(text))).toBe(
    true,
  );
  expect(simulation.ledger.deviceRows[DEVICE.ioErrors]).toBeGreaterThan(50);
});

test('Restricted pool: the same load without the region finds room in the default pool', () => {
  const devices = restrictedPool.devices.map((device) => {
    const free = { ...device };
    delete free.restrictedPool;
    return free;
  });
  const simulation = ran({ ...restrictedPool, devices }, 200);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(simulation.swiotlb.mem.hiwater).toBeGreaterThan(400);
});
