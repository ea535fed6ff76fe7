/**
 * A small machine with the oracle of each gate and the ledger of its slots beside it: whatever is
 * done to the one is done to the others, and the answers are compared.
 */
import type { DmaDevice } from '../model/device.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import type { Throttle } from '../model/throttle.ts';
import type { TlbMem } from '../model/tlb-mem.ts';
import { gateMachine, idleThread, THREADS, type GateDraw, type Thread } from './gate-thread.ts';
import { same, SlotLedger, type LedgerMapping } from './slot-ledger.ts';
import { ThrottleOracle } from './throttle-oracle.ts';

/** One allocator's throttle, and what it must be like. */
export interface Gate {
  readonly mem: TlbMem;
  readonly throttle: Throttle;
  readonly oracle: ThrottleOracle;
}

/** An unmap that freed its slots and has not told the throttle yet. */
interface LateUnmap {
  readonly gate: Gate;
  readonly before: number;
  readonly after: number;
  /** What the slots said, and whose they were. */
  readonly throttled: boolean;
  readonly owner: number | null;
}

export class GateWorld {
  readonly swiotlb: Swiotlb;
  readonly ledger: SlotLedger;
  readonly gates: readonly Gate[];
  readonly threads: readonly Thread[] = Array.from({ length: THREADS }, idleThread);
  /** Mapped lists, each in the order of its unmaps. */
  readonly lists: LedgerMapping[][] = [];
  readonly untold: LateUnmap[] = [];
  /** Whether a thread looks, is judged and arrives in one step: no stale reads. */
  readonly isFresh: boolean;
  /** How often the rarer things came to pass: what a test may ask to have been tried. */
  readonly met = { slept: 0, low: 0, failed: 0, undone: 0, transient: 0, padded: 0, unreached: 0 };
  #sleeps = 0;

  constructor(policy: PolicyId, draw: GateDraw, isFresh: boolean) {
    this.swiotlb = gateMachine(policy, draw);
    this.ledger = new SlotLedger(this.swiotlb);
    this.gates = this.swiotlb.mems.map((mem) => {
      const slots = mem.id === 0 ? draw.nareas * draw.areaSlots : draw.restrictedSlots;
      return { mem, throttle: mem.throttle, oracle: new ThrottleOracle(policy, slots) };
    });
    this.isFresh = isFresh;
  }

  /** The device a thread's request is for. */
  deviceOf({ request }: Thread): DmaDevice {
    return pick(this.swiotlb.devices, request?.device ?? 0);
  }

  gateOf(thread: Thread): Gate {
    return pick(this.gates, this.deviceOf(thread).mem.id);
  }

  /** Threads with a request to this allocator. */
  threadsAt(gate: Gate): readonly Thread[] {
    return this.threads.filter((thread) => thread.state !== 'idle' && this.gateOf(thread) === gate);
  }

  /** A thread was told to sleep; so many slept in front of it then. */
  sleep(thread: Thread, ahead: number): void {
    thread.state = 'asleep';
    thread.sleptAt = ++this.#sleeps;
    thread.ahead = ahead;
    thread.unmapsSince = 0;
    this.met.slept++;
  }

  /** Takes note of whom the throttle woke: those it should, all of whom slept. */
  woke(gate: Gate, wanted: readonly number[]): void {
    const { woken, queue, policy } = gate.throttle;
    same('woken', woken.join(), wanted.join());
    for (const ticket of woken) {
      same(`woken ticket ${ticket} in the queue`, queue.has(ticket), false);
      const sleepers = this.threadsAt(gate).filter(({ state }) => state === 'asleep');
      const thread = sleepers.find((sleeper) => sleeper.ticket === ticket);
      if (thread === undefined) throw new RangeError(`woken ticket ${ticket} does not sleep`);
      // The one policy that sends somebody to the front again has no such order.
      const oldest = Math.min(...sleepers.map(({ sleptAt }) => sleptAt));
      if (policy.id !== 'timeout-grow') same('turn of the woken', thread.sleptAt, oldest);
      thread.state = 'woken';
    }
  }

  /** Unmaps, and tells the throttle at once. */
  unmap(mapping: LedgerMapping): void {
    const gate = pick(this.gates, mapping.device.mem.id);
    const before = this.ledger.used(gate.mem.id);
    same('unmapped', this.swiotlb.unmap(mapping.device, mapping.tlb), true);
    same('mark of the unmapped', this.swiotlb.releasing.throttled, mapping.owner !== null);
    this.ledger.remove(mapping);
    this.freed(gate, before, mapping.owner);
  }

  /** Slots are free and the throttle was told: compares whom that woke. */
  freed(gate: Gate, before: number, owner: number | null, after?: number): void {
    for (const thread of this.threadsAt(gate)) thread.unmapsSince++;
    const now = after ?? this.ledger.used(gate.mem.id);
    this.woke(gate, gate.oracle.frees(before, now, owner));
  }

  /** Frees the slots and tells the throttle later. */
  unmapLate(mapping: LedgerMapping): void {
    const gate = pick(this.gates, mapping.device.mem.id);
    const before = gate.mem.used;
    same('found', this.swiotlb.locate(mapping.device, mapping.tlb), true);
    this.swiotlb.release(mapping.device);
    this.ledger.remove(mapping);
    const { throttled } = this.swiotlb.releasing;
    this.untold.push({ gate, before, after: gate.mem.used, throttled, owner: mapping.owner });
  }

  /** One of the late unmaps tells the throttle. */
  tell(which: number): void {
    const [late] = this.untold.splice(which % Math.max(this.untold.length, 1), 1);
    if (late === undefined) return;
    const { gate, before, after, throttled, owner } = late;
    gate.throttle.freed(before, after, throttled);
    this.freed(gate, before, owner, after);
  }
}

/** Any number names one of them. @throws RangeError when there are none. */
export function pick<T>(all: readonly T[], index: number): T {
  const one = all[index % all.length];
  if (one === undefined) throw new RangeError('there is none to choose from');
  return one;
}
