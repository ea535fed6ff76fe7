/** What policies, and what runs beside a run, are called where there is little room. */
import type { Beside, PolicyId } from '../store/reports.ts';

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

/** What runs beside: a policy, or what was recorded. */
export function besideShort(beside: Beside): string {
  return beside.kind === 'policy' ? SHORT[beside.policy] : 'recorded';
}
