/** Memory full of what waits to be written, and who sleeps for it. */
import { expect, test } from 'vitest';
import { createSimulation } from './create-simulation.ts';
import { scenarioIn, type GrowthMode } from './growth-mode.ts';
import type { Scenario } from './scenario.ts';
import { Writeback } from './writeback.ts';
import { bootMemory } from '../model/boot-memory.ts';
import { gfp } from '../model/gfp.ts';
import { PageAllocator } from '../model/page-allocator.ts';
import { flatMachine } from '../testing/page-machine.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';

const MS = 1_000_000;
const PAGE = 4096;

function filled(mib = 16): { allocator: PageAllocator; cache: Writeback } {
  const allocator = new PageAllocator(bootMemory(flatMachine(mib)));
  return { allocator, cache: new Writeback(allocator, 0) };
}

const freeOf = ({ zones }: PageAllocator) => zones.reduce((sum, { free }) => sum + free, 0);

test('it fills memory down to the low watermark, and all of it is dirty', () => {
  const { allocator, cache } = filled();
  const [zone] = allocator.zones;
  expect(freeOf(allocator)).toBe(zone?.marks.low);
  expect(cache.dirty).toBe((zone?.managed ?? 0) - freeOf(allocator));
  expect(cache.clean).toBe(0);
  expect(cache.reclaim()).toBe(false);
});

test('what is written can be freed, thirty-two pages at a time', () => {
  const { allocator, cache } = filled();
  const before = freeOf(allocator);
  cache.written(50 * PAGE);
  expect(cache.clean).toBe(50);
  expect(cache.reclaim()).toBe(true);
  expect(freeOf(allocator)).toBe(before + 32);
  expect(cache.reclaim()).toBe(true);
  expect(cache.reclaim()).toBe(false);
  expect(freeOf(allocator)).toBe(before + 50);
});

test('whoever writes on takes free pages first, then clean ones', () => {
  const { allocator, cache } = filled();
  const { dirty } = cache;
  cache.written(40 * PAGE);
  cache.reclaim();
  cache.sent(36 * PAGE);
  expect(freeOf(allocator)).toBe(allocator.zones[0]?.marks.low);
  expect(cache.clean).toBe(4);
  expect(cache.dirty).toBe(dirty - 40 + 36);
});

test('it never frees what the kernel itself holds', () => {
  const { allocator, cache } = filled(8);
  const held = allocator.alloc(0, gfp('kernel'));
  cache.written(Infinity);
  while (cache.reclaim());
  allocator.free(held, 0);
  expect(freeOf(allocator)).toBe(allocator.zones[0]?.managed);
});

const STUCK: Scenario = scenarioWith(
  [
    deviceWith({
      name: 'vda',
      kind: 'virtio-blk',
      ratePerSecond: 1500,
      depth: 32,
      sizes: [{ bytes: 524_288, weight: 1 }],
      readShare: 0,
      contiguity: 0.3,
      tasks: 8,
      maySleep: true,
      writeback: true,
    }),
  ],
  { memoryMiB: 512, cpus: 4, commandLine: 'swiotlb=32768,force' },
);

function ran(mode: GrowthMode, scenario = STUCK) {
  const simulation = createSimulation(scenarioIn(scenario, mode));
  simulation.runUntil(100 * MS, Infinity);
  return simulation;
}

test('without NOIO all tasks come to sleep for writes that only they could send', () => {
  const { own } = ran('per-mapping');
  const report = own?.report();
  expect(report?.wait).toMatchObject({ asleep: 8, device: 0, underWay: 0 });
  expect(report?.wait?.dirtyPages).toBeGreaterThan(80_000);
  const stopped = ran('per-mapping').ledger.maps;
  const later = createSimulation(scenarioIn(STUCK, 'per-mapping'));
  later.runUntil(200 * MS, Infinity);
  expect(later.ledger.maps).toBe(stopped);
});

test('with NOIO nobody sleeps: the try fails, the pool serves, writes end', () => {
  const { own, ledger } = ran('per-mapping-noio');
  expect(own?.sleeps).toBe(0);
  expect(own?.leftToPool).toBeGreaterThan(100);
  expect(own?.report().wait).toBeNull();
  expect(ledger.maps).toBeGreaterThan(3000);
});

test('who may not sleep fails at once in either mode', () => {
  const [device] = STUCK.devices;
  if (device === undefined) throw new RangeError('no device');
  const { maySleep: _, ...hurried } = device;
  const { own } = ran('per-mapping', { ...STUCK, devices: [hurried] });
  expect(own?.sleeps).toBe(0);
  expect(own?.leftToPool).toBeGreaterThan(100);
});

test('who sleeps is woken by a write that ends, and goes on', () => {
  const [device] = STUCK.devices;
  if (device === undefined) throw new RangeError('no device');
  const pages = [{ bytes: 65_536, weight: 1 }];
  const single = { ...device, tasks: 1, sizes: pages, ratePerSecond: 8000, latencyUs: 5000 };
  const simulation = ran('per-mapping', { ...STUCK, devices: [single] });
  expect(simulation.own?.sleeps).toBeGreaterThan(0);
  const before = simulation.ledger.maps;
  simulation.runUntil(200 * MS, Infinity);
  expect(simulation.ledger.maps).toBeGreaterThan(before + 500);
});
