import { expect, test } from 'vitest';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { logFailedMap } from './failure-log.ts';
import { KernelLog } from './kernel-log.ts';
import type { DeviceSpec, MachineSpec } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';

const MS = 1e6;

/** What the kernel said of failed maps, after 50 virtual ms. */
function complaints(device: Partial<DeviceSpec>, machine: Partial<MachineSpec>) {
  const specs = [deviceWith({ kind: 'legacy32', name: 'sda', ...device })];
  const simulation = createSimulation(scenarioWith(specs, machine));
  simulation.runUntil(50 * MS, Infinity);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(20);
  const texts = simulation.log.since(0).map(({ text }) => text);
  return texts.filter((text) => /swiotlb|SWIOTLB|DMA/.test(text) && !text.startsWith('software'));
}

test('a device that must bounce where no pool is active is warned of once', () => {
  const said = complaints(
    { highMemoryShare: 0.5 },
    { memoryMiB: 8192, commandLine: 'swiotlb=noforce' },
  );
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^sata_sil 0000:00:02\.0: DMA addr 0x0000000[12][0-9a-f]{8}\+4096 overflow \(mask ffffffff, bus limit 0\)\.$/,
  );
});

/** A log, and what says in it that a map of 4 KiB failed for `cause`. */
function logOf(cause: 'out-of-reach' | 'no-pool' | 'no-room', commandLine: string) {
  const { swiotlb } = createSimulation(scenarioWith([networkWith()], { commandLine }));
  swiotlb.outcome.cause = cause;
  const log = new KernelLog();
  const world = { log, swiotlb, dma: swiotlb.devices, nowNs: 0, event: 1 };
  const failed = { address: 0x1_2345_6000, size: 4096, total: 8192 };
  return {
    say: (quiet: boolean) => logFailedMap(world, { kind: 'legacy32', index: 0 }, failed, quiet),
    texts: () => log.since(0).map(({ text }) => text),
  };
}

test('slots beyond the reach of the device are warned of once', () => {
  const { say, texts } = logOf('out-of-reach', '');
  say(false);
  say(false);
  expect(texts()).toEqual([
    'sata_sil 0000:00:02.0: swiotlb addr 0x0000000123456000+4096 overflow (mask ffffffff, bus limit 0).',
  ]);
});

test('everything must bounce and there is no pool: said at most ten times in five seconds', () => {
  const { say, texts } = logOf('no-pool', 'swiotlb=force');
  for (let time = 0; time < 15; time++) say(true);
  expect(texts()).toHaveLength(10);
  expect(texts()[0]).toBe(
    "sata_sil 0000:00:02.0: Can not allocate SWIOTLB buffer earlier and can't now provide you with the DMA bounce buffer",
  );
});

test('a list that is mapped in silence fails without a word when the pool is full', () => {
  const { say, texts } = logOf('no-room', '');
  say(true);
  expect(texts()).toEqual([]);
  say(false);
  expect(texts()).toHaveLength(1);
});

test("a platform device has a name of its own, and the display's failures flood the log", () => {
  const specs = [
    deviceWith({
      kind: 'vc4',
      name: 'vc4',
      sizes: [{ bytes: 8_388_608, weight: 1 }],
      ratePerSecond: 2000,
      highMemoryShare: 1,
    }),
  ];
  const scenario = scenarioWith(specs, { board: 'rpi4', memoryMiB: 4096, commandLine: '' });
  const simulation = createSimulation(scenario);
  simulation.runUntil(50 * MS, Infinity);
  const said = simulation.log.since(0).map(({ text }) => text);
  const full = said.filter((text) => text.includes('buffer is full'));
  expect(full).toHaveLength(10);
  expect(new Set(full)).toEqual(
    new Set([
      'vc4-drm gpu: swiotlb buffer is full (sz: 524288 bytes), total 32768 (slots), used 0 (slots)',
    ]),
  );
  expect(simulation.log.suppressed).toBe(simulation.ledger.failedMaps - 10);
});
