/**
 * The steps a CPU makes for a request: it maps the segments one by one, and later unmaps them; if a
 * map fails it unmaps what it had. The poll job of a receive ring unmaps the buffers that came and
 * posts new ones.
 *
 * Requests are read with `as number`: they come from `Requests`.
 */
import { RECEIVE_BUFFER_BYTES } from './device-kinds.ts';
import { LockedWork, type FailedMap, type WorkHooks } from './locked-work.ts';
import type { DmaAllocs } from './dma-allocs.ts';
import type { GrowthWork } from './growth-work.ts';
import type { OwnBuffers } from './own-buffers.ts';
import type { OwnSteps } from './own-steps.ts';
import type { ReceiveWork } from './receive-work.ts';
import { MAX_SEGMENTS, OWN_ROW, STAGE } from './requests.ts';
import { GATE, type ThrottleGate } from './throttle-gate.ts';
import { copyNs, EVENT, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';

const TO_DEVICE = 1;
const FROM_DEVICE = 2;

/** Who deals out the work. */
export interface StepHooks {
  /** What the CPU works on. */
  jobOf(cpu: number): number;
  /** The CPU's job is over at `atNs`. */
  jobDone(cpu: number, atNs: number): void;
}

/** What becomes of a request before and after. */
export interface RequestHooks {
  /** All segments are mapped: the device may have it. */
  mapped(request: number): void;
  /** All segments are unmapped: it is finished. */
  unmapped(request: number): void;
  /** A map of a request, or of a poll job, failed. */
  mapFailed(job: number, failed: FailedMap): void;
  /** What was mapped before the failure is undone, at `atNs`. */
  undone(request: number, atNs: number): void;
  /** Segment to unmap in turn `turn` of a finished request. */
  unmapTurn(request: number, turn: number): number;
  /** Whether a request is one that `DMA_ATTR_MAY_BLOCK` is set for. */
  mayBlock(request: number): boolean;
  /** Whether the request's task sleeps; then it is kept until the task runs again. */
  keptForSleeper(request: number): boolean;
  /** The request's task sleeps in the page allocator. */
  outOfMemory(request: number): void;
  /** Whether a device's maps carry `DMA_ATTR_MAY_SLEEP`. */
  maySleep(device: number): boolean;
  readonly receiving: ReceiveWork;
  readonly growth: GrowthWork;
  readonly allocs: DmaAllocs;
  /** A buffer of `dma_alloc_*` is whole, or wholly given back. */
  allocDone(request: number): void;
  /** Buffers with pages of their own; null in every mode but two. */
  readonly own: OwnBuffers | null;
}

/** Does the steps of requests and poll jobs, one per alarm of a CPU. */
export class BufferSteps implements WorkHooks {
  readonly #world: World;
  readonly #cpus: StepHooks;
  readonly #hooks: RequestHooks;
  readonly #locked: LockedWork;
  readonly #gate: ThrottleGate;
  readonly #own: OwnSteps | null;

  constructor(world: World, cpus: StepHooks, hooks: RequestHooks, gate: ThrottleGate) {
    this.#world = world;
    this.#cpus = cpus;
    this.#hooks = hooks;
    this.#gate = gate;
    this.#locked = new LockedWork(world, this);
    this.#own = world.pages?.perMapping?.ownStepsOf(world, cpus, hooks) ?? null;
  }

  isMidMap(cpu: number): boolean {
    return this.#locked.isMidMap(cpu);
  }

  goOnMapping(cpu: number): void {
    this.#locked.goOnMapping(cpu);
  }

  goOnLocked(cpu: number): void {
    this.#locked.goOnLocked(cpu);
  }

  /** Does the next step of `job` on `cpu`. */
  step(cpu: number, job: number): void {
    const stage = this.#world.requests.stage[job] as number;
    if (stage === STAGE.mapping) this.#mapNext(cpu, job);
    else if (stage === STAGE.polling) this.#poll(cpu, job);
    else if (stage === STAGE.growing) this.#growOn(cpu, job);
    else if (stage === STAGE.allocating || stage === STAGE.freeing) this.#allocOn(cpu, job);
    else this.#unmapNext(cpu, job);
  }

  /** Marks the copy before a request's next unmap as paid. @returns what it takes in ns. */
  payNextCopy(job: number): number {
    const { requests } = this.#world;
    const turn = requests.position[job] as number;
    if (turn >= (requests.mapped[job] as number) || requests.paid[job] === 1) return 0;
    const at = job * MAX_SEGMENTS + this.#segmentOfTurn(job, turn);
    const needsCopy = requests.segmentRow[at] !== 0 && requests.segmentDirection[at] !== TO_DEVICE;
    requests.paid[job] = 1;
    return needsCopy ? copyNs(this.#world, requests.segmentBytes[at] as number) : 0;
  }

  mapDone(cpu: number, row: number, endNs: number): void {
    const { requests, alarms } = this.#world;
    const job = this.#cpus.jobOf(cpu);
    const stage = requests.stage[job] as number;
    if (stage === STAGE.polling) {
      this.#hooks.receiving.ringsOf(requests.device[job] as number).post(cpu, row);
    } else if (stage === STAGE.allocating) {
      this.#hooks.allocs.got(cpu, job, row, endNs);
      return;
    } else {
      const position = requests.position[job] as number;
      if (this.#isAtGate(job)) this.#gate.placed(job, this.#world.swiotlb.outcome);
      requests.segmentRow[job * MAX_SEGMENTS + position] = row;
      requests.position[job] = position + 1;
    }
    alarms.set(endNs, EVENT.cpu, cpu);
  }

  mapFailed(cpu: number, failed: FailedMap, atNs: number): void {
    const { requests, alarms } = this.#world;
    const job = this.#cpus.jobOf(cpu);
    if (requests.stage[job] === STAGE.allocating) {
      this.#hooks.allocs.failed(cpu, job, atNs);
      return;
    }
    const device = requests.device[job] as number;
    this.#hooks.mapFailed(job, failed);
    if (this.#isAtGate(job)) {
      this.#gate.failed(job, this.#world.swiotlb.outcome.cause === 'out-of-reach');
    }
    if (requests.stage[job] === STAGE.polling) {
      this.#hooks.receiving.ringsOf(device).refilling[cpu] = 0;
      this.#endPoll(cpu, job, atNs);
      return;
    }
    requests.mapped[job] = requests.position[job] as number;
    requests.position[job] = 0;
    requests.paid[job] = 0;
    requests.stage[job] = STAGE.undoing;
    alarms.set(atNs + this.payNextCopy(job), EVENT.cpu, cpu);
  }

  freed(cpu: number, before: number, throttled: boolean): void {
    this.#gate.freed(this.#cpus.jobOf(cpu), before, throttled);
  }

  useChanged(): void {
    this.#gate.note();
  }

  mapUndone(): void {
    this.#gate.undone();
  }

  growthWanted(cpu: number, slots: number): number {
    const device = this.#world.requests.device[this.#cpus.jobOf(cpu)] as number;
    return this.#hooks.growth.kick(cpu, device, slots);
  }

  unmapDone(cpu: number, atNs: number): void {
    const { requests, alarms } = this.#world;
    const job = this.#cpus.jobOf(cpu);
    requests.paid[job] = 0;
    if (requests.stage[job] === STAGE.polling) {
      this.#hooks.receiving.received(requests.device[job] as number, cpu);
      alarms.set(atNs, EVENT.cpu, cpu);
      return;
    }
    if (requests.stage[job] === STAGE.freeing) {
      this.#hooks.allocs.freed(cpu, atNs);
      return;
    }
    const position = (requests.position[job] as number) + 1;
    requests.position[job] = position;
    if (position < (requests.mapped[job] as number)) {
      alarms.set(atNs + this.payNextCopy(job), EVENT.cpu, cpu);
    } else {
      this.#endUnmaps(cpu, job, atNs);
    }
  }

  keep(k: Keeper): void {
    this.#locked.keep(k);
    this.#own?.keep(k);
  }

  #mapNext(cpu: number, job: number): void {
    const { requests, nowNs } = this.#world;
    const device = requests.device[job] as number;
    const count = requests.count[job] as number;
    if (!this.#isLetThrough(cpu, job)) return;
    for (;;) {
      const position = requests.position[job] as number;
      if (position >= count) break;
      const at = job * MAX_SEGMENTS + position;
      const { wish } = this.#locked;
      wish.device = device;
      wish.address = requests.segmentAddress[at] as number;
      wish.bytes = requests.segmentBytes[at] as number;
      wish.direction = requests.segmentDirection[at] as number;
      wish.throttled = this.#isAtGate(job);
      if (this.#own !== null && this.#own.maps(cpu, job, wish)) return;
      if (this.#locked.startMap(cpu)) return;
      requests.segmentRow[at] = 0;
      requests.position[job] = position + 1;
    }
    requests.mapped[job] = count;
    requests.position[job] = 0;
    requests.paid[job] = 0;
    requests.stage[job] = STAGE.device;
    this.#hooks.mapped(job);
    this.#cpus.jobDone(cpu, nowNs);
  }

  #unmapNext(cpu: number, job: number): void {
    const { requests, alarms, nowNs } = this.#world;
    const mapped = requests.mapped[job] as number;
    for (;;) {
      const turn = requests.position[job] as number;
      if (turn >= mapped) break;
      const row = requests.segmentRow[
        job * MAX_SEGMENTS + this.#segmentOfTurn(job, turn)
      ] as number;
      if (row !== 0) {
        const copyFirst = this.payNextCopy(job);
        if (copyFirst > 0) alarms.set(nowNs + copyFirst, EVENT.cpu, cpu);
        else this.#unmapRow(cpu, row);
        return;
      }
      requests.paid[job] = 0;
      requests.position[job] = turn + 1;
      if (this.#own !== null) {
        alarms.set(this.#own.unmapDirect(), EVENT.cpu, cpu);
        return;
      }
    }
    this.#endUnmaps(cpu, job, nowNs);
  }

  #unmapRow(cpu: number, row: number): void {
    if (this.#own !== null && row >= OWN_ROW) this.unmapDone(cpu, this.#own.unmap(row));
    else this.#locked.startUnmap(cpu, row);
  }

  #endUnmaps(cpu: number, job: number, atNs: number): void {
    if (this.#world.requests.stage[job] === STAGE.undoing) this.#hooks.undone(job, atNs);
    else this.#hooks.unmapped(job);
    this.#cpus.jobDone(cpu, atNs);
  }

  /** The segment to unmap in a turn; undoing and finishing have their driver's own order. */
  #segmentOfTurn(job: number, turn: number): number {
    return this.#hooks.unmapTurn(job, turn);
  }

  /** Whether the request is throttled and this is its first entry, the one that carries the flag. */
  #isAtGate(job: number): boolean {
    const { requests } = this.#world;
    return requests.gate[job] === GATE.throttled && requests.position[job] === 0;
  }

  /**
   * The way through the throttle, before a request's first map. The read of the use is one step and
   * the search a later one.
   */
  #isLetThrough(cpu: number, job: number): boolean {
    const { requests, alarms, costs, nowNs } = this.#world;
    const gate = requests.gate[job] as number;
    if (gate === GATE.passed || gate === GATE.throttled) return true;
    if (gate === GATE.grown) {
      requests.gate[job] = GATE.throttled;
      this.#hooks.growth.addOwnPool(job);
      return true;
    }
    if (gate === GATE.outside && !this.#hooks.mayBlock(job)) return true;
    if (this.#looksAndGoesOn(cpu, job, gate)) {
      alarms.set(nowNs + costs.decideNs, EVENT.cpu, cpu);
    } else if (requests.gate[job] === GATE.growing) {
      this.#gate.beginOwnPool(cpu, job);
      alarms.set(nowNs + this.#hooks.growth.makeOwnPool(job), EVENT.cpu, cpu);
    } else {
      requests.stage[job] = STAGE.blocked;
      this.#cpus.jobDone(cpu, nowNs + costs.sleepNs);
    }
    return false;
  }

  /** The read of the use: the first one, or that of a woken task; who gave up reads none. */
  #looksAndGoesOn(cpu: number, job: number, gate: number): boolean {
    if (gate === GATE.growing) return false;
    return gate === GATE.woken ? this.#gate.lookAgain(cpu, job) : this.#gate.ask(cpu, job);
  }

  #growOn(cpu: number, job: number): void {
    const { alarms, nowNs } = this.#world;
    const forNs = this.#hooks.growth.step(job);
    if (forNs < 0) this.#cpus.jobDone(cpu, nowNs);
    else alarms.set(nowNs + forNs, EVENT.cpu, cpu);
  }

  #allocOn(cpu: number, job: number): void {
    if (!this.#hooks.allocs.step(cpu, job, this.#locked)) return;
    this.#hooks.allocDone(job);
    this.#cpus.jobDone(cpu, this.#world.nowNs);
  }

  #poll(cpu: number, job: number): void {
    const { requests, alarms, nowNs } = this.#world;
    const device = requests.device[job] as number;
    const rings = this.#hooks.receiving.ringsOf(device);
    while (rings.hasFilled(cpu)) {
      const row = rings.oldestRow(cpu);
      if (row === 0) {
        if (this.#own?.looksFirst(cpu, job) === true) return;
        this.#hooks.receiving.received(device, cpu);
      } else if (requests.paid[job] === 0) {
        requests.paid[job] = 1;
        alarms.set(nowNs + copyNs(this.#world, RECEIVE_BUFFER_BYTES), EVENT.cpu, cpu);
        return;
      } else {
        this.#locked.startUnmap(cpu, row);
        return;
      }
    }
    if (rings.wantsRefill(cpu)) rings.refilling[cpu] = 1;
    while (rings.refilling[cpu] === 1 && !rings.isFull(cpu)) {
      const { wish } = this.#locked;
      wish.device = device;
      wish.address = this.#hooks.receiving.addressFor(device, cpu);
      wish.bytes = RECEIVE_BUFFER_BYTES;
      wish.direction = FROM_DEVICE;
      wish.throttled = false;
      if (this.#locked.startMap(cpu)) return;
      rings.post(cpu, 0);
    }
    rings.refilling[cpu] = 0;
    this.#endPoll(cpu, job, nowNs);
  }

  #endPoll(cpu: number, job: number, atNs: number): void {
    this.#hooks.receiving.done(job);
    this.#cpus.jobDone(cpu, atNs);
  }
}
