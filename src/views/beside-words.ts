/** What policies, modes, and what runs beside a run, are called where there is little room. */
import { modeOf } from '../engine/growth-mode.ts';
import type { MachineSpec } from '../engine/scenario.ts';
import type { Beside, GrowthMode, PolicyId } from '../store/reports.ts';

const SHORT: { readonly [id in PolicyId]: string } = {
  none: 'no throttle',
  rfc: 'rfc',
  'rfc-high-only': 'high only',
  'wake-below': 'wake below',
  'wake-any': 'wake any',
  'wake-any-above': 'any above',
  'wake-all': 'wake all',
  'timeout-grow': 'time out',
};

/** A policy in one or two words. */
export function policyShort(policy: PolicyId): string {
  return SHORT[policy];
}

const MODE_SHORT: { readonly [id in GrowthMode]: string } = {
  fixed: 'fixed',
  dynamic: 'dynamic',
  cma: 'from CMA',
  hugepage: '2 MiB pages',
  'fixed-alloc': 'fixed + alloc',
  'dynamic-alloc': 'dynamic + alloc',
  'per-mapping': 'per mapping',
  'per-mapping-noio': 'with NOIO',
};

/** A mode of growing in one or two words. */
export function modeShort(mode: GrowthMode): string {
  return MODE_SHORT[mode];
}

/** What sets a run apart from what runs beside it: its mode, or its policy. */
export function runWord(
  beside: Beside,
  machine: MachineSpec | undefined,
  policy: PolicyId,
): string {
  return beside.kind === 'mode' && machine ? MODE_SHORT[modeOf(machine)] : SHORT[policy];
}

/** What runs beside: a policy, a mode, or what was recorded. */
export function besideShort(beside: Beside): string {
  if (beside.kind === 'policy') return SHORT[beside.policy];
  return beside.kind === 'mode' ? MODE_SHORT[beside.mode] : 'recorded';
}
