import { expect, test } from 'vitest';
import { DEVICE } from '../engine/frame.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import type { Simulation } from '../engine/simulation.ts';
import { longestFreeRun } from '../model/slot-table.ts';
import { figure } from '../testing/run-builder.ts';
import { anAreaEach } from './an-area-each.ts';
import { confidentialVm } from './confidential-vm.ts';
import { everyday64Bit } from './everyday-64bit.ts';
import { fragmented } from './fragmented.ts';
import { SCENARIOS } from './index.ts';
import { oldCardNewMemory } from './old-card-new-memory.ts';
import { oneAreaManyCpus } from './one-area-many-cpus.ts';
import { stuck } from './stuck.ts';
import { tooSmall } from './too-small.ts';

const MS = 1e6;

function ran(scenario: (typeof SCENARIOS)[number], untilMs: number): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

const share = ({ swiotlb }: Simulation) => swiotlb.mem.used / swiotlb.mem.nslabs;

function locks(simulation: Simulation) {
  const sum = { taken: 0, contended: 0, spunNs: 0 };
  for (const pool of simulation.swiotlb.pools) {
    const table = simulation.locks.of(pool);
    for (let area = 0; area < pool.nareas; area++) {
      sum.taken += table.taken[area] ?? 0;
      sum.contended += table.contended[area] ?? 0;
      sum.spunNs += table.spunNs[area] ?? 0;
    }
  }
  return sum;
}

test('every scenario has a name of its own and one sentence on what to watch', () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  for (const { watch, title } of SCENARIOS) {
    expect(watch).toMatch(/^[A-Z].+[^.]\.$/);
    expect(title).not.toBe('');
  }
});

test('Confidential VM: everything bounces, and the pool moves between a sixth and two thirds', () => {
  const simulation = ran(confidentialVm, confidentialVm.openAtMs);
  expect(simulation.swiotlb.mem.nslabs).toBe(32_768);
  expect(simulation.swiotlb.mem.head?.nareas).toBe(8);
  const shares: number[] = [];
  for (let ms = 60; ms <= 400; ms += 2) {
    simulation.runUntil(ms * MS, Infinity);
    shares.push(share(simulation));
  }
  expect(simulation.ledger.directMaps).toBe(0);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(Math.min(...shares)).toBeGreaterThan(0.16);
  expect(Math.max(...shares)).toBeLessThan(0.67);
  expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.15);
  for (const device of [0, 1, 2, 3]) {
    expect(figure(simulation, device, DEVICE.done)).toBeGreaterThan(1000);
    expect(figure(simulation, device, DEVICE.slots)).toBeGreaterThan(0);
  }
});

test('Confidential VM begins as its first second is drawn: receive rings, then the first disk', () => {
  const simulation = ran(confidentialVm, 1);
  const slots = () => [0, 1, 2, 3].map((device) => figure(simulation, device, DEVICE.slots));
  expect(slots()).toEqual([0, 0, 1280, 0]);
  // Every area has its share of the ring.
  expect([...(simulation.swiotlb.mem.head?.areaUsed ?? [])]).toEqual(Array(8).fill(160));
  simulation.runUntil(4 * MS, Infinity);
  const [first, ...others] = slots();
  expect(first).toBeGreaterThan(1000);
  expect(first).toBeLessThan(2500);
  expect(others).toEqual([0, 1280, 0]);
});

test('Everyday 64-bit machine: thousands of maps, not one bounce, an empty pool', () => {
  const simulation = ran(everyday64Bit, 200);
  expect(simulation.swiotlb.mem.nslabs).toBe(32_768);
  expect(simulation.ledger.directMaps).toBeGreaterThan(20_000);
  expect(simulation.ledger.maps).toBe(0);
  expect(simulation.swiotlb.mem.hiwater).toBe(0);
  expect(simulation.ledger.copiedBytes).toBe(0);
});

test('Old card, new memory: the 32-bit device bounces what lies above 4 GiB, and nobody else', () => {
  const simulation = ran(oldCardNewMemory, 400);
  const bounced = figure(simulation, 0, DEVICE.bounced);
  const direct = figure(simulation, 0, DEVICE.direct);
  expect(bounced).toBeGreaterThan(500);
  expect(bounced / (bounced + direct)).toBeCloseTo(0.62, 1);
  expect(figure(simulation, 1, DEVICE.bounced)).toBe(0);
  expect(figure(simulation, 1, DEVICE.direct)).toBeGreaterThan(5000);
  expect(simulation.swiotlb.mem.used).toBe(figure(simulation, 0, DEVICE.slots));
});

test('Too small: it fills, every kind of device suffers in its own way, and the log says so', () => {
  const simulation = ran(tooSmall, 400);
  expect(simulation.swiotlb.mem.hiwater / simulation.swiotlb.mem.nslabs).toBeGreaterThan(0.95);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(1000);
  expect(figure(simulation, 0, DEVICE.retried)).toBeGreaterThan(1000);
  expect(figure(simulation, 1, DEVICE.dropped)).toBeGreaterThan(10);
  expect(figure(simulation, 2, DEVICE.ioErrors)).toBeGreaterThan(10);
  const texts = simulation.log.since(0).map(({ text }) => text);
  expect(texts.filter((text) => text.includes('swiotlb buffer is full'))).toHaveLength(10);
  expect(texts.some((text) => text.startsWith('I/O error, dev vdb'))).toBe(true);
  expect(simulation.log.suppressed).toBeGreaterThan(100);
});

test('One area, many CPUs against an area each: the same load spins a hundred times more', () => {
  const shared = locks(ran(oneAreaManyCpus, 80));
  const apart = locks(ran(anAreaEach, 80));
  expect(oneAreaManyCpus.devices).toEqual(anAreaEach.devices);
  expect(shared.contended / shared.taken).toBeGreaterThan(0.1);
  expect(apart.contended / apart.taken).toBeLessThan(0.005);
  expect(shared.spunNs / shared.taken).toBeGreaterThan(50 * (apart.spunNs / apart.taken));
});

test('Fragmented: more than half is free, no segment is, and every large map fails in the end', () => {
  const simulation = ran(fragmented, fragmented.openAtMs);
  const before = simulation.ledger.failedMaps;
  expect(before).toBeGreaterThan(50);
  simulation.runUntil(1200 * MS, Infinity);
  expect(simulation.ledger.failedMaps - before).toBeGreaterThan(1000);
  expect(share(simulation)).toBeLessThan(0.5);
  const pool = simulation.swiotlb.mem.head;
  expect(pool && longestFreeRun(pool.table, 0, pool.nslabs)).toBeLessThan(126);
  // The large requests fill the driver's whole depth, all of them waiting for their next try.
  expect(figure(simulation, 0, DEVICE.depth)).toBe(8);
  expect(figure(simulation, 1, DEVICE.failedMaps)).toBe(0);
});

test('Stuck: small reads pass, then one of 256 KiB is tried every 8 ms for ever', () => {
  const simulation = ran(stuck, 100);
  expect(simulation.swiotlb.mem.nslabs).toBe(128);
  const done = figure(simulation, 0, DEVICE.done);
  const failed = simulation.ledger.failedMaps;
  expect(done).toBeGreaterThan(5);
  simulation.runUntil(900 * MS, Infinity);
  expect(figure(simulation, 0, DEVICE.done)).toBe(done);
  expect(simulation.ledger.failedMaps - failed).toBe(100);
  expect(simulation.swiotlb.mem.used).toBe(0);
  const full = simulation.log.since(0).find(({ text }) => text.includes('buffer is full'));
  expect(full?.text).toBe(
    'virtio-pci 0000:00:02.0: swiotlb buffer is full (sz: 262144 bytes), total 128 (slots), used 1 (slots)',
  );
});
