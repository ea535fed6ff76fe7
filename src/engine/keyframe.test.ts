import { afterEach, describe, expect, test, vi } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { differencesAfterReturn } from '../testing/returned.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { Alarms } from './alarms.ts';
import { AreaLocks } from './area-locks.ts';
import { BufferSteps } from './buffer-steps.ts';
import { Chance } from './chance.ts';
import { Cpus } from './cpus.ts';
import { DeviceService } from './device-service.ts';
import { Devices } from './devices.ts';
import { DmaAllocs } from './dma-allocs.ts';
import { Doorbell } from './doorbell.ts';
import { Driver } from './driver.ts';
import { EventHash } from './event-hash.ts';
import { GROWTH_MODES, scenarioIn } from './growth-mode.ts';
import { GrowthLog, NotedPages } from './growth-log.ts';
import { GrowthTotals } from './growth-totals.ts';
import { GrowthWork } from './growth-work.ts';
import { History } from './history.ts';
import { KernelLog } from './kernel-log.ts';
import { DeviceMeter } from './ledger-rows.ts';
import { Ledger } from './ledger.ts';
import { LockedWork } from './locked-work.ts';
import { MapTimes } from './map-times.ts';
import { MappingRows } from './mapping-rows.ts';
import { OwnBuffers } from './own-buffers.ts';
import { Reaping } from './reaping.ts';
import { ReceiveRings } from './receive-rings.ts';
import { RequestQueues, Requests } from './requests.ts';
import { RunCosts } from './run-costs.ts';
import type { Scenario } from './scenario.ts';
import { Tasks } from './tasks.ts';
import { ThrottleBook } from './throttle-book.ts';
import { WaitStats } from './wait-stats.ts';
import { Wishes } from './wishes.ts';
import { Writeback } from './writeback.ts';
import { CmaArea } from '../model/cma.ts';
import { CoherentPool } from '../model/coherent-pool.ts';
import { DmaDevice } from '../model/device.ts';
import { FastTable } from '../model/fast-table.ts';
import { FrameTree } from '../model/frame-tree.ts';
import { FreeMap } from '../model/free-map.ts';
import { GuestPages } from '../model/guest-pages.ts';
import type { Kept } from '../model/keeper.ts';
import { MapCursor } from '../model/map-cursor.ts';
import { PageAllocator } from '../model/page-allocator.ts';
import { PageMap } from '../model/page-map.ts';
import { PoolRegistry } from '../model/pool-registry.ts';
import { SearchTerms } from '../model/search-terms.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import { Throttle } from '../model/throttle.ts';
import { TlbMem } from '../model/tlb-mem.ts';
import { WaitQueue } from '../model/wait-queue.ts';
import { Zone } from '../model/zone.ts';

const scenarioOf = (id: string): Scenario => {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) throw new RangeError(`no scenario ${id}`);
  return scenario;
};

describe('a state that is brought back is the state that was left', () => {
  for (const scenario of SCENARIOS) {
    test(`in ${scenario.id}`, () => {
      expect(differencesAfterReturn(scenario, 4001, 6000)).toEqual([]);
    });
  }

  for (const mode of GROWTH_MODES) {
    test(`in mode ${mode}`, () => {
      const scenario = scenarioIn(scenarioOf('starts-at-1-mib'), mode);
      expect(differencesAfterReturn(scenario, 3001, 7000)).toEqual([]);
    });
  }
});

/** Runs small enough to be returned to many times, which together use everything there is. */
const small = scenarioWith(
  [
    deviceWith({ sizes: [{ bytes: 65_536, weight: 1 }], contiguity: 0.9, latencyUs: 1500 }),
    networkWith({ ratePerSecond: 40_000 }),
    deviceWith({ name: 'vdb', kind: 'virtio-blk', ratePerSecond: 5000 }),
  ],
  { cpus: 4, commandLine: 'swiotlb=512,2,force' },
);
const growing: Scenario = {
  ...small,
  machine: { ...small.machine, dynamic: true, memoryMiB: 256 },
};
const RUNS: readonly Scenario[] = [
  small,
  growing,
  scenarioIn(growing, 'cma'),
  { ...small, throttle: { policy: 'rfc', high: 300, low: 200, timeoutMs: 5, starvedMs: 5 } },
  scenarioOf('batch-deadlock'),
  scenarioOf('polling'),
  scenarioOf('snail-and-cheetah'),
  scenarioOf('doorbell-stall'),
  scenarioOf('starts-at-1-mib'),
  scenarioOf('gpu-in-a-confidential-vm'),
  scenarioIn(scenarioOf('starts-at-1-mib'), 'per-mapping'),
  scenarioOf('raspberry-pi-and-the-4k-screen'),
  scenarioOf('per-mapping-without-noio'),
  scenarioOf('atomic-pool-runs-dry'),
];

/** Everything that keeps itself, by name, but what holds nothing that could be seen later. */
const CLASSES: Readonly<Record<string, { prototype: Kept }>> = {
  Alarms,
  AreaLocks,
  BufferSteps,
  Chance,
  Cpus,
  DeviceService,
  Devices,
  DmaAllocs,
  Doorbell,
  Driver,
  EventHash,
  GrowthLog,
  GrowthTotals,
  GrowthWork,
  GuestPages,
  History,
  KernelLog,
  DeviceMeter,
  Ledger,
  LockedWork,
  MapTimes,
  MappingRows,
  NotedPages,
  OwnBuffers,
  Reaping,
  ReceiveRings,
  RequestQueues,
  Requests,
  RunCosts,
  Tasks,
  ThrottleBook,
  WaitStats,
  Wishes,
  Writeback,
  CmaArea,
  CoherentPool,
  DmaDevice,
  FastTable,
  FrameTree,
  FreeMap,
  MapCursor,
  PageAllocator,
  PageMap,
  PoolRegistry,
  SearchTerms,
  Swiotlb,
  Throttle,
  TlbMem,
  WaitQueue,
  Zone,
};

/** Where runs are left, and for how long. */
const WINDOWS = [
  [301, 1200],
  [2501, 3000],
] as const;

/** Whether a run shows it when a class is left out of its keyframes. */
function isCaught(scenario: Scenario): boolean {
  try {
    return WINDOWS.some(([at, on]) => differencesAfterReturn(scenario, at, on).length > 0);
  } catch {
    // A state put together wrongly often cannot even be played on.
    return true;
  }
}

describe('a class that is forgotten is caught', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  for (const [name, { prototype }] of Object.entries(CLASSES)) {
    test(`which is ${name}`, () => {
      vi.spyOn(prototype, 'keep').mockImplementation(() => undefined);
      expect(RUNS.some(isCaught)).toBe(true);
    });
  }
});
