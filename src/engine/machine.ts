/**
 * The machine as booted: its memory, its pool, its devices as the DMA layer sees them, and what the
 * kernel said meanwhile.
 *
 * Follows dma_direct_max_mapping_size(), Linux 6.12.
 */
import { bootPool, HUGEPAGE_SLOTS, plainPoolSlots } from './boot-pool.ts';
import { DEVICE_KINDS } from './device-kinds.ts';
import { MemoryMap } from './memory-map.ts';
import { Chance } from './chance.ts';
import type { NotedPages } from './growth-log.ts';
import { factsOf, type ModeFacts } from './growth-mode.ts';
import type { MakePages } from './guest-memory.ts';
import { addRegions, placeRegions } from './restricted.ts';
import {
  NO_THROTTLE,
  type DeviceKind,
  type DeviceSpec,
  type MachineSpec,
  type ThrottleSpec,
} from './scenario.ts';
import { preallocatedText } from '../model/coherent-words.ts';
import type { BootedPool } from '../model/boot.ts';
import type { DmaDemands } from '../model/demands.ts';
import type { DmaDevice } from '../model/device.ts';
import { SEGMENT_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import { parseBoundary, parseMask } from '../model/mask.ts';
import { NO_PAGES } from '../model/page-source.ts';
import type { SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';

/** Any number will do: it sets the ageing's draws apart from the run's. */
const AGEING_SALT = 0x5bd1e995;

/** A booted machine, before any device has done anything. */
export interface Machine {
  readonly memory: MemoryMap;
  /** The page allocator's door; null on a machine that neither grows nor allocates nor has a mode. */
  readonly pages: NotedPages | null;
  /** Which answer to a full pool its kernel has. */
  readonly facts: ModeFacts;
  /** Slots of the pool that Linux 6.12 would have booted with. */
  readonly plainSlots: number;
  readonly swiotlb: Swiotlb;
  readonly booted: BootedPool;
  /** By index in the scenario. */
  readonly dma: readonly DmaDevice[];
  /** What the kernel printed, in order. */
  readonly bootLines: readonly string[];
}

/** What is not the machine's: which slot table decides, and how the kernel throttles. */
export interface BootOptions {
  readonly search?: SearchKind;
  readonly throttle?: ThrottleSpec;
  /** Boots the page allocator of a machine that has one. */
  readonly makePages?: MakePages;
  /** Seed of the load that aged a machine's memory. */
  readonly seed?: number;
}

/**
 * Boots a machine. One that grows has a page allocator, aged as the scenario says.
 *
 * @throws RangeError for a command line on which the kernel itself falls over.
 */
export function bootMachine(
  spec: MachineSpec,
  devices: readonly DeviceSpec[],
  options: BootOptions = {},
): Machine {
  const { search = 'fast', throttle = NO_THROTTLE } = options;
  const memory = new MemoryMap(spec.memoryMiB, spec.board);
  const bootLines: string[] = [];
  const facts = factsOf(spec);
  const isHuge = facts.source === 'hugepage';
  const regions = placeRegions(spec, memory, bootLines);
  const booted = bootPool(spec, memory, bootLines);
  const pages = bootPages(spec, devices, memory, options);
  const swiotlb = new Swiotlb({
    dynamic: spec.dynamic,
    search,
    defaultNslabs: booted.defaultNslabs,
    defaultNareas: booted.defaultNareas,
    canGrow: booted.canGrow,
    physLimit: booted.physLimit,
    forceBounce: booted.forceBounce,
    pages: pages ?? NO_PAGES,
    registry: {
      unitSlots: isHuge ? HUGEPAGE_SLOTS : SEGMENT_SLOTS,
      keepsUnseen: true,
    },
    throttling: throttle.policy,
  });
  sayCoherent(pages, bootLines);
  if (booted.pool !== null) {
    swiotlb.addPool({ ...booted.pool, kind: 'default' });
    pages?.guest.shareBootPool(booted.pool.base, booted.pool.nslabs * SLOT_BYTES);
  }
  setThresholds(swiotlb, throttle);
  const memOf = addRegions(swiotlb, regions);
  // Each region is shared when its first device is bound (rmem_swiotlb_device_init).
  for (const { base, bytes } of regions) pages?.guest.shareBootPool(base, bytes);
  const dma = devices.map((device) => swiotlb.addDevice(demandsOf(device.kind), memOf(device)));
  const plainSlots = isHuge ? plainPoolSlots(spec) : swiotlb.mem.nslabs;
  return { memory, pages, facts, plainSlots, swiotlb, booted, dma, bootLines };
}

/** What the kernel says of the coherent pools, which boot has filled in the order of their zones. */
function sayCoherent(pages: NotedPages | null, lines: string[]): void {
  const pools = pages?.guest.pools ?? [];
  for (const { zone, initialBytes, bytes } of pools.toSorted((a, b) => a.zone - b.zone)) {
    lines.push(preallocatedText(initialBytes, bytes, zone));
  }
}

/** What the kernel was told of throttling at boot, over what it computes from the pool. */
function setThresholds({ mem }: Swiotlb, { high, low }: ThrottleSpec): void {
  mem.throttle.highThrottle = high ?? mem.throttle.highThrottle;
  mem.throttle.lowThrottle = low ?? mem.throttle.lowThrottle;
}

function demandsOf(kind: DeviceKind): DmaDemands {
  const { minAlignMask, segBoundary, dmaMask, busLimit } = DEVICE_KINDS[kind];
  return {
    minAlignMask,
    segBoundary: parseBoundary(segBoundary),
    dmaMask: parseMask(dmaMask),
    coherentMask: parseMask(dmaMask),
    busLimit: busLimit === undefined ? 0 : parseMask(busLimit),
  };
}

/**
 * The page allocator, aged as the scenario says, of a machine that grows, was given a mode, or has a
 * driver that allocates.
 */
function bootPages(
  spec: MachineSpec,
  devices: readonly DeviceSpec[],
  memory: MemoryMap,
  { makePages = noPages, seed = 0 }: BootOptions,
): NotedPages | null {
  const allocates = devices.some(({ kind }) => DEVICE_KINDS[kind].allocates);
  const hasPages = spec.dynamic || spec.mode !== undefined || allocates;
  return hasPages ? makePages(spec, memory, ageingChance(seed)) : null;
}

/** Whoever boots a machine that grows has to say how its memory is made. */
const noPages: MakePages = () => {
  throw new RangeError('this machine grows, and was booted without a page allocator');
};

/** Chance of its own, so that the age of the memory changes nothing about the load of the run. */
function ageingChance(seed: number): Chance {
  return new Chance((seed ^ AGEING_SALT) >>> 0);
}

/** The mapping size that a driver is told, in bytes; Infinity when it need not care. */
export function toldMappingLimit({ swiotlb, memory }: Machine, device: DmaDevice): number {
  const { mem } = device;
  const isLimited = mem.forceBounce || device.reach < memory.end - 1;
  return mem.nslabs > 0 && isLimited ? swiotlb.maxMappingSize(device) : Infinity;
}
