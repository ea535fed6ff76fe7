/**
 * The throttle in time: a request that may block reads the use, may be told to sleep, is woken, and
 * goes on to its search later than it read. All of it is the model's decision; this is when.
 *
 * Requests are read with `as number`: they come from `Requests`. A request's row is its ticket.
 */
import type { Requests } from './requests.ts';
import type { GateReading } from './witness.ts';
import { EVENT, type World } from './world.ts';
import type { MapOutcome } from '../model/map-cursor.ts';
import type { TlbMem } from '../model/tlb-mem.ts';

/** How far a request has come at the gate. */
export const GATE = {
  /** It has not asked, or is one that never asks. */
  outside: 0,
  /** It was let through without being throttled. */
  passed: 1,
  /** It is throttled and was let in. */
  throttled: 2,
  /** It gave up waiting: first a new pool is to be made, then it goes on. */
  growing: 3,
  /** The pool's memory is there and is to be added. */
  grown: 4,
  /** It was woken, and looks again when its task has a CPU. */
  woken: 5,
} as const;

/** Who is told of sleepers. */
export interface GateHooks {
  /** A request's task sleeps now. */
  slept(request: number): void;
  /** It was woken: its task wants a CPU to look again. */
  woke(request: number): void;
  /** It was let in: its task runs on, on the CPU it has. */
  letIn(request: number): void;
}

/** The gates of all allocators: each request goes through that of its device's. */
export class ThrottleGate {
  readonly #world: World;
  readonly #hooks: GateHooks;
  readonly #requests: Requests;
  /** Whether there is a throttle: all allocators have the same policy. */
  readonly isOn: boolean;
  readonly #timeoutNs: number;

  /** @param timeoutNs how long a sleeper waits under a policy that times out. */
  constructor(world: World, hooks: GateHooks, timeoutNs: number) {
    this.#world = world;
    this.#hooks = hooks;
    this.#requests = world.requests;
    this.isOn = world.swiotlb.mem.throttle.isOn;
    this.#timeoutNs = timeoutNs;
  }

  /** A request reads the use. @returns whether it goes on; else it sleeps from now on. */
  ask(cpu: number, request: number): boolean {
    const requests = this.#requests;
    const { throttle: book, hash, nowNs, ledger } = this.#world;
    const { throttle, used } = this.#memOf(request);
    const why = throttle.decide(used);
    if (why === 'none') {
      this.#show(cpu, request, { used, why, again: false, letIn: true });
      requests.gate[request] = GATE.passed;
      if (throttle.queue.length > 0) book.overtake(used > throttle.lowThrottle);
      return true;
    }
    requests.gate[request] = GATE.throttled;
    const device = requests.device[request] as number;
    book.arrive(request, { device, cpu, bytes: requests.bytes[request] as number, why }, nowNs);
    hash.word(request);
    const letIn = throttle.enter(request);
    this.#show(cpu, request, { used, why, again: false, letIn });
    if (letIn) {
      book.admit(request, cpu, nowNs);
      return true;
    }
    book.sleep(request, nowNs);
    ledger.waitingChanged(nowNs);
    this.#setTimeout(request);
    this.#hooks.slept(request);
    return false;
  }

  /** A sleeper's wake-up has come. */
  wake(request: number): void {
    this.#world.throttle.wakeUps++;
    this.#requests.gate[request] = GATE.woken;
    this.#hooks.woke(request);
  }

  /**
   * A woken task runs and looks again.
   *
   * @returns whether it goes on; else it sleeps again, or gives up (`GATE.growing`).
   */
  lookAgain(cpu: number, request: number): boolean {
    const { throttle: book, ledger, nowNs } = this.#world;
    this.#requests.gate[request] = GATE.throttled;
    const { throttle, used } = this.#memOf(request);
    const letIn = throttle.resume(request, used);
    this.#show(cpu, request, { used, why: 'none', again: true, letIn });
    if (letIn) {
      book.admit(request, cpu, nowNs);
      this.#hooks.letIn(request);
      return true;
    }
    book.vainWakeUps++;
    // Its time ran out between the wake-up and the look: it does not sleep once more.
    const isLate = nowNs >= (this.#requests.giveUpNs[request] as number);
    if (throttle.policy.timesOut && isLate && throttle.leave(request)) {
      book.timedOut++;
      this.#requests.gate[request] = GATE.growing;
    }
    ledger.waitingChanged(nowNs);
    return false;
  }

  /** A sleeper's patience is at its end, unless it was woken meanwhile. */
  giveUp(request: number): void {
    const { nowNs, throttle: book, ledger } = this.#world;
    if (this.#requests.giveUpNs[request] !== nowNs) return;
    if (!this.#memOf(request).throttle.leave(request)) return;
    book.timedOut++;
    this.#requests.gate[request] = GATE.growing;
    ledger.waitingChanged(nowNs);
    this.#hooks.woke(request);
  }

  /** A throttled request has its slots. */
  placed(request: number, { pool, slot, nslots }: MapOutcome): void {
    const { throttle: book, nowNs } = this.#world;
    book.place(request, { pool: pool?.id ?? -1, slot, nslots }, nowNs);
    const mem = this.#memOf(request);
    mem.throttle.placed(mem.used);
    this.#wakeAll(mem);
  }

  /** A throttled request found no room, or lies out of reach and was unmapped again. */
  failed(request: number, wasUnmapped: boolean): void {
    const { throttle: book, nowNs } = this.#world;
    this.#requests.gate[request] = GATE.outside;
    book.end(request, nowNs);
    book.gaveBack++;
    const mem = this.#memOf(request);
    if (!wasUnmapped) mem.throttle.failed(mem.used);
    this.#wakeAll(mem);
  }

  /** Slots were freed by `request`, or by a job that is none. `throttled`: what the slots said. */
  freed(request: number, before: number, throttled: boolean): void {
    const { throttle: book, nowNs } = this.#world;
    if (throttled) book.end(request, nowNs);
    const mem = this.#memOf(request);
    mem.throttle.freed(before, mem.used, throttled);
    this.#wakeAll(mem);
  }

  /** A map was undone behind the throttle's back: its unmap may have woken somebody. */
  undone(): void {
    this.note();
    for (const mem of this.#world.swiotlb.mems) this.#wakeAll(mem);
  }

  /** The use of slots changed. Whether waiting is needless is asked of the allocator waited for. */
  note(): void {
    const { throttle: book, swiotlb, nowNs } = this.#world;
    const { used, throttle } = swiotlb.mems.find(isWaitedFor) ?? swiotlb.mem;
    book.note(nowNs, used, throttle.lowThrottle);
  }

  /** One that gave up has a CPU, on which it makes a pool. */
  beginOwnPool(cpu: number, request: number): void {
    this.#requests.gate[request] = GATE.grown;
    this.#world.throttle.admit(request, cpu, this.#world.nowNs);
    this.#hooks.letIn(request);
  }

  /** Shows what was read to whoever watches. */
  #show(
    cpu: number,
    request: number,
    read: Pick<GateReading, 'used' | 'why' | 'again' | 'letIn'>,
  ): void {
    const { witness, nowNs: timeNs } = this.#world;
    if (witness === null) return;
    const { highThrottle: high, lowThrottle: low, queue } = this.#memOf(request).throttle;
    const device = this.#requests.device[request] as number;
    witness.gate(request, { timeNs, cpu, device, high, low, queued: queue.length, ...read });
  }

  #setTimeout(request: number): void {
    const { alarms, nowNs } = this.#world;
    if (!this.#memOf(request).throttle.policy.timesOut) return;
    this.#requests.giveUpNs[request] = nowNs + this.#timeoutNs;
    alarms.set(nowNs + this.#timeoutNs, EVENT.giveUp, request);
  }

  /** The allocator that a request's device uses. */
  #memOf(request: number): TlbMem {
    const { dma, swiotlb } = this.#world;
    return dma[this.#requests.device[request] as number]?.mem ?? swiotlb.mem;
  }

  /** Sets the alarms of everybody an allocator's throttle woke. */
  #wakeAll({ throttle }: TlbMem): void {
    const { woken } = throttle;
    if (woken.length === 0) return;
    const { alarms, costs, ledger, nowNs } = this.#world;
    for (const request of woken) alarms.set(nowNs + costs.wakeNs, EVENT.gate, request);
    woken.length = 0;
    ledger.waitingChanged(nowNs);
  }
}

function isWaitedFor({ throttle }: TlbMem): boolean {
  return throttle.queue.length > 0;
}
