/**
 * The pool reserved at boot: the command line, what kind of guest it is, and what memory allows; and
 * what the kernel says of it.
 *
 * Follows pci_swiotlb_detect() and mem_encrypt_setup_arch() on x86, Linux 6.12. Mode `hugepage` has
 * a larger share and whole 2 MiB pages, as was proposed and not merged.
 */
import { factsOf } from './growth-mode.ts';
import { areaNumText, mappedText } from './kernel-log.ts';
import { MemoryMap } from './memory-map.ts';
import { placeRegions } from './restricted.ts';
import type { MachineSpec } from './scenario.ts';
import {
  adjustSize,
  encryptedGuestBytes,
  initAtBoot,
  type BootedPool,
  type InitOptions,
} from '../model/boot.ts';
import { bootState, bootValues, readBootValue, type BootState } from '../model/boot-line.ts';
import { DEFAULT_POOL_SLOTS, PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';

const MIB = 1_048_576;
const HUGEPAGE_BYTES = 2 * MIB;
/** Mode `hugepage`: the boot pool and every increment are a multiple of this. */
export const HUGEPAGE_SLOTS = HUGEPAGE_BYTES / SLOT_BYTES;
/** Share of an encrypted guest's memory that the pool gets: in Linux 6.12, and in mode `hugepage`. */
const PLAIN_PERCENT = 6;
const HUGEPAGE_PERCENT = 8;
const PREFIX = 'software IO TLB:';

/**
 * Reserves the pool of a machine.
 *
 * @param lines what the kernel prints meanwhile is added here.
 * @throws RangeError for a command line on which the kernel itself falls over.
 */
export function bootPool(spec: MachineSpec, memory: MemoryMap, lines: string[]): BootedPool {
  const state = bootState();
  readCommandLine(state, spec.commandLine, lines);
  return reservePool(state, spec, memory, lines);
}

/**
 * What boot makes of a command line that has been read already. Nothing is said, and nothing thrown.
 *
 * @param state as reading the line left it; the platform's wishes are entered.
 */
export function reserveQuietly(state: BootState, spec: MachineSpec): BootedPool {
  adjustForMachine(state, spec, []);
  const memory = new MemoryMap(spec.memoryMiB, spec.board);
  placeRegions(spec, memory, []);
  return initAtBoot(state, initOptions(spec, memory));
}

/** Slots of the pool that Linux 6.12 would boot this machine with. */
export function plainPoolSlots(spec: MachineSpec): number {
  const memory = new MemoryMap(spec.memoryMiB, spec.board);
  placeRegions(spec, memory, []);
  const { pool } = bootPool({ ...spec, mode: 'dynamic' }, memory, []);
  return pool?.nslabs ?? 0;
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
function adjustForMachine(state: BootState, spec: MachineSpec, lines: string[]): void {
  const isHuge = factsOf(spec).source === 'hugepage';
  if (spec.encrypted && state.defaultNslabs === DEFAULT_POOL_SLOTS) {
    const percent = isHuge ? HUGEPAGE_PERCENT : PLAIN_PERCENT;
    const bytes = encryptedGuestBytes(spec.memoryMiB * MIB, percent);
    adjustSize(state, bytes);
    const mebibytes = Math.floor(bytes / MIB);
    lines.push(`${PREFIX} SWIOTLB bounce buffer size adjusted to ${mebibytes}MB`);
  }
  if (!isHuge) return;
  state.defaultNslabs = HUGEPAGE_SLOTS * Math.ceil(state.defaultNslabs / HUGEPAGE_SLOTS);
}

function initOptions(spec: MachineSpec, memory: MemoryMap): InitOptions {
  const align = factsOf(spec).source === 'hugepage' ? HUGEPAGE_BYTES : PAGE_BYTES;
  return {
    addressingLimit: memory.hasHighMemory || spec.encrypted,
    force: spec.encrypted,
    any: false,
    cpus: spec.cpus,
    dynamic: spec.dynamic,
    topOfMemory: memory.end - 1,
    allocate: (bytes) => memory.reserve(bytes, align),
  };
}

function reservePool(
  state: BootState,
  spec: MachineSpec,
  memory: MemoryMap,
  lines: string[],
): BootedPool {
  adjustForMachine(state, spec, lines);
  const options = initOptions(spec, memory);
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
