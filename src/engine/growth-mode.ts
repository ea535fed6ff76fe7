/**
 * The field's answers to a pool that is too small, as modes a machine can be booted in.
 *
 * Sources: Linux 6.12 for `fixed` and `dynamic`; the RFC "swiotlb: Support allocating DMA memory from
 * SWIOTLB" (January 2024) for `hugepage` and the `-alloc` modes, and its review for `cma`, which the
 * letter of dynamic swiotlb (August 2023) had named as not implemented yet; the RFC
 * "swiotlb: Allow dynamic allocation of bounce buffers" (March 2023) for `per-mapping`. Only the
 * first two were ever merged.
 */
import type { MachineSpec, Scenario } from './scenario.ts';

/** Every mode, in the order in which they are offered. */
export const GROWTH_MODES = [
  'fixed',
  'dynamic',
  'cma',
  'hugepage',
  'fixed-alloc',
  'dynamic-alloc',
  'per-mapping',
  'per-mapping-noio',
] as const;
/** One of `GROWTH_MODES`. */
export type GrowthMode = (typeof GROWTH_MODES)[number];

/** What a mode changes. */
export interface ModeFacts {
  /** CONFIG_SWIOTLB_DYNAMIC. */
  readonly dynamic: boolean;
  /** Where the growth worker gets its memory: free blocks, a CMA region, or whole 2 MiB pages. */
  readonly source: 'buddy' | 'cma' | 'hugepage';
  /** `dma_alloc_*` of every device is served from the pool instead of from pages of its own. */
  readonly allocFromPool: boolean;
  /** Buffers of a page or more, without a demand on alignment, get pages of their own. */
  readonly perMapping: boolean;
  /** Whether such an allocation may start I/O to get memory (GFP_KERNEL), or may not (GFP_NOIO). */
  readonly mayStartIo: boolean;
}

const FIXED: ModeFacts = {
  dynamic: false,
  source: 'buddy',
  allocFromPool: false,
  perMapping: false,
  mayStartIo: false,
};
const DYNAMIC: ModeFacts = { ...FIXED, dynamic: true };

/** What each mode is. */
export const MODE_FACTS: { readonly [mode in GrowthMode]: ModeFacts } = {
  fixed: FIXED,
  dynamic: DYNAMIC,
  cma: { ...DYNAMIC, source: 'cma' },
  hugepage: { ...DYNAMIC, source: 'hugepage' },
  'fixed-alloc': { ...FIXED, allocFromPool: true },
  'dynamic-alloc': { ...DYNAMIC, allocFromPool: true },
  'per-mapping': { ...FIXED, perMapping: true, mayStartIo: true },
  'per-mapping-noio': { ...FIXED, perMapping: true },
};

/** The mode that a machine boots in. */
export function modeOf({ dynamic, mode }: Pick<MachineSpec, 'dynamic' | 'mode'>): GrowthMode {
  return mode ?? (dynamic ? 'dynamic' : 'fixed');
}

/** What that mode is. */
export function factsOf(machine: Pick<MachineSpec, 'dynamic' | 'mode'>): ModeFacts {
  return MODE_FACTS[modeOf(machine)];
}

/** A machine booted in another mode. */
export function machineIn(machine: MachineSpec, mode: GrowthMode): MachineSpec {
  return { ...machine, mode, dynamic: MODE_FACTS[mode].dynamic };
}

/** A machine with or without CONFIG_SWIOTLB_DYNAMIC; one that changes it has Linux's own mode. */
export function machineWith(machine: MachineSpec, dynamic: boolean): MachineSpec {
  if (machine.dynamic === dynamic) return machine;
  const { mode: _mode, ...rest } = machine;
  return { ...rest, dynamic };
}

/** A scenario whose machine is booted in another mode; all else is the same. */
export function scenarioIn(scenario: Scenario, mode: GrowthMode): Scenario {
  return { ...scenario, machine: machineIn(scenario.machine, mode) };
}
