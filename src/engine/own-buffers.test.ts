/** Buffers with pages of their own in a running machine: who gets them, and what all others pay. */
import { expect, test } from 'vitest';
import { createSimulation } from './create-simulation.ts';
import { DEFAULT_COSTS } from './costs.ts';
import { DEVICE } from './frame.ts';
import { scenarioIn, type GrowthMode } from './growth-mode.ts';
import { TOLD_BUFFERS } from './own-report.ts';
import { reportOf } from './run-report.ts';
import type { DeviceSpec, MachineSpec, Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { deviceWith, figure, networkWith, scenarioWith } from '../testing/run-builder.ts';

const MS = 1_000_000;
const QUIET_MS = 40;

/** A disk without a demand on alignment: half of it pages, half of it pieces of 64 KiB. */
const DISK = deviceWith({
  name: 'sda',
  kind: 'ahci',
  ratePerSecond: 3000,
  sizes: [
    { bytes: 4096, weight: 1 },
    { bytes: 65_536, weight: 1 },
  ],
});

/** The load runs for some ms, then the machine comes to rest. */
function ran(
  devices: readonly DeviceSpec[],
  machine: Partial<MachineSpec> = {},
  mode: GrowthMode = 'per-mapping',
): Simulation {
  const scenario: Scenario = scenarioIn(
    scenarioWith(devices, { memoryMiB: 256, ...machine }),
    mode,
  );
  const simulation = createSimulation(scenario);
  simulation.runUntil(20 * MS, Infinity);
  return simulation;
}

/** Takes the load away and lets what is under way end. */
function rested(simulation: Simulation): Simulation {
  simulation.scenario.devices.forEach((_, device) => {
    simulation.apply({ kind: 'device', device, control: 'ratePerSecond', value: 0 });
  });
  simulation.runUntil(simulation.timeNs + QUIET_MS * MS, Infinity);
  return simulation;
}

const bytesOf = ({ own }: Simulation) =>
  own?.report().devices.reduce((sum, { held }) => sum + held, 0) ?? -1;

test('maps of a page or more leave the pool alone, and the book says what they hold', () => {
  const simulation = ran([DISK]);
  const { own, books, ledger, swiotlb } = simulation;
  expect(own?.maps).toBeGreaterThan(50);
  expect(own?.maps).toBe(ledger.maps);
  expect(swiotlb.mem.hiwater).toBe(0);
  expect(own?.live.size).toBe(figure(simulation, 0, DEVICE.mappings));
  expect(books.ownBytes).toBe(bytesOf(simulation));
  expect(books.held).toBe(512 * 2048 + books.ownBytes);
  expect(books.peakHeld).toBeGreaterThan(books.held - books.ownBytes);
});

test('when all is over, everything is given back', () => {
  const simulation = ran([DISK]);
  const free = () => simulation.pages?.guest.allocator.zones.map((zone) => zone.free);
  const before = createSimulation(simulation.scenario).pages?.guest.allocator.zones;
  rested(simulation);
  expect(simulation.own?.live.size).toBe(0);
  expect(simulation.books.ownBytes).toBe(0);
  expect(free()).toEqual(before?.map((zone) => zone.free));
  expect(figure(simulation, 0, DEVICE.mappings)).toBe(0);
});

test('NVMe with its min_align_mask, and receive buffers below a page, stay in the pool', () => {
  const nvme = ran([deviceWith()]);
  expect(nvme.own?.maps).toBe(0);
  expect(nvme.swiotlb.mem.hiwater).toBeGreaterThan(0);
  const net = ran([networkWith({ sizes: [{ bytes: 1000, weight: 1 }] })]);
  expect(net.own?.maps).toBe(0);
  expect(net.ledger.maps).toBeGreaterThan(64);
});

test('where nothing bounces, every sync and unmap still looks the tree up', () => {
  const direct = { commandLine: 'ro' };
  const disks = [DISK, networkWith()];
  const simulation = rested(ran(disks, direct));
  const { own, ledger, books } = simulation;
  expect(own?.maps).toBe(0);
  // Two for each direct mapping that has ended; the receive ring's are still there.
  const posted = figure(simulation, 1, DEVICE.depth);
  expect(own?.vainLooks).toBe(2 * (ledger.directMaps - posted));
  expect(own?.looks).toBe(own?.vainLooks);
  expect(books.spent.lookupNs).toBeGreaterThanOrEqual((own?.looks ?? 0) * DEFAULT_COSTS.treeLockNs);
  const fixed = rested(ran(disks, direct, 'fixed'));
  expect(fixed.books.spent.lookupNs).toBe(0);
  expect(reportOf(fixed).done).toBe(reportOf(simulation).done);
});

test('a buffer of its own is looked up twice at its map, and three or four times at its unmap', () => {
  const looks = [0, 1].map((readShare) => {
    const { own, ledger } = rested(ran([{ ...DISK, readShare }]));
    return (own?.looks ?? 0) / ledger.maps;
  });
  expect(looks).toEqual([2 + 3, 2 + 4]);
});

test('an encrypted guest converts the pages of each sleeping map, and converts them back', () => {
  const guest: Partial<MachineSpec> = { encrypted: true, commandLine: 'ro' };
  const { guest: booted } =
    createSimulation(scenarioIn(scenarioWith([DISK], { memoryMiB: 256, ...guest }), 'per-mapping'))
      .pages ?? {};
  const simulation = rested(ran([{ ...DISK, maySleep: true }], guest));
  const { own, pages, books } = simulation;
  const atBoot = booted?.toShared.calls ?? 0;
  expect(own?.maps).toBeGreaterThan(50);
  expect(pages?.guest.toShared.calls).toBe(atBoot + (own?.maps ?? 0));
  expect(pages?.guest.toPrivate.calls).toBe(own?.maps);
  expect(books.spent.convertNs).toBeGreaterThan(2 * (own?.maps ?? 0) * DEFAULT_COSTS.convertNs);
});

test('what the host would not share is paid for, and the pool serves', () => {
  const guest = { encrypted: true, commandLine: 'ro', hostShareMiB: 65 } as const;
  const slow = { ...DISK, maySleep: true, latencyUs: 5000 };
  const simulation = rested(ran([slow], guest));
  const { own, books, pages, scenario } = simulation;
  const atBoot = createSimulation(scenario).books.conversions;
  const { calls, smallPages, largePages } = books.conversions;
  expect(pages?.guest.refused).toBeGreaterThan(0);
  expect(own?.leftToPool).toBeGreaterThan(0);
  const { convertNs, convertPageNs, convertLargeNs } = DEFAULT_COSTS;
  expect(books.spent.convertNs).toBe(
    (calls - atBoot.calls) * convertNs +
      (smallPages - atBoot.smallPages) * convertPageNs +
      (largePages - atBoot.largePages) * convertLargeNs,
  );
});

test('there, one that may not sleep takes from the coherent pool, which is filled up, or the pool', () => {
  const guest: Partial<MachineSpec> = { encrypted: true, commandLine: 'ro' };
  const large = [{ bytes: 1_048_576, weight: 1 }];
  const simulation = ran([{ ...DISK, ratePerSecond: 500, sizes: large }], guest);
  const { own, pages, swiotlb, books } = simulation;
  expect(own?.maps).toBeGreaterThan(0);
  expect(own?.leftToPool).toBeGreaterThan(0);
  expect(swiotlb.mem.hiwater).toBeGreaterThan(0);
  expect(pages?.guest.toPrivate.calls).toBe(0);
  expect(books.ownBytes).toBe(0);
  // The background work has doubled it at least once.
  expect(pages?.guest.pools[0]?.bytes).toBeGreaterThan(128 * 1024);
});

test('a try in vain takes time before the search, which the map is charged with', () => {
  const guest: Partial<MachineSpec> = { encrypted: true, commandLine: 'ro' };
  const load = [{ ...DISK, ratePerSecond: 500, sizes: [{ bytes: 1_048_576, weight: 1 }] }];
  const fixed = ran(load, guest, 'fixed');
  const tried = ran(load, guest, 'per-mapping');
  expect(tried.own?.leftToPool).toBeGreaterThan(0);
  expect(reportOf(tried).p99MapNs).toBeGreaterThanOrEqual(reportOf(fixed).p99MapNs);
});

test('the same scenario gives the same events, and every other mode is as it was', () => {
  const hash = (mode: GrowthMode) => ran([DISK], {}, mode).streamHash;
  expect(hash('per-mapping')).toBe(hash('per-mapping'));
  expect(hash('per-mapping')).toBe(hash('per-mapping-noio'));
  expect(hash('fixed')).not.toBe(hash('per-mapping'));
  expect(ran([DISK], {}, 'fixed').own).toBeNull();
});

test('the report tells the newest one by one, and the sums of all', () => {
  const simulation = ran([{ ...DISK, latencyUs: 20_000, depth: 200, ratePerSecond: 20_000 }]);
  const report = simulation.own?.report();
  const live = figure(simulation, 0, DEVICE.mappings);
  expect(live).toBeGreaterThan(TOLD_BUFFERS);
  const newest = report?.devices[0]?.newest ?? [];
  expect(newest).toHaveLength(TOLD_BUFFERS);
  expect(newest[0]).toMatchObject({ serial: report?.maps });
  const disk = { device: 0, live, held: simulation.books.ownBytes, newest };
  expect(report).toMatchObject({ devices: [disk], wait: null });
});
