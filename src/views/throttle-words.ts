/** The token and the queue in words, for whoever sees and for whoever listens. */
import type { PolicyId } from '../model/throttle-policies.ts';
import type { MachineSummary } from '../store/reports.ts';
import type { ThrottleReadout, WaiterReadout } from '../store/throttle-readout.ts';
import { bytes, clock, count, duration, plural } from './words.ts';

/** What sleepers wait for under a policy that has no holder. */
const WAIT_FOR: { readonly [id in PolicyId]: string } = {
  none: '',
  rfc: '',
  'rfc-high-only': '',
  'wake-below': 'No holder: sleepers wait for an unmap that takes the use below low.',
  'wake-any': 'No holder: each unmap wakes one sleeper.',
  'wake-any-above': 'No holder: an unmap wakes one while the use is above high.',
  'wake-all': 'No holder: all sleepers wait for the use to fall below low.',
  'timeout-grow': 'No holder: sleepers wait for room, and not for long.',
};

export function nameOf(machine: MachineSummary | null, device: number): string {
  return machine?.devices[device]?.name ?? `device ${device}`;
}

/** What a policy without a token says in its place. */
export function holderless({ policy }: ThrottleReadout): string {
  return WAIT_FOR[policy];
}

/** A waiting request as a line of the list. */
export function waiterWords(
  waiter: WaiterReadout,
  name: string,
  facts: { readonly timeNs: number; readonly starvedNs: number },
): string {
  const waitNs = Math.max(0, facts.timeNs - waiter.sinceNs);
  const starves = waitNs > facts.starvedNs ? ', starved' : '';
  const why = waiter.why === 'none' ? '' : `, throttled above ${waiter.why}`;
  return `${name}, ${bytes(waiter.bytes)}, waits ${duration(waitNs)}${why}${starves}`;
}

/** The token in a sentence. */
export function tokenSentence(
  throttle: ThrottleReadout,
  machine: MachineSummary | null,
  timeNs: number,
): string {
  const { semCount, holder } = throttle;
  if (semCount < 0) return holderless(throttle);
  if (semCount > 0) return `throttle_sem is free, count ${count(semCount)}.`;
  if (!holder) return 'throttle_sem is held: it is being handed on.';
  const heldNs = Math.max(0, timeNs - holder.admittedNs);
  const who = `${nameOf(machine, holder.device)}, CPU ${holder.cpu}, ${bytes(holder.bytes)}`;
  return `throttle_sem is held by ${who}, for ${duration(heldNs)}, since ${clock(holder.admittedNs)}.`;
}

/** How many wait, in a sentence. */
export function queueSentence({ waiting, waiters }: ThrottleReadout): string {
  if (waiting === 0) return 'Nobody waits.';
  const shown = waiters.length < waiting ? ` The first ${count(waiters.length)} are listed.` : '';
  return `${plural(waiting, 'request waits', 'requests wait')}, the longest first.${shown}`;
}
