/**
 * A scenario, run: the discrete-event loop. The same scenario gives the same events, slots and
 * numbers, in every JavaScript engine.
 */
import type { AreaLocks } from './area-locks.ts';
import { costLines, DEFAULT_COSTS, type Costs } from './costs.ts';
import { writeDebugfs } from './debugfs.ts';
import { DEVICE_KINDS } from './device-kinds.ts';
import { Devices } from './devices.ts';
import type { GrowthLog, NotedPages } from './growth-log.ts';
import type { MakePages } from './guest-memory.ts';
import type { History } from './history.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Ledger } from './ledger.ts';
import { bootMachine, toldMappingLimit, type Machine } from './machine.ts';
import { makeWorld } from './make-world.ts';
import type { Run } from './run.ts';
import { checkControl } from './device-check.ts';
import type { DeviceControl, DeviceSpec, Scenario } from './scenario.ts';
import type { DeviceSummary, MachineSummary } from './summary.ts';
import type { OwnBuffers } from './own-buffers.ts';
import type { RunCosts } from './run-costs.ts';
import { throttleOf } from './scenario.ts';
import type { ThrottleBook } from './throttle-book.ts';
import type { Witness } from './witness.ts';
import { EVENT, keepWorld, type World } from './world.ts';
import type { Keeper } from '../model/keeper.ts';
import type { SearchKind } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

const NS_PER_MS = 1e6;

/** What can be changed in a running simulation. */
export type Change =
  | {
      readonly kind: 'device';
      readonly device: number;
      readonly control: DeviceControl;
      readonly value: number;
    }
  /** A write to a file of /sys/kernel/debug/swiotlb. */
  | { readonly kind: 'write'; readonly file: string; readonly text: string };

/** A change, and where it was made: behind so many events, at that moment. */
export interface JournalEntry {
  readonly event: number;
  readonly timeNs: number;
  readonly change: Change;
}

/** Looks at the run after each event. */
export interface EventWatch {
  look(): void;
}

/** What tests and benches change: the costs, and which slot table decides. */
export interface SimulationOptions {
  readonly costs?: Costs;
  readonly search?: SearchKind;
}

/** What a simulation is made of. `createSimulation` has all of it at hand. */
export interface SimulationParts extends SimulationOptions {
  readonly makePages: MakePages;
}

/** A scenario being played. It goes on only when `step` or `runUntil` is called. */
export class Simulation implements Run {
  readonly scenario: Scenario;
  readonly endNs: number;
  /** How this run's page allocator was made, where it has one. */
  readonly makePages: MakePages;
  readonly verdict = null;
  /** What runs beside it; whoever set it moves it along. */
  shadow: Run | null = null;
  /** The changes that were made, in order. */
  readonly journal: JournalEntry[] = [];
  readonly #world: World;
  readonly #machine: Machine;
  readonly #devices: Devices;

  /**
   * Boots the scenario's machine and sets its devices going, at virtual time 0.
   *
   * @throws RangeError when the scenario is not one that `checkScenario` lets pass; what `makePages` throws.
   */
  constructor(scenario: Scenario, parts: SimulationParts) {
    const { costs = DEFAULT_COSTS, search = 'fast', makePages } = parts;
    this.scenario = scenario;
    this.makePages = makePages;
    this.endNs = scenario.lengthMs * NS_PER_MS;
    const throttle = throttleOf(scenario);
    const machine = bootMachine(scenario.machine, scenario.devices, {
      search,
      throttle,
      makePages,
      seed: scenario.seed,
    });
    this.#machine = machine;
    this.#world = makeWorld(scenario, machine, costs);
    for (const text of machine.bootLines) {
      this.#world.log.print({ timeNs: 0, event: 0, text, level: 'info' });
    }
    const starts = scenario.devices.map((spec, device) => ({
      spec,
      maxMapping: this.#maxMapping(device),
      recommended: this.#recommended(device),
    }));
    this.#devices = new Devices(this.#world, starts, Math.round(throttle.timeoutMs * NS_PER_MS));
    this.#devices.start();
  }

  get timeNs(): number {
    return this.#world.nowNs;
  }

  get event(): number {
    return this.#world.event;
  }

  get ended(): boolean {
    return this.#world.nowNs >= this.endNs;
  }

  get swiotlb(): Swiotlb {
    return this.#world.swiotlb;
  }

  get ledger(): Ledger {
    return this.#world.ledger;
  }

  get locks(): AreaLocks {
    return this.#world.locks;
  }

  get history(): History {
    return this.#world.ledger.history;
  }

  get log(): KernelLog {
    return this.#world.log;
  }

  /** Every attempt to grow. */
  get growth(): GrowthLog {
    return this.#world.growth;
  }

  /** The page allocator's door; null on a machine without one. */
  get pages(): NotedPages | null {
    return this.#world.pages;
  }

  get books(): RunCosts {
    return this.#world.books;
  }

  /** Buffers with pages of their own; null where there is no such thing. */
  get own(): OwnBuffers | null {
    return this.#devices.own;
  }

  /** `/proc/buddyinfo` as it reads now; null on a machine that cannot grow. */
  buddyinfo(): string | null {
    const { pages } = this.#world;
    return pages === null ? null : pages.guest.buddyinfo();
  }

  /** What it is made of, for those who look at it and change nothing. */
  get world(): Readonly<World> {
    return this.#world;
  }

  /** Shows every search from now on to `witness`; null: to nobody. */
  watch(witness: Witness | null): void {
    this.#world.witness = witness;
  }

  get throttle(): ThrottleBook {
    return this.#world.throttle;
  }

  /** Hash of every event so far, and of every slot chosen: 16 hex digits. */
  get streamHash(): string {
    return this.#world.hash.hex;
  }

  get machine(): MachineSummary {
    const { machine, devices } = this.scenario;
    return {
      memoryMiB: machine.memoryMiB,
      cpus: machine.cpus,
      encrypted: machine.encrypted,
      dynamic: machine.dynamic,
      forceBounce: this.swiotlb.mem.forceBounce,
      commandLine: machine.commandLine,
      hasPool: this.swiotlb.mems.some(({ nslabs }) => nslabs > 0),
      devices: devices.map((_, device) => this.#deviceSummary(device)),
      ...(machine.restricted ? { regions: machine.restricted.map(({ name }) => name) } : {}),
      costs: costLines(this.#world.costs),
    };
  }

  nextTimeNs(): number {
    const { nextNs } = this.#world.alarms;
    return nextNs <= this.endNs ? nextNs : Infinity;
  }

  step(): boolean {
    if (this.#world.alarms.nextNs > this.endNs) {
      this.#world.nowNs = this.endNs;
      return false;
    }
    this.#handle();
    return true;
  }

  runUntil(timeNs: number, maxEvents: number): number {
    const world = this.#world;
    const { alarms } = world;
    const untilNs = Math.min(timeNs, this.endNs);
    let handled = 0;
    while (handled < maxEvents && alarms.nextNs <= untilNs) {
      this.#handle();
      handled++;
    }
    if (alarms.nextNs > untilNs && untilNs > world.nowNs) world.nowNs = untilNs;
    return handled;
  }

  /** When the event that was handled last was due, ns; 0 before the first. */
  get eventNs(): number {
    return this.#world.alarms.timeNs;
  }

  /**
   * Handles events until `event` of them are handled since the start, and none that is due after
   * `timeNs`. The clock stands at the last one.
   *
   * @param watch is asked after each of them.
   */
  runToEvent(event: number, timeNs: number, watch: EventWatch | null): void {
    const world = this.#world;
    const { alarms } = world;
    const untilNs = Math.min(timeNs, this.endNs);
    while (world.event < event && alarms.nextNs <= untilNs) {
      this.#handle();
      watch?.look();
    }
  }

  /** Lets time pass up to `timeNs` in which nothing happens. */
  wait(timeNs: number): void {
    const world = this.#world;
    const untilNs = Math.min(timeNs, this.endNs, world.alarms.nextNs);
    if (untilNs > world.nowNs) world.nowNs = untilNs;
  }

  /** Keeps everything that changes in a run. What runs beside it is left out. */
  keep(k: Keeper): void {
    keepWorld(k, this.#world);
    this.#devices.keep(k);
    k.list(this.journal);
  }

  /** The one door for changes from outside. @returns null when done, else why not. */
  apply(change: Change): string | null {
    const fault = this.#change(change);
    if (fault === null) this.journal.push({ event: this.event, timeNs: this.timeNs, change });
    return fault;
  }

  #change(change: Change): string | null {
    if (change.kind === 'write') return this.#write(change.file, change.text);
    const { device, control, value } = change;
    if (!this.scenario.devices[device]) return `there is no device ${device}`;
    const spec = this.#devices.spec(device);
    const fault = checkControl(spec, control, value);
    if (fault !== null) return fault;
    this.#devices.setControl(device, control, value);
    return null;
  }

  #write(file: string, text: string): string | null {
    const { ledger, swiotlb, throttle, nowNs } = this.#world;
    // What is over was so under the old thresholds.
    ledger.history.advance(nowNs);
    const fault = writeDebugfs(swiotlb, file, text);
    ledger.sampled();
    if (fault === null) throttle.note(nowNs, swiotlb.mem.used, swiotlb.mem.throttle.lowThrottle);
    return fault;
  }

  #handle(): void {
    const world = this.#world;
    const { alarms, hash } = world;
    alarms.take();
    const { kind, subject, timeNs } = alarms;
    world.nowNs = timeNs;
    world.event++;
    hash.number(timeNs);
    hash.word(kind * 0x1000000 + subject);
    this.#dispatch(kind, subject);
  }

  #dispatch(kind: number, subject: number): void {
    const devices = this.#devices;
    switch (kind) {
      case EVENT.cpu:
        devices.cpus.run(subject);
        break;
      case EVENT.wake:
        devices.cpus.wake(subject);
        break;
      case EVENT.served:
        devices.served(subject);
        break;
      case EVENT.arrive:
        devices.arrive(subject);
        break;
      case EVENT.poll:
        devices.receiving.poll(subject);
        break;
      case EVENT.retry:
        devices.retry(subject);
        break;
      case EVENT.gate:
        devices.gate.wake(subject);
        break;
      case EVENT.giveUp:
        devices.gate.giveUp(subject);
        break;
      case EVENT.worker:
        devices.growth.start(subject);
        break;
      case EVENT.reap:
        devices.reap(subject);
        break;
      default:
        this.#dispatchMemory(kind, subject);
    }
  }

  #dispatchMemory(kind: number, subject: number): void {
    if (kind === EVENT.grace) this.#world.swiotlb.registry.freeUnseen();
    else if (kind === EVENT.memory) this.#devices.memoryCame(subject);
    else throw new RangeError(`an alarm of kind ${kind}`);
  }

  #maxMapping(device: number): number {
    const dma = this.#machine.dma[device];
    return dma === undefined ? Infinity : toldMappingLimit(this.#machine, dma);
  }

  #recommended(device: number): boolean {
    const dma = this.#machine.dma[device];
    return dma !== undefined && this.swiotlb.recommendMayBlock(dma);
  }

  #deviceSummary(device: number): DeviceSummary {
    const spec: DeviceSpec = this.#devices.spec(device);
    const { mayBlock, minAlignMask, dmaMask, busLimit } = DEVICE_KINDS[spec.kind];
    const limit = this.#maxMapping(device);
    return {
      name: spec.name,
      kind: spec.kind,
      note: spec.note,
      ...(spec.restrictedPool === undefined ? {} : { region: spec.restrictedPool }),
      mayBlock,
      recommended: this.#recommended(device),
      minAlignMask,
      dmaMask: busLimit ?? dmaMask,
      maxMappingBytes: limit === Infinity ? null : limit,
      spec,
    };
  }
}
