/**
 * Drives a small machine and its gates through any order of events and checks everything after
 * each of them.
 */
import type { PolicyId } from '../model/throttle-policies.ts';
import { checkGates } from './gate-checks.ts';
import { begin, giveUp, step } from './gate-steps.ts';
import type { GateDraw, GateOp } from './gate-thread.ts';
import { GateWorld, pick, type Gate } from './gate-world.ts';

/** Far more steps than any load here takes to come to rest. */
const REST_STEPS = 10_000;

export class GateDriver {
  readonly world: GateWorld;
  #tickets = 0;

  /** @param isFresh whether requests judge by the use of that moment: no stale reads. */
  constructor(policy: PolicyId, draw: GateDraw, isFresh = false) {
    this.world = new GateWorld(policy, draw, isFresh);
  }

  /** Things happen one after another. @throws RangeError for the first that is not as it must be. */
  play(ops: readonly GateOp[]): void {
    for (const op of ops) {
      this.#happen(op);
      checkGates(this.world);
    }
  }

  /**
   * Nothing new begins: threads run on and everything is unmapped, until only sleepers are left.
   *
   * @returns how many those are.
   */
  drain(): number {
    for (let steps = 0; this.#drainOnce(); steps++) {
      if (steps > REST_STEPS) throw new RangeError('the machine does not come to rest');
      checkGates(this.world);
    }
    return this.world.threads.filter(({ state }) => state === 'asleep').length;
  }

  /** Unmaps go on: one slot is mapped by a request that may not block, and unmapped again. */
  passBy(gate: Gate): void {
    const { swiotlb, ledger } = this.world;
    const device = swiotlb.devices.find(({ mem, reach }) => mem === gate.mem && reach === Infinity);
    if (device === undefined) throw new RangeError('no device reaches this allocator');
    const tlb = swiotlb.tblMapSingle(device, 0, 0, 1);
    const { pool, slot } = swiotlb.outcome;
    if (pool === null) throw new RangeError('there is no room for one slot');
    const mapping = { device, tlb, pool, first: slot, slots: 1, dataSlot: slot, owner: null };
    ledger.add(mapping);
    this.world.unmap(mapping);
    checkGates(this.world);
  }

  #drainOnce(): boolean {
    const { world } = this;
    const moving = world.threads.find(({ state }) => state !== 'idle' && state !== 'asleep');
    if (moving !== undefined) step(world, moving);
    else if (world.untold.length > 0) world.tell(0);
    else if (world.lists.length > 0) this.#unmapNext(0, false);
    else return false;
    return true;
  }

  #happen(op: GateOp): void {
    const { world } = this;
    switch (op.kind) {
      case 'run':
        this.#run(op);
        return;
      case 'unmap':
        this.#unmapNext(op.list, op.late);
        return;
      case 'tell':
        world.tell(op.which);
        return;
      case 'set':
        set(pick(world.gates, op.mem), op.isHigh, op.slots);
        return;
      case 'giveUp':
        giveUp(world, pick(world.threads, op.thread));
        return;
      case 'grow':
        if (world.swiotlb.mem.canGrow) world.swiotlb.grow();
        return;
      case 'close':
        this.#close(pick(world.gates, op.mem));
    }
  }

  #run({ thread: index, steps, cpu, request }: GateOp & { readonly kind: 'run' }): void {
    const thread = pick(this.world.threads, index);
    thread.cpu = cpu;
    if (thread.state === 'idle') {
      thread.ticket = this.#tickets++;
      begin(this.world, thread, request);
    }
    for (let left = steps; left > 0 && thread.state !== 'idle'; left--) step(this.world, thread);
  }

  #unmapNext(index: number, late: boolean): void {
    const { lists } = this.world;
    if (lists.length === 0) return;
    const list = pick(lists, index);
    const mapping = list.shift();
    if (list.length === 0) lists.splice(lists.indexOf(list), 1);
    if (mapping === undefined) return;
    if (late) this.world.unmapLate(mapping);
    else this.world.unmap(mapping);
  }

  #close(gate: Gate): void {
    if (gate.oracle.closed) return;
    gate.throttle.close();
    this.world.woke(gate, gate.oracle.closes());
  }
}

function set({ throttle, oracle }: Gate, isHigh: boolean, slots: number): void {
  if (isHigh) throttle.highThrottle = oracle.high = slots;
  else throttle.lowThrottle = oracle.low = slots;
}
