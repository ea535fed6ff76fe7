/** Restricted regions: where they lie, who uses them, and that nobody else does. */
import { expect, test } from 'vitest';
import { restrictedPool } from '../scenarios/growing/restricted-pool.ts';
import { SSD } from '../scenarios/throttling/parts.ts';
import { deviceWith } from '../testing/run-builder.ts';
import { writeDebugfs } from './debugfs.ts';
import { DEVICE, FrameView, HEADER, POOL, POOL_KINDS } from './frame.ts';
import { writeFrame } from './frame-writer.ts';
import { checkScenario } from './scenario-check.ts';
import { createSimulation } from './create-simulation.ts';
import type { MachineSpec, Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';

const MS = 1_000_000;

function ran(scenario: Scenario, untilMs: number): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

const withMachine = (part: Partial<MachineSpec>): Scenario => ({
  ...restrictedPool,
  machine: { ...restrictedPool.machine, ...part },
});

const faultsOf = (scenario: unknown): readonly string[] => {
  const check = checkScenario(scenario);
  return check.kind === 'ok' ? [] : check.faults;
};

test('regions lie above the pool, apart from each other, and are not given to the page allocator', () => {
  const restricted = [
    { name: 'usb_dma', bytes: 1_048_576 },
    { name: 'wifi@be000000', bytes: 65_536 },
  ];
  const { swiotlb, pages, log } = createSimulation(withMachine({ restricted, dynamic: true }));
  const [standard, usb, wifi] = swiotlb.mems.map(({ head }) => head);
  expect(wifi?.end).toBe(usb?.base);
  expect(standard?.end).toBeLessThanOrEqual(wifi?.base ?? 0);
  expect(wifi?.nslabs).toBe(32);
  const lowest = Math.min(...[standard, usb, wifi].map((pool) => pool?.base ?? 0));
  const ends = (pages?.guest.allocator.zones ?? [])
    .map(({ span }) => (span.startPfn + span.spanned) * 4096)
    .filter((end) => end <= 2 ** 32);
  expect(ends.length).toBeGreaterThan(0);
  expect(Math.max(...ends)).toBeLessThanOrEqual(lowest);
  expect(log.since(0)[0]?.text).toBe(
    'software IO TLB: Reserved memory: created restricted DMA pool at 0x00000000be500000, size 1 MiB',
  );
});

test('a confined device’s mappings all lie in its region, and the other device’s never do', () => {
  const devices = [...restrictedPool.devices, { ...SSD, name: 'sdb', kind: 'legacy32' as const }];
  const high = devices.map((device) => ({ ...device, highMemoryShare: 1, depth: 30 }));
  const { swiotlb, ledger } = ran({ ...restrictedPool, devices: high }, 30);
  const region = swiotlb.mems[1]?.head;
  let inside = 0;
  for (const pool of swiotlb.pools) {
    const { owner } = ledger.record(pool);
    const owners = new Set([...owner].map((byte) => (byte & 0x0f) - 1).filter((one) => one >= 0));
    if (pool === region) inside += owners.size;
    expect([...owners]).toEqual(owners.size === 0 ? [] : [pool === region ? 0 : 2]);
  }
  expect(inside).toBe(1);
  expect(swiotlb.mem.used).toBeGreaterThan(0);
});

test('the frame tells a restricted pool with its region, its device and its own counters', () => {
  const simulation = ran(restrictedPool, 20);
  const label = { sequence: 1, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  const frame = FrameView.read(writeFrame(simulation, label, null));
  const row = Array.from({ length: frame.counts.pools }, (_, at) => at).find(
    (at) => POOL_KINDS[frame.pool(at, POOL.kind)] === 'restricted',
  );
  expect(row).toBe(1);
  const [standard, own] = simulation.swiotlb.mems;
  expect(frame.pool(1, POOL.region)).toBe(0);
  expect(frame.pool(1, POOL.device)).toBe(0);
  expect(frame.pool(1, POOL.hiwater)).toBe(own?.hiwater);
  expect(frame.pool(0, POOL.region)).toBe(-1);
  expect(frame.head(HEADER.nslabs)).toBe(2048 + 512);
  expect(frame.head(HEADER.used)).toBe((standard?.used ?? 0) + (own?.used ?? 0));
  expect(simulation.machine.regions).toEqual(['usb_dma']);
  expect(simulation.machine.devices.map(({ region }) => region)).toEqual(['usb_dma', undefined]);
});

test('two devices share a region: its pool is nobody’s, and both are turned away', () => {
  const [sda] = restrictedPool.devices;
  if (!sda) throw new RangeError('the scenario has no device');
  const devices = [sda, { ...sda, name: 'sdb' }];
  const simulation = ran({ ...restrictedPool, devices }, 100);
  const label = { sequence: 1, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  const frame = FrameView.read(writeFrame(simulation, label, null));
  expect(frame.pool(1, POOL.device)).toBe(-1);
  expect(simulation.swiotlb.mems[1]?.hiwater).toBeGreaterThan(490);
});

test('a device that may sleep is throttled by its region’s own thresholds', () => {
  const devices = [
    { ...SSD, name: 'nvme1', depth: 64, restrictedPool: 'usb_dma' },
    ...restrictedPool.devices.slice(1),
  ];
  const throttle = { policy: 'rfc', high: null, low: null, timeoutMs: 20, starvedMs: 100 } as const;
  const free = ran({ ...restrictedPool, devices }, 60);
  const held = ran({ ...restrictedPool, devices, throttle }, 60);
  const [standard, own] = held.swiotlb.mems;
  expect(held.machine.devices.map(({ recommended }) => recommended)).toEqual([true, false]);
  expect(own?.throttle.highThrottle).toBe(Math.floor((512 * 70) / 100));
  const { highThrottleCount = 0, lowThrottleCount = 0 } = own?.throttle ?? {};
  expect(highThrottleCount + lowThrottleCount).toBeGreaterThan(10);
  expect(standard?.throttle.highThrottleCount).toBe(0);
  expect(free.ledger.failedMaps).toBeGreaterThan(100);
  expect(held.ledger.failedMaps).toBeLessThan(free.ledger.failedMaps / 10);
  expect(held.throttle.slept).toBeGreaterThan(10);
});

test('files of a region are written by its directory, and only its own counters change', () => {
  const { swiotlb } = ran(restrictedPool, 20);
  const [standard, own] = swiotlb.mems;
  expect(writeDebugfs(swiotlb, 'usb_dma/io_tlb_used', '0')).toMatch(/Permission denied$/);
  expect(writeDebugfs(swiotlb, 'no_dma/io_tlb_used_hiwater', '0')).toMatch(/No such file/);
  expect(writeDebugfs(swiotlb, '/io_tlb_used_hiwater', '0')).toMatch(/No such file/);
  expect(writeDebugfs(swiotlb, 'usb_dma/io_tlb_used_hiwater', '7')).toMatch(/Invalid argument$/);
  expect(own?.hiwater).toBeGreaterThan(0);
  expect(writeDebugfs(swiotlb, 'usb_dma/io_tlb_used_hiwater', '0')).toBeNull();
  expect(own?.hiwater).toBe(0);
  expect(standard?.hiwater).toBe(0);
});

test('every fault of a region is a sentence', () => {
  const regions = (restricted: unknown) =>
    faultsOf({ ...restrictedPool, machine: { ...restrictedPool.machine, restricted } });
  expect(regions(7)).toEqual([
    'machine.restricted is 7; it must be a list',
    expect.stringContaining('devices[0].restrictedPool is "usb_dma"'),
  ]);
  const usb = { name: 'usb_dma', bytes: 4096 };
  expect(regions([usb])).toEqual([]);
  expect(regions([usb, usb])).toEqual(['machine.restricted[1].name "usb_dma" is taken already']);
  expect(regions([usb, { name: '../etc', bytes: 4097 }])).toEqual([
    expect.stringMatching(/^machine\.restricted\[1\]\.name is .* device tree node/),
    expect.stringMatching(/whole pages/),
  ]);
  expect(regions([usb, null])).toEqual([expect.stringMatching(/must be an object/)]);
  expect(regions(Array.from({ length: 9 }, (_, at) => ({ name: `r${at}`, bytes: 4096 })))).toEqual([
    'machine.restricted has 9 entries; it must have 0 to 8',
    expect.any(String),
  ]);
  const large = { name: 'usb_dma', bytes: 67_108_864 };
  expect(faultsOf(withMachine({ memoryMiB: 128, restricted: [large] }))).toEqual([
    expect.stringMatching(/a quarter of memory at most$/),
  ]);
  expect(faultsOf(withMachine({ hostShareMiB: 0 }))).toEqual([
    expect.stringMatching(/^machine\.hostShareMiB is 0/),
  ]);
});

test('a checked scenario keeps its regions and who is confined to them', () => {
  const check = checkScenario(withMachine({ hostShareMiB: 9 }));
  if (check.kind !== 'ok') throw new RangeError(check.faults.join());
  expect(check.scenario.machine.restricted).toEqual(restrictedPool.machine.restricted);
  expect(check.scenario.machine.hostShareMiB).toBe(9);
  expect(check.scenario.devices[0]?.restrictedPool).toBe('usb_dma');
});

test('what a confined driver allocates comes out of its region, and from nowhere else', () => {
  const gpu = deviceWith({
    name: 'gpu0',
    kind: 'gpu',
    ratePerSecond: 100_000,
    depth: 16,
    sizes: [{ bytes: 163_840, weight: 1 }],
    latencyUs: 5_000_000,
    latencySpread: 0,
    restrictedPool: 'usb_dma',
  });
  const { swiotlb, books, ledger } = ran({ ...restrictedPool, devices: [gpu] }, 20);
  const [standard, own] = swiotlb.mems;
  // Six whole buffers of 128 + 32 KiB are 960 KiB; the seventh keeps the 64 KiB that are left.
  expect(own?.used).toBe(512);
  expect(standard?.used).toBe(0);
  expect(ledger.deviceRows[DEVICE.done]).toBe(6);
  expect(books.ownBytes).toBe(0);
  expect(books.failedAllocs).toBeGreaterThan(0);
  expect(ledger.maps).toBe(0);
});

const sharedPages = (part: Partial<MachineSpec>) =>
  createSimulation(withMachine({ dynamic: true, encrypted: true, ...part })).pages?.guest
    .sharedPages ?? 0;

test('in an encrypted guest a region is shared with the host as a whole', () => {
  const with1MiB = sharedPages({});
  const restricted = [{ name: 'usb_dma', bytes: 2_097_152 }];
  expect(sharedPages({ restricted }) - with1MiB).toBe(256);
});
