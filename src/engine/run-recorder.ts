/**
 * Sees a run that is repeated and notes what happens between two moments: maps, unmaps, failures,
 * growth and waits, and for a trace also what each CPU does and which requests the devices have. It
 * changes nothing. What the CPUs do is told by the witness and by the alarms: a CPU that is woken by
 * a lock has spun since its own last alarm, a lock is held until its table says.
 *
 * Not seen are buffers with pages of their own, which take no slots: no search is made for them.
 *
 * Arrays are read with `as number`: CPUs lie below `cpus`.
 */
import { ALLOCATED } from './mapping-rows.ts';
import { STAGE } from './requests.ts';
import {
  FAIL_CAUSES,
  GROWERS,
  RunRecords,
  WAIT_ENDS,
  type RecordFields,
  type RecordKind,
} from './run-records.ts';
import type { Simulation } from './simulation.ts';
import { GATE } from './throttle-gate.ts';
import type { GateReading, MapEnd, Witness } from './witness.ts';
import { copyLengthNs, EVENT } from './world.ts';
import type { MapCursor } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';

/** The lock that a CPU took in the event under way. */
interface Held {
  readonly kind: 'search' | 'release';
  readonly cpu: number;
  readonly device: number;
  readonly pool: Pool;
  readonly area: number;
  readonly serial: number;
  /** The map that ends with it: its data is copied by then; -1: it does not end here. */
  copiedNs: number;
  copyNs: number;
}

/** What was asked to be noted. */
export interface RecordWish {
  /** Virtual ns, both included. */
  readonly fromNs: number;
  readonly toNs: number;
  /** For a trace: CPUs, devices and counters too. */
  readonly isTrace: boolean;
}

export class RunRecorder implements Witness {
  readonly records = new RunRecords();
  readonly #run: Simulation;
  readonly #wish: RecordWish;
  /** When each CPU's own alarm rang last: what it spins for it wants since then. */
  readonly #stepNs: Float64Array;
  /** When the map that a CPU is in the middle of began its first search; NaN: it has none. */
  readonly #beganNs: Float64Array;
  /** Who sleeps in the throttle, by request. */
  readonly #sleepers = new Map<number, { serial: number; sinceNs: number; device: number }>();
  /** Requests whose patience may have ended in the event under way. */
  readonly #impatient: number[] = [];
  #held: Held | null = null;
  #attempts = 0;
  #counters = '';

  constructor(run: Simulation, wish: RecordWish) {
    this.#run = run;
    this.#wish = wish;
    this.#stepNs = new Float64Array(run.world.cpus);
    this.#beganNs = new Float64Array(run.world.cpus).fill(NaN);
  }

  searching(cpu: number, cursor: MapCursor): void {
    const { timeNs } = this.#run;
    if (Number.isNaN(this.#beganNs[cpu])) this.#beganNs[cpu] = timeNs;
    const { pool, area, device } = cursor;
    if (pool === null) return;
    this.#held = {
      kind: 'search',
      cpu,
      device: this.#indexOf(device),
      pool,
      area,
      serial: -1,
      copiedNs: -1,
      copyNs: 0,
    };
  }

  mapped(cpu: number, { size }: MapCursor, { row, askedNs, copiedNs }: MapEnd): void {
    const { ledger, swiotlb, world } = this.#run;
    const { rows } = ledger;
    const { pool, slot, nslots } = swiotlb.outcome;
    const direction = rows.direction(row);
    this.#beganNs[cpu] = NaN;
    if (this.#held !== null) {
      this.#held.copiedNs = copiedNs;
      this.#held.copyNs = direction === ALLOCATED ? 0 : copyLengthNs(world.costs, size);
    }
    this.#note('map', {
      cpu,
      device: rows.device(row),
      pool: pool?.id ?? -1,
      slot,
      slots: nslots,
      bytes: size,
      durationNs: copiedNs - askedNs,
      serial: rows.serial(row),
      direction,
    });
  }

  failed(cpu: number, { device, size, hasData }: MapCursor): void {
    const { timeNs, swiotlb } = this.#run;
    const beganNs = this.#beganNs[cpu] as number;
    this.#beganNs[cpu] = NaN;
    this.#note('fail', {
      cpu,
      device: this.#indexOf(device),
      bytes: size,
      durationNs: Number.isNaN(beganNs) ? 0 : timeNs - beganNs,
      code: FAIL_CAUSES.indexOf(swiotlb.outcome.cause),
      ...(hasData ? {} : { direction: ALLOCATED }),
    });
  }

  unmapping(row: number, copied: number): void {
    const { ledger, swiotlb, timeNs, world } = this.#run;
    const { rows } = ledger;
    const { pool, area, slot, nslots } = swiotlb.releasing;
    const { alarms, costs } = world;
    const cpu = alarms.subject;
    const device = rows.device(row);
    const serial = rows.serial(row);
    if (pool === null) return;
    this.#held = { kind: 'release', cpu, device, pool, area, serial, copiedNs: -1, copyNs: 0 };
    const wantedNs = alarms.kind === EVENT.wake ? (this.#stepNs[cpu] as number) : timeNs;
    const copyNs = copied > 0 ? copyLengthNs(costs, copied) : 0;
    this.#last('copy-back', wantedNs - copyNs, copyNs, { cpu, device, bytes: copied, serial });
    this.#note('unmap', {
      cpu,
      device,
      pool: pool.id,
      slot,
      slots: nslots,
      bytes: rows.size(row),
      durationNs: timeNs - rows.timeNs(row),
      serial,
      direction: rows.direction(row),
      used: usedOf(swiotlb) - nslots,
    });
  }

  gate(request: number, { cpu, device, letIn, again }: GateReading): void {
    const { timeNs, world } = this.#run;
    const serial = world.requests.serial[request] as number;
    if (again && letIn) this.#wakes(request, cpu, 'let in');
    else if (again) this.#impatient.push(request);
    else if (!letIn) {
      this.#sleepers.set(request, { serial, sinceNs: timeNs, device });
      const bytes = world.requests.bytes[request] as number;
      this.#note('wait-begin', { cpu, device, serial, bytes });
    }
  }

  /** To be called after each event. */
  look(): void {
    const { alarms, requests } = this.#run.world;
    const { kind, subject } = alarms;
    this.#letGo();
    if (kind === EVENT.served) this.#served(subject);
    else if (kind === EVENT.giveUp) this.#impatient.push(subject);
    for (const request of this.#impatient) {
      if (requests.gate[request] === GATE.growing) this.#wakes(request, -1, 'gave up');
    }
    this.#impatient.length = 0;
    this.#noteGrowth();
    this.#noteCounters();
    if (kind === EVENT.cpu || kind === EVENT.wake) this.#stepNs[subject] = this.#run.timeNs;
  }

  /** At the end of the stretch: what goes on is noted as going on. */
  finish(): void {
    const { requests } = this.#run.world;
    if (!this.#wish.isTrace) return;
    for (let request = 0; request < requests.stage.length; request++) {
      if (requests.stage[request] === STAGE.device) this.#withDevice(request, -1);
    }
    for (const { serial, sinceNs, device } of this.#sleepers.values()) {
      const timeNs = Math.max(sinceNs, this.#wish.fromNs);
      this.#add('sleep', { timeNs, device, serial, durationNs: -1, code: 2 });
    }
  }

  /** The lock that was taken in this event, and the spinning before it. */
  #letGo(): void {
    const held = this.#held;
    this.#held = null;
    if (held === null || !this.#wish.isTrace) return;
    const { locks, timeNs, world } = this.#run;
    const { cpu, device, pool, area, serial, copiedNs, copyNs } = held;
    const who = { cpu, device, serial };
    if (world.alarms.kind === EVENT.wake) {
      const sinceNs = this.#stepNs[cpu] as number;
      this.#last('spin', sinceNs, timeNs - sinceNs, { ...who, pool: pool.id });
    }
    const freeNs = locks.of(pool).freeAtNs[area] as number;
    this.#last(held.kind, timeNs, freeNs - timeNs, { ...who, pool: pool.id });
    if (copiedNs < 0) return;
    this.#last('make-pool', freeNs, copiedNs - copyNs - freeNs, who);
    this.#last('copy-in', copiedNs - copyNs, copyNs, who);
  }

  #wakes(request: number, cpu: number, how: (typeof WAIT_ENDS)[number]): void {
    const sleeper = this.#sleepers.get(request);
    if (sleeper === undefined) return;
    const { serial, sinceNs, device } = sleeper;
    const durationNs = this.#run.timeNs - sinceNs;
    const code = WAIT_ENDS.indexOf(how);
    this.#sleepers.delete(request);
    this.#note('wait-end', { cpu, device, serial, durationNs, code });
    this.#last('sleep', sinceNs, durationNs, { device, serial, code });
  }

  #served(request: number): void {
    if (this.#isNoted && this.#wish.isTrace) this.#withDevice(request, this.#run.timeNs);
  }

  /** A request that its device has had until `untilNs`; -1: it has it still. */
  #withDevice(request: number, untilNs: number): void {
    const { requests } = this.#run.world;
    const bornNs = requests.bornNs[request] as number;
    // A driver's own memory goes without a last map: the device has it from when it was asked for.
    const hadNs = Math.max(requests.mappedNs[request] as number, bornNs);
    const timeNs = Math.max(hadNs, this.#wish.fromNs);
    const serial = requests.serial[request] as number;
    const device = requests.device[request] as number;
    const bytes = requests.bytes[request] as number;
    const durationNs = untilNs < 0 ? -1 : untilNs - timeNs;
    this.#add('request', { timeNs, device, serial, bytes, durationNs });
  }

  #noteGrowth(): void {
    const { growth } = this.#run;
    if (growth.count === this.#attempts) return;
    for (const { by, slots, costNs, serial } of growth.since(this.#attempts)) {
      const kind = by === 'transient' ? 'transient' : 'grow';
      this.#note(kind, { slots, durationNs: costNs, serial, code: GROWERS.indexOf(by) });
    }
    this.#attempts = growth.count;
  }

  #noteCounters(): void {
    if (!this.#wish.isTrace || !this.#isNoted) return;
    const { used, capacity, transientSlots, hiwater, throttleWaiting } = this.#run.ledger;
    const now = `${used} ${capacity} ${transientSlots} ${hiwater} ${throttleWaiting}`;
    if (now === this.#counters) return;
    this.#counters = now;
    this.#add('counters', {
      timeNs: this.#run.timeNs,
      pool: used,
      slot: capacity,
      slots: transientSlots,
      bytes: hiwater,
      serial: throttleWaiting,
    });
  }

  get #isNoted(): boolean {
    const { timeNs } = this.#run;
    return timeNs >= this.#wish.fromNs && timeNs <= this.#wish.toNs;
  }

  /** Something that lasts, of a trace; what began before the stretch is cut to it. */
  #last(kind: RecordKind, beganNs: number, lengthNs: number, fields: RecordFields): void {
    if (!this.#wish.isTrace || !this.#isNoted || lengthNs <= 0) return;
    const timeNs = Math.max(beganNs, this.#wish.fromNs);
    this.#add(kind, { ...fields, timeNs, durationNs: lengthNs - (timeNs - beganNs) });
  }

  #note(kind: RecordKind, fields: RecordFields): void {
    if (!this.#isNoted) return;
    const { timeNs, swiotlb } = this.#run;
    this.#add(kind, { timeNs, used: usedOf(swiotlb), ...fields });
  }

  #add(kind: RecordKind, fields: RecordFields): void {
    this.records.add(kind, { ...fields, event: this.#run.event });
  }

  /** Index of a device of the model in the run. */
  #indexOf(device: unknown): number {
    return this.#run.world.dma.findIndex((one) => one === device);
  }
}

/** Slots in use, of all allocators, as the model counts them at this instant. */
function usedOf({ mems }: Simulation['swiotlb']): number {
  return mems.reduce((sum, { used }) => sum + used, 0);
}
