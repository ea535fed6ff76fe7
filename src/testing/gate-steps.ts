/**
 * The steps of one request, from its look at the use to its last entry or to the undoing of those
 * mapped. Between two steps anything else may happen.
 */
import { FAILED } from '../model/units.ts';
import type { GateWorld } from './gate-world.ts';
import type { GateEntry, GateRequest, Thread, ThreadState } from './gate-thread.ts';
import { same, sizeOf, type LedgerMapping } from './slot-ledger.ts';

/** An idle thread takes up a request. */
export function begin(world: GateWorld, thread: Thread, request: GateRequest): void {
  thread.request = request;
  thread.throttled = false;
  thread.list = [];
  if (request.mayBlock) thread.state = 'looking';
  else ask(world, thread);
}

/** Takes one step; none when the thread is idle or asleep. */
export function step(world: GateWorld, thread: Thread): void {
  const { state } = thread;
  NEXT[state](world, thread);
  if (world.isFresh && (state === 'looking' || thread.state === 'arriving')) step(world, thread);
}

type Step = (world: GateWorld, thread: Thread) => void;
const stay: Step = () => undefined;
const NEXT: { readonly [state in ThreadState]: Step } = {
  idle: stay,
  asleep: stay,
  looking: look,
  judging: judge,
  arriving: arrive,
  woken: resume,
  searching: search,
  ending: end,
  undoing: undo,
};

/** A sleeper gives up waiting, and makes a pool before it goes on. */
export function giveUp(world: GateWorld, thread: Thread): void {
  const { throttle, oracle, mem } = world.gateOf(thread);
  const { state, ticket } = thread;
  if (!throttle.policy.timesOut || (state !== 'asleep' && state !== 'woken')) return;
  const left = throttle.leave(ticket);
  same(`${ticket} giving up`, left, oracle.givesUp(ticket));
  same(`${ticket} giving up`, left, state === 'asleep');
  if (!left) return;
  if (mem.canGrow) world.swiotlb.grow();
  ask(world, thread);
}

function look(world: GateWorld, thread: Thread): void {
  thread.seen = world.gateOf(thread).mem.used;
  thread.state = 'judging';
}

function judge(world: GateWorld, thread: Thread): void {
  const { throttle, oracle } = world.gateOf(thread);
  const why = throttle.decide(thread.seen);
  same(`verdict at ${thread.seen}`, why, oracle.looks(thread.seen));
  thread.throttled = why !== 'none';
  if (why === 'low') world.met.low++;
  if (thread.throttled) thread.state = 'arriving';
  else ask(world, thread);
}

function arrive(world: GateWorld, thread: Thread): void {
  const { throttle, oracle } = world.gateOf(thread);
  const { ticket } = thread;
  const ahead = throttle.queue.length;
  const goesOn = throttle.enter(ticket);
  same(`${ticket} going on`, goesOn, oracle.arrives(ticket));
  if (goesOn) ask(world, thread);
  else world.sleep(thread, ahead);
}

function resume(world: GateWorld, thread: Thread): void {
  const { throttle, oracle, mem } = world.gateOf(thread);
  const { ticket } = thread;
  const goesOn = throttle.resume(ticket, mem.used);
  same(`${ticket} resuming`, goesOn, oracle.runs(ticket, mem.used));
  if (goesOn) ask(world, thread);
  else world.sleep(thread, throttle.queue.length - 1);
}

function entryOf({ request, list }: Thread): GateEntry {
  const entry = request?.entries[list.length];
  if (entry === undefined) throw new RangeError('there is no such entry');
  return entry;
}

/** What the entry at hand takes, as its bytes say. */
function takenBy(world: GateWorld, thread: Thread) {
  const { bytes, orig } = entryOf(thread);
  const { minAlignMask } = world.deviceOf(thread).demands;
  return sizeOf(orig, bytes, minAlignMask, thread.request?.allocAlign ?? 0);
}

/** Asks for the entry that comes next. Only entry 0 says that it was throttled. */
function ask(world: GateWorld, thread: Thread): void {
  const { cursor, cpu, request } = thread;
  const { bytes, orig } = entryOf(thread);
  cursor.ask(world.deviceOf(thread), cpu, orig, bytes, request?.allocAlign ?? 0);
  if (thread.throttled && thread.list.length === 0) cursor.throttled = true;
  thread.state = 'ending';
  // Who comes to an allocator that went away finds no pool in it.
  if (world.gateOf(thread).oracle.closed) cursor.cause = 'no-pool';
  else if (world.swiotlb.begin(cursor)) thread.state = 'searching';
}

function search(world: GateWorld, thread: Thread): void {
  const { swiotlb, ledger } = world;
  if (swiotlb.search(thread.cursor)) {
    ledger.find(world.deviceOf(thread).mem.id, takenBy(world, thread).slots);
  } else if (swiotlb.nextArea(thread.cursor)) return;
  thread.state = 'ending';
}

function end(world: GateWorld, thread: Thread): void {
  const gate = world.gateOf(thread);
  const { cursor } = thread;
  const isFirst = thread.throttled && thread.list.length === 0;
  const { slots } = takenBy(world, thread);
  if (cursor.slot >= 0) world.ledger.find(gate.mem.id, -slots);
  const tlb = world.swiotlb.finish(cursor);
  if (tlb === FAILED) {
    if (isFirst) {
      gate.throttle.failed(gate.mem.used);
      world.woke(gate, gate.oracle.fails(thread.ticket, gate.mem.used));
    }
    fail(world, thread);
    return;
  }
  const mapping = enlist(world, thread, tlb);
  if (isFirst) {
    gate.throttle.placed(gate.mem.used);
    world.woke(gate, gate.oracle.places(world.ledger.used(gate.mem.id)));
  }
  if (reaches(world, thread, mapping)) goOn(world, thread, mapping);
  else fail(world, thread);
}

/** Notes the mapping that the machine made. */
function enlist(world: GateWorld, thread: Thread, tlb: number): LedgerMapping {
  const { slot, pool, transient } = world.swiotlb.outcome;
  const { slots, padding } = takenBy(world, thread);
  if (pool === null) throw new RangeError('mapped, but in no pool');
  const owner = thread.throttled && thread.list.length === 0 ? thread.ticket : null;
  if (owner !== null && transient) world.met.transient++;
  if (owner !== null && padding > 0) world.met.padded++;
  const device = world.deviceOf(thread);
  const mapping = { device, tlb, pool, first: slot, slots, dataSlot: slot + padding, owner };
  world.ledger.add(mapping);
  return mapping;
}

/** Whether the device reaches the mapping; if not, it is undone, which is the unmap of it. */
function reaches(world: GateWorld, thread: Thread, mapping: LedgerMapping): boolean {
  const { swiotlb, ledger } = world;
  const { device, tlb, owner } = mapping;
  const before = ledger.used(device.mem.id);
  if (swiotlb.checkReach(device, tlb, entryOf(thread).bytes) !== FAILED) return true;
  ledger.remove(mapping);
  world.met.unreached++;
  world.freed(world.gateOf(thread), before, owner);
  return false;
}

function goOn(world: GateWorld, thread: Thread, mapping: LedgerMapping): void {
  thread.list.push(mapping);
  if (thread.list.length < (thread.request?.entries.length ?? 0)) {
    ask(world, thread);
    return;
  }
  world.lists.push(unmapOrder(thread.list));
  thread.state = 'idle';
}

/** An entry failed: those mapped before it are undone. */
function fail(world: GateWorld, thread: Thread): void {
  world.met.failed++;
  if (thread.list.length > 0) world.met.undone++;
  thread.state = thread.list.length > 0 ? 'undoing' : 'idle';
  thread.list = unmapOrder(thread.list);
}

function undo(world: GateWorld, thread: Thread): void {
  const mapping = thread.list.shift();
  if (mapping !== undefined) world.unmap(mapping);
  if (thread.list.length === 0) thread.state = 'idle';
}

/** Entry 0 may hold the semaphore, so it goes last. */
function unmapOrder(list: readonly LedgerMapping[]): LedgerMapping[] {
  return [...list.slice(1), ...list.slice(0, 1)];
}
