/** The throttling policies in a few words each, for the head of the panel. */
import type { PolicyId } from '../model/throttle-policies.ts';

export const POLICY_NAMES: { readonly [id in PolicyId]: string } = {
  none: 'no throttling',
  rfc: 'semaphore until unmap',
  'rfc-high-only': 'no low check',
  'wake-below': 'wakes one',
  'wake-any': 'each unmap',
  'wake-any-above': 'above high',
  'wake-all': 'wakes all',
  'timeout-grow': 'wait, grow',
};
