/** A host that shares so much and no more: what the guest makes of a refusal. */
import { expect, test } from 'vitest';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { createSimulation } from './create-simulation.ts';
import type { MachineSpec } from './scenario.ts';
import type { Simulation } from './simulation.ts';

const MS = 1_000_000;

function encrypted(part: Partial<MachineSpec>): Simulation {
  const machine: MachineSpec = {
    ...burstBeforeTheWorker.machine,
    encrypted: true,
    commandLine: 'swiotlb=2048',
    ...part,
  };
  const simulation = createSimulation({ ...burstBeforeTheWorker, machine });
  simulation.runUntil(40 * MS, Infinity);
  return simulation;
}

const MIB_PAGES = 256;

test('a pool the host will not share is made private again and freed, and half of it is asked for', () => {
  // 4 MiB of boot pool, three coherent pools of 128 KiB, and room for one pool of 1 MiB.
  const { growth, pages, log, swiotlb } = encrypted({ hostShareMiB: 6 });
  const [first] = growth.since(0).filter(({ by }) => by === 'worker');
  const pool = first?.tries.filter(({ what }) => what === 'pool') ?? [];
  expect(pool.map(({ order, path, unshared }) => [order, path, unshared])).toEqual([
    [10, 'fast', true],
    [9, 'fast', true],
    [8, 'fast', undefined],
  ]);
  expect(first?.slots).toBe(512);
  expect(pages?.guest.sharedPages).toBeLessThanOrEqual(6 * MIB_PAGES);
  expect(swiotlb.mem.nslabs).toBe(2048 + 512);
  const texts = log.since(0).map(({ text }) => text);
  const warned = texts.filter((text) => text.startsWith('CPA VMM failure'));
  expect(warned).toEqual([
    'CPA VMM failure to convert memory (addr=(____ptrval____), numpages=1024) to shared: -5',
  ]);
});

test('what was refused is all free again, and both ways of every conversion are counted', () => {
  const { growth, pages, log } = encrypted({ hostShareMiB: 5 });
  const workers = growth.since(0).filter(({ by }) => by === 'worker');
  expect(workers.length).toBeGreaterThan(0);
  expect(workers.every(({ slots }) => slots === 0)).toBe(true);
  const guest = pages?.guest;
  expect(guest?.refused).toBeGreaterThanOrEqual(3 * workers.length);
  expect(guest?.toPrivate.calls).toBe(guest?.refused);
  expect(log.since(0).map(({ text }) => text)).toContain(
    'software IO TLB: Failed to allocate new pool',
  );
  // The boot pool, and what the coherent pools have.
  const coherent = guest?.pools.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  expect(guest?.sharedPages).toBe(4 * MIB_PAGES + coherent / 4096);
});

test('without a bound nothing is refused', () => {
  const { pages, growth } = encrypted({});
  expect(pages?.guest.refused).toBe(0);
  expect(growth.since(0).some(({ tries }) => tries.some(({ unshared }) => unshared))).toBe(false);
});
