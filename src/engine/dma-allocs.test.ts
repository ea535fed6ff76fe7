import { expect, test } from 'vitest';
import { DEVICE, FrameView, OWNER_DEVICE_MASK } from './frame.ts';
import { writeFrame } from './frame-writer.ts';
import { slotStory } from './slot-story.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import type { DeviceSpec, MachineSpec } from './scenario.ts';
import { deviceWith, figure, machineWith, scenarioWith } from '../testing/run-builder.ts';

const KIB = 1024;
const MIB = 1_048_576;
const MS = 1_000_000;

/** A driver that wants `buffers` of `bytes` each, soon, and keeps them for about `keepMs`. */
function gpuWith(buffers: number, bytes: number, keepMs = 5000): DeviceSpec {
  return deviceWith({
    name: 'gpu0',
    kind: 'gpu',
    ratePerSecond: 100_000,
    depth: buffers,
    sizes: [{ bytes, weight: 1 }],
    latencyUs: keepMs * 1000,
    latencySpread: 0,
    bytesPerUs: 100_000,
    parallel: 1024,
  });
}

function ran(devices: readonly DeviceSpec[], machine: Partial<MachineSpec>, ms = 20): Simulation {
  const simulation = createSimulation(scenarioWith(devices, machineWith(machine)));
  simulation.runUntil(ms * MS, Infinity);
  return simulation;
}

const CONFIDENTIAL: Partial<MachineSpec> = { memoryMiB: 512, encrypted: true, commandLine: '' };
const FROM_POOL: Partial<MachineSpec> = { ...CONFIDENTIAL, mode: 'fixed-alloc' };
const GROWS: Partial<MachineSpec> = { ...CONFIDENTIAL, dynamic: true, mode: 'dynamic-alloc' };

test('from the pool a buffer is pieces of a segment at most, and nothing is converted or copied', () => {
  const simulation = ran([gpuWith(4, 640 * KIB)], FROM_POOL);
  const { swiotlb, ledger, books } = simulation;
  // 256 + 256 + 128 KiB, four times over.
  expect(swiotlb.mem.used).toBe((4 * 640 * KIB) / 2048);
  expect(figure(simulation, 0, DEVICE.mappings)).toBe(12);
  expect(figure(simulation, 0, DEVICE.allocatedBytes)).toBe(4 * 640 * KIB);
  expect(figure(simulation, 0, DEVICE.done)).toBe(4);
  expect(books.conversions).toEqual(createSimulation(simulation.scenario).books.conversions);
  expect(books.ownBytes).toBe(0);
  expect(ledger.maps).toBe(0);
  expect(ledger.copiedBytes).toBe(0);
  expect(books.spent.copyNs).toBe(0);
});

test('a buffer of its own pages is converted as it is got, in pieces as large as there are', () => {
  const simulation = ran([gpuWith(4, 640 * KIB)], CONFIDENTIAL);
  const before = createSimulation(simulation.scenario).books.conversions;
  const { books, swiotlb } = simulation;
  expect(swiotlb.mem.used).toBe(0);
  expect(books.ownBytes).toBe(4 * 640 * KIB);
  // 512 and 128 KiB each: 2 calls for 160 pages of 4 KiB.
  expect(books.conversions.calls - before.calls).toBe(8);
  expect(books.conversions.smallPages - before.smallPages).toBe(4 * 160);
  expect(books.spent.convertNs).toBe(8 * 20_000 + 4 * 160 * 1500);
  expect(books.spent.pagesNs).toBe(8 * 1000);
  expect(books.held - books.ownBytes).toBe(createSimulation(simulation.scenario).books.held);
  expect(books.peakHeld).toBe(books.held);
});

test('what is no longer used goes back, converted once more, and the next buffer comes', () => {
  const simulation = ran([gpuWith(2, 256 * KIB, 1)], CONFIDENTIAL, 40);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(20);
  expect(simulation.books.ownBytes).toBeLessThanOrEqual(2 * 256 * KIB);
  const { toShared, toPrivate } = simulation.pages?.guest ?? { toShared: null, toPrivate: null };
  expect(toPrivate?.calls).toBeGreaterThan(20);
  expect(toShared?.calls).toBeGreaterThan(toPrivate?.calls ?? Infinity);
});

test('from the pool, too, what is no longer used goes back', () => {
  const simulation = ran([gpuWith(2, 256 * KIB, 1)], FROM_POOL, 40);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(20);
  expect(simulation.swiotlb.mem.used).toBeLessThanOrEqual(256);
  expect(figure(simulation, 0, DEVICE.allocatedBytes)).toBe(simulation.swiotlb.mem.used * 2048);
  expect(simulation.ledger.unmaps).toBe(0);
  expect(simulation.ledger.paintedSlots).toBe(simulation.swiotlb.mem.used);
});

test('a fixed pool is taken to its last page, and asked for ever', () => {
  const devices = [deviceWith({ ratePerSecond: 5000, startMs: 30 }), gpuWith(100, MIB)];
  const simulation = ran(devices, FROM_POOL, 60);
  const { mem } = simulation.swiotlb;
  expect(mem.nslabs - mem.used).toBeLessThan(2);
  const refused = simulation.books.failedAllocs;
  expect(refused).toBeGreaterThan(2);
  expect(figure(simulation, 1, DEVICE.failedAllocs)).toBe(refused);
  expect(figure(simulation, 0, DEVICE.failedMaps)).toBeGreaterThan(50);
  // A refused allocation is no failed map.
  expect(simulation.ledger.failedMaps).toBe(figure(simulation, 0, DEVICE.failedMaps));
  simulation.runUntil(120 * MS, Infinity);
  expect(simulation.books.failedAllocs).toBeGreaterThan(refused);
  expect(simulation.log.since(0).map(({ text }) => text)).toContain(
    '[drm:amdgpu_cs_ioctl [amdgpu]] *ERROR* Not enough memory for command submission!',
  );
});

test('a pool that grows is added to until the driver has all that it wants', () => {
  const simulation = ran([gpuWith(100, MIB)], GROWS, 199);
  expect(figure(simulation, 0, DEVICE.allocatedBytes)).toBe(100 * MIB);
  expect(figure(simulation, 0, DEVICE.waiting)).toBe(0);
  expect(simulation.swiotlb.mem.nslabs * 2048).toBeGreaterThanOrEqual(100 * MIB);
  const attempts = simulation.growth.since(0);
  expect(attempts.length).toBeGreaterThan(5);
  // None of them is a pool for one request: what lives long takes none.
  expect(attempts.every(({ by }) => by === 'worker')).toBe(true);
});

test('a driver that gets nothing at all is not bound', () => {
  const simulation = ran([gpuWith(1, MIB)], { ...FROM_POOL, commandLine: 'swiotlb=noforce' });
  const [line] = simulation.log.since(0).filter(({ level }) => level === 'err');
  expect(line?.text).toBe('amdgpu 0000:00:02.0: probe with driver amdgpu failed with error -12');
});

test('pages of its own run out, too', () => {
  const simulation = ran([gpuWith(600, MIB)], CONFIDENTIAL, 150);
  expect(simulation.books.failedAllocs).toBeGreaterThan(0);
  expect(figure(simulation, 0, DEVICE.allocatedBytes)).toBe(simulation.books.ownBytes);
});

test('the picture tells allocated memory from buffers that are copied', () => {
  const simulation = ran([gpuWith(1, 256 * KIB)], FROM_POOL);
  const label = { sequence: 0, serial: 0, runState: 'paused', colourMode: 'direction' } as const;
  const frame = FrameView.read(writeFrame(simulation, label, null));
  const slot = frame.owner.findIndex((byte) => (byte & OWNER_DEVICE_MASK) === 1);
  expect(frame.shade[slot]).toBe(4);
  const pool = simulation.swiotlb.pools[0];
  const story = slotStory(simulation, { pool: pool?.id ?? -1, slot });
  expect(story?.mapping).toMatchObject({ direction: 3, nslots: 128, padSlots: 0, size: 256 * KIB });
  expect(story?.origAddr).toBeNull();
});

test('the same seed gives the same events', () => {
  const once = ran([gpuWith(100, MIB)], GROWS, 100);
  expect(ran([gpuWith(100, MIB)], GROWS, 100).streamHash).toBe(once.streamHash);
});
