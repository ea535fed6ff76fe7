/**
 * The machine as booted: its memory, its pool, its devices as the DMA layer sees them, and what the
 * kernel said meanwhile.
 *
 * Follows pci_swiotlb_detect() and mem_encrypt_setup_arch() on x86, and dma_direct_max_mapping_size(),
 * Linux 6.12.
 */
import { DEVICE_KINDS } from './device-kinds.ts';
import { areaNumText, mappedText } from './kernel-log.ts';
import { MemoryMap } from './memory-map.ts';
import { Chance } from './chance.ts';
import { NotedPages } from './growth-log.ts';
import { guestPages } from './guest-memory.ts';
import { NO_THROTTLE, type DeviceSpec, type MachineSpec, type ThrottleSpec } from './scenario.ts';
import {
  adjustSize,
  encryptedGuestBytes,
  initAtBoot,
  type BootedPool,
  type InitOptions,
} from '../model/boot.ts';
import { bootState, bootValues, readBootValue, type BootState } from '../model/boot-line.ts';
import type { DmaDevice } from '../model/device.ts';
import { DEFAULT_POOL_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import { parseBoundary, parseMask } from '../model/mask.ts';
import { NO_PAGES } from '../model/page-source.ts';
import type { SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';

const MIB = 1_048_576;
const PREFIX = 'software IO TLB:';
/** Any number will do: it sets the ageing's draws apart from the run's. */
const AGEING_SALT = 0x5bd1e995;

/** A booted machine, before any device has done anything. */
export interface Machine {
  readonly memory: MemoryMap;
  /** The page allocator's door; null on a machine that cannot grow. */
  readonly pages: NotedPages | null;
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
  { search = 'fast', throttle = NO_THROTTLE, seed = 0 }: BootOptions = {},
): Machine {
  const memory = new MemoryMap(spec.memoryMiB);
  const bootLines: string[] = [];
  const state = bootState();
  readCommandLine(state, spec.commandLine, bootLines);
  if (spec.encrypted) adjustForGuest(state, spec.memoryMiB, bootLines);
  const booted = reservePool(state, spec, memory, bootLines);
  const pages = spec.dynamic ? new NotedPages(guestPages(spec, memory, ageingChance(seed))) : null;
  const swiotlb = new Swiotlb({
    dynamic: spec.dynamic,
    search,
    defaultNslabs: booted.defaultNslabs,
    defaultNareas: booted.defaultNareas,
    canGrow: booted.canGrow,
    physLimit: booted.physLimit,
    forceBounce: booted.forceBounce,
    pages: pages ?? NO_PAGES,
    throttling: throttle.policy,
  });
  if (booted.pool !== null) swiotlb.addPool({ ...booted.pool, kind: 'default' });
  const gate = swiotlb.mem.throttle;
  gate.highThrottle = throttle.high ?? gate.highThrottle;
  gate.lowThrottle = throttle.low ?? gate.lowThrottle;
  const dma = devices.map(({ kind }) => {
    const { minAlignMask, segBoundary, dmaMask } = DEVICE_KINDS[kind];
    return swiotlb.addDevice({
      minAlignMask,
      segBoundary: parseBoundary(segBoundary),
      dmaMask: parseMask(dmaMask),
      coherentMask: parseMask(dmaMask),
      busLimit: 0,
    });
  });
  return { memory, pages, swiotlb, booted, dma, bootLines };
}

/** Chance of its own, so that the age of the memory changes nothing about the load of the run. */
function ageingChance(seed: number): Chance {
  return new Chance((seed ^ AGEING_SALT) >>> 0);
}

/** The mapping size that a driver is told, in bytes; Infinity when it need not care. */
export function toldMappingLimit({ swiotlb, memory }: Machine, device: DmaDevice): number {
  const { mem } = swiotlb;
  const isLimited = mem.forceBounce || device.reach < memory.end - 1;
  return mem.nslabs > 0 && isLimited ? swiotlb.maxMappingSize(device) : Infinity;
}

function readCommandLine(state: BootState, commandLine: string, lines: string[]): void {
  for (const { value } of bootValues(commandLine)) {
    const before = state.defaultNslabs;
    for (const { kind, nareas, nslabs } of readBootValue(state, value)) {
      if (kind === 'areas') sayAreas(nareas, nslabs, sizeBefore(value, before), lines);
    }
  }
}

/** Slots that a value asked for before its areas rounded them. */
function sizeBefore(value: string, before: number): number {
  const state = bootState();
  state.defaultNslabs = before;
  readBootValue(state, value.split(',')[0] ?? '');
  return state.defaultNslabs;
}

/** Memory of an encrypted guest must be converted, so everything bounces: a larger pool. */
function adjustForGuest(state: BootState, memoryMiB: number, lines: string[]): void {
  if (state.defaultNslabs !== DEFAULT_POOL_SLOTS) return;
  const bytes = encryptedGuestBytes(memoryMiB * MIB);
  adjustSize(state, bytes);
  const mebibytes = Math.floor(bytes / MIB);
  lines.push(`${PREFIX} SWIOTLB bounce buffer size adjusted to ${mebibytes}MB`);
}

function reservePool(
  state: BootState,
  spec: MachineSpec,
  memory: MemoryMap,
  lines: string[],
): BootedPool {
  const options: InitOptions = {
    addressingLimit: memory.hasHighMemory || spec.encrypted,
    force: spec.encrypted,
    any: false,
    cpus: spec.cpus,
    dynamic: spec.dynamic,
    topOfMemory: memory.end - 1,
    allocate: (bytes) => memory.reserve(bytes),
  };
  const areasDecided = state.defaultNareas > 0;
  const wantsPool = (options.addressingLimit || state.force) && !state.noforce;
  if (wantsPool && areasDecided && state.defaultNslabs === 0) {
    throw new RangeError(
      'on this boot line Linux 6.12 divides by zero, because 0 slots cannot be cut into areas',
    );
  }
  const wantedSlots = state.defaultNslabs;
  const booted = initAtBoot(state, options);
  const { pool, tried, defaultNareas } = booted;
  const firstTry = tried[0];
  if (firstTry !== undefined && !areasDecided) {
    sayAreas(defaultNareas, firstTry[0] / SLOT_BYTES, wantedSlots, lines);
  }
  for (const [bytes, base] of tried) {
    if (base !== -1) continue;
    lines.push(`${PREFIX} swiotlb_memblock_alloc: Failed to allocate ${bytes} bytes tlb structure`);
  }
  if (pool !== null) lines.push(mappedText(pool.base, pool.nslabs * SLOT_BYTES));
  return booted;
}

/** What `swiotlb_adjust_nareas()` says: the areas, and the size if it was rounded up for them. */
function sayAreas(nareas: number, nslabs: number, before: number, lines: string[]): void {
  lines.push(areaNumText(nareas));
  if (nslabs === before) return;
  const mebibytes = Math.floor((nslabs * SLOT_BYTES) / MIB);
  lines.push(`${PREFIX} SWIOTLB bounce buffer size roundup to ${mebibytes}MB`);
}
