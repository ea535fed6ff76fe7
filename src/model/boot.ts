/**
 * How large the pool becomes: the command line, the 6 % rule, and what memory allowed.
 *
 * Follows swiotlb_init_remap(), swiotlb_init_late() and swiotlb_adjust_size() in
 * kernel/dma/swiotlb.c, and mem_encrypt_setup_arch() on x86, Linux 6.12.
 */
import { readBootValue, setAreas, type BootState } from './boot-line.ts';
import {
  DEFAULT_POOL_SLOTS,
  MIN_POOL_SLOTS,
  pageOrder,
  roundUp,
  SEGMENT_SLOTS,
  SLOT_BYTES,
} from './geometry.ts';
import { limitAreas } from './growth.ts';

const MIB = 1024 ** 2;
const SLOTS_PER_PAGE = 2;
const DMA_LIMIT = 0xff_ffff;
const DMA32_LIMIT = 0xffff_ffff;

/** What the kernel is told besides the command line. */
export interface InitOptions {
  /** The machine has memory that some device cannot reach (`addressing_limit`). */
  readonly addressingLimit: boolean;
  /** SWIOTLB_FORCE: everything bounces. */
  readonly force: boolean;
  /** SWIOTLB_ANY: the pool may lie anywhere. */
  readonly any: boolean;
  /** Possible CPUs. */
  readonly cpus: number;
  /** CONFIG_SWIOTLB_DYNAMIC. */
  readonly dynamic: boolean;
  /** Highest address of the kernel's direct map. */
  readonly topOfMemory: number;
  /** Boot memory for `bytes`: its address, or -1. */
  allocate(bytes: number): number;
}

/** The pool as reserved, if any, and what the rest of the kernel keeps. */
export interface BootedPool {
  /** null: no pool; every bounce fails. */
  readonly pool: { readonly base: number; readonly nslabs: number; readonly nareas: number } | null;
  /** `default_nslabs` and `default_nareas` afterwards: what the growth worker wants. */
  readonly defaultNslabs: number;
  readonly defaultNareas: number;
  readonly forceBounce: boolean;
  readonly canGrow: boolean;
  readonly physLimit: number;
  /** What was asked of boot memory, in bytes, and what it answered (-1 = no). */
  readonly tried: readonly (readonly [number, number])[];
}

/**
 * Bytes a memory encryption guest of `memoryBytes` asks for: 6 %, 64 MiB at least, 1 GiB at most.
 *
 * @param percent another share, as a proposal that was not merged has it.
 */
export function encryptedGuestBytes(memoryBytes: number, percent = 6): number {
  const share = Math.floor((memoryBytes * percent) / 100);
  return Math.min(Math.max(share, 64 * MIB), 1024 * MIB);
}

/** `swiotlb_adjust_size`: a wish of the platform, heard only while the size is still the default. */
export function adjustSize(state: BootState, bytes: number): void {
  if (state.defaultNslabs !== DEFAULT_POOL_SLOTS) return;
  const nslabs = Math.ceil(bytes / SLOT_BYTES);
  state.defaultNslabs = roundUp(nslabs, SEGMENT_SLOTS);
  if (state.defaultNareas > 0) setAreas(state, state.defaultNareas);
}

/** Reads `swiotlb=` values in command line order. */
export function readBootValues(state: BootState, values: readonly string[]): void {
  for (const value of values) readBootValue(state, value);
}

/** `swiotlb_init_remap`: reserves the pool at boot, halving until memory gives in. */
export function initAtBoot(state: BootState, options: InitOptions): BootedPool {
  // The flag alone reserves nothing: it says what a pool reserved for other reasons is used for.
  const wanted = options.addressingLimit || state.force;
  if (!wanted || state.noforce) return without(state, false, 0, []);
  const forceBounce = state.force || options.force;
  if (state.defaultNareas === 0) setAreas(state, options.cpus);
  const physLimit = options.any ? options.topOfMemory : DMA32_LIMIT;
  const tried: [number, number][] = [];
  let nslabs = state.defaultNslabs;
  let nareas = limitAreas(state.defaultNareas, nslabs);
  for (;;) {
    const bytes = nslabs * SLOT_BYTES;
    const base = options.allocate(bytes);
    tried.push([bytes, base]);
    if (base !== -1) {
      state.defaultNslabs = nslabs;
      return {
        ...without(state, options.dynamic, physLimit, tried),
        forceBounce,
        pool: { base, nslabs, nareas },
      };
    }
    if (nslabs <= MIN_POOL_SLOTS) {
      return { ...without(state, options.dynamic, physLimit, tried), forceBounce };
    }
    nslabs = roundUp(Math.floor(nslabs / 2), SEGMENT_SLOTS);
    nareas = limitAreas(nareas, nslabs);
  }
}

function without(
  state: BootState,
  canGrow: boolean,
  physLimit: number,
  tried: readonly (readonly [number, number])[],
): BootedPool {
  const { defaultNslabs, defaultNareas } = state;
  const limit = canGrow ? physLimit : 0;
  return {
    pool: null,
    defaultNslabs,
    defaultNareas,
    forceBounce: false,
    canGrow,
    physLimit: limit,
    tried,
  };
}

/** What `swiotlb_init_late` is told. */
export interface LateOptions {
  readonly bytes: number;
  readonly zone: 'DMA' | 'DMA32' | 'any';
  readonly cpus: number;
  readonly dynamic: boolean;
  readonly topOfMemory: number;
  /** 2^order pages: their address, or -1. */
  allocate(order: number): number;
}

/** The outcome of a late start; `tried` holds orders instead of bytes. */
export interface LatePool extends BootedPool {
  /** 0, or -ENOMEM. */
  readonly rc: 0 | -12;
}

/**
 * `swiotlb_init_late`: a pool from the page allocator, after boot. It never tries 1 MiB, so a
 * request of 1 MiB fails untried. Leaves `default_nslabs` alone.
 */
export function initLate(state: BootState, options: LateOptions): LatePool {
  if (state.noforce) return { ...without(state, false, 0, []), rc: 0 };
  if (state.defaultNareas === 0) setAreas(state, options.cpus);
  const physLimit = lateLimit(options);
  const tried: [number, number][] = [];
  const wanted = roundUp(Math.floor(options.bytes / SLOT_BYTES), SEGMENT_SLOTS);
  let order = pageOrder(wanted * SLOT_BYTES);
  let base = -1;
  for (; SLOTS_PER_PAGE * 2 ** order > MIN_POOL_SLOTS; order--) {
    base = options.allocate(order);
    tried.push([order, base]);
    if (base !== -1) break;
  }
  const rest = { ...without(state, options.dynamic, physLimit, tried), forceBounce: state.force };
  if (base === -1) return { ...rest, rc: -12 };
  const nslabs = SLOTS_PER_PAGE * 2 ** order;
  const nareas = limitAreas(state.defaultNareas, nslabs);
  return { ...rest, rc: 0, pool: { base, nslabs, nareas } };
}

function lateLimit({ zone, topOfMemory }: LateOptions): number {
  if (zone === 'DMA') return DMA_LIMIT;
  return zone === 'DMA32' ? DMA32_LIMIT : topOfMemory;
}

/** `default_swiotlb_limit`: the highest address a driver should expect a bounce buffer at. */
export function swiotlbLimit(booted: BootedPool): number {
  if (booted.canGrow) return booted.physLimit;
  const { pool } = booted;
  return pool === null ? 0 : pool.base + pool.nslabs * SLOT_BYTES - 1;
}
