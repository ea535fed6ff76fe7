/**
 * What must hold at a gate at any time. Some of it is said against the oracle, the rest is counted
 * from the threads and the slots themselves and needs none.
 */
import type { Throttle } from '../model/throttle.ts';
import type { Gate, GateWorld } from './gate-world.ts';
import type { Thread } from './gate-thread.ts';
import { same } from './slot-ledger.ts';

/** Compares everything. @throws RangeError for the first thing that is not as it must be. */
export function checkGates(world: GateWorld): void {
  world.ledger.compare();
  for (const gate of world.gates) {
    compareWithOracle(gate);
    checkSleepers(world, gate);
    const { id } = gate.throttle.policy;
    if (id === 'rfc' || id === 'rfc-high-only') checkHolder(world, gate);
    if (id === 'wake-any') checkPatience(world, gate);
  }
}

/** Who sleeps at a gate, the one in front first. */
function sleepersOf({ queue }: Throttle): number[] {
  const tickets: number[] = [];
  let ticket = queue.first;
  while (ticket >= 0 && tickets.length <= queue.length) {
    tickets.push(ticket);
    ticket = queue.behind(ticket);
  }
  return tickets;
}

function compareWithOracle({ throttle, oracle }: Gate): void {
  same('sleepers', sleepersOf(throttle).join(), oracle.sleepers.join());
  same('sleepers counted', throttle.queue.length, oracle.sleepers.length);
  same('count', throttle.semCount, oracle.count);
  same('asked for', throttle.flag, oracle.asked);
  same('throttled above high', throttle.highThrottleCount, oracle.highCount);
  same('throttled above low', throttle.lowThrottleCount, oracle.lowCount);
  same('high', throttle.highThrottle, oracle.high);
  same('low', throttle.lowThrottle, oracle.low);
}

/** Who sleeps stands in the queue, and nobody else does: no one woken, no one on the way. */
function checkSleepers(world: GateWorld, gate: Gate): void {
  for (const thread of world.threadsAt(gate)) {
    const what = `ticket ${thread.ticket}, which is ${thread.state}, in the queue`;
    same(what, gate.throttle.queue.has(thread.ticket), thread.state === 'asleep');
  }
}

/** RFC: the semaphore is free, or in one place: a woken sleeper, a search, a mapping, an unmap. */
function checkHolder(world: GateWorld, gate: Gate): void {
  if (gate.oracle.closed) return;
  const threads = world.threadsAt(gate).filter(isInside).length;
  const mappings = world.ledger.mappings.filter(
    ({ device, owner }) => device.mem === gate.mem && owner !== null,
  ).length;
  const unmaps = world.untold.filter((late) => late.gate === gate && late.throttled).length;
  same('count and holders', gate.throttle.semCount + threads + mappings + unmaps, 1);
}

/** Wake-any: each unmap wakes one, so nobody sleeps through more unmaps than there were in front. */
function checkPatience(world: GateWorld, gate: Gate): void {
  for (const { state, ticket, unmapsSince, ahead } of world.threadsAt(gate)) {
    if (state !== 'asleep' || unmapsSince <= ahead) continue;
    throw new RangeError(`${ticket} sleeps through ${unmapsSince} unmaps, ${ahead} in front`);
  }
}

/** Whether a thread was let in, or is about to be, and has no mapping yet that says so. */
function isInside({ state, throttled, list }: Thread): boolean {
  if (state === 'woken') return true;
  return throttled && list.length === 0 && (state === 'searching' || state === 'ending');
}
