import { at } from '../model/array.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { Pool } from '../model/pool.ts';
import { Flight } from './flight.ts';
import type { Adoption } from './adoption.ts';
import {
  followLock,
  lockParting,
  lockText,
  modelLock,
  recordedLock,
  type LockSight,
} from './lock-check.ts';
import { MAP_FAILED, MAP_UNFINISHED, UNKNOWN, type Recording } from './recording.ts';
import { parting, type Parting, type ReplayContext } from './replay-context.ts';
import { hex, type ReplayStep, type SlotSpan } from './replay-step.ts';

/** A map that never came to search. */
const NOT_BEGUN = new Flight();

/** Replays maps, lock by lock, and compares every lock and the result. */
export class MapReplay {
  /** Maps compared. */
  decisions = 0;
  readonly #context: ReplayContext;
  /** Maps between two of their locks, by row. */
  readonly #flights = new Map<number, Flight>();
  readonly #spare: Flight[] = [];

  constructor(context: ReplayContext) {
    this.#context = context;
  }

  /**
   * Replays step `step` of map `row`; with its last step, fills `out`.
   *
   * @returns the first difference of the map, null without one, undefined while it goes on.
   */
  step(row: number, step: number, out: ReplayStep): Parting | null | undefined {
    const { events, steps } = this.#context.recording;
    const isFirst = step === at(events.stepStart, row);
    const isLast = step === at(events.stepStart, row + 1) - 1;
    const hasLock = at(steps.place, step) !== UNKNOWN;
    out.adopted = 0;
    if (!hasLock && at(events.result, row) === MAP_UNFINISHED) {
      // Still blocked when the recording ended: it may have searched nothing.
      this.#describe(NOT_BEGUN, row, out);
      return null;
    }
    const flight = isFirst ? this.#open(row) : this.#flights.get(row);
    if (flight === undefined) throw new RangeError(`map in row ${row} goes on before it begins`);
    if (hasLock) {
      this.#checkLock(flight, step);
      this.#searchOnce(flight, step);
    }
    if (!isLast) {
      this.#flights.set(row, flight);
      return undefined;
    }
    this.#conclude(flight, row, out);
    this.#describe(flight, row, out);
    this.#flights.delete(row);
    this.#spare.push(flight);
    return flight.parting;
  }

  /**
   * The growth worker ran: whether a map that is about to queue it explains that. In the kernel a
   * map queues the worker before it tries a pool of its own; in the model both happen at once.
   */
  explainsWorker(): boolean {
    for (const flight of this.#flights.values()) {
      if (flight.done || flight.more || flight.workerRan) continue;
      flight.workerRan = true;
      return true;
    }
    return false;
  }

  #open(row: number): Flight {
    const { recording, swiotlb } = this.#context;
    const { events } = recording;
    const flight = this.#spare.pop() ?? new Flight();
    const device = swiotlb.devices[at(events.device, row)];
    if (device === undefined) throw new RangeError(`row ${row} names a device that is not there`);
    flight.reset();
    flight.cursor.ask(
      device,
      at(events.cpu, row),
      at(events.addr, row),
      at(events.size, row),
      at(events.align, row),
    );
    flight.cursor.throttled = this.#context.throttle?.search(row) ?? false;
    flight.more = swiotlb.begin(flight.cursor);
    return flight;
  }

  /** The area, hint and use under a recorded lock against the model's. */
  #checkLock(flight: Flight, step: number): void {
    const { adoption } = this.#context;
    const seen = recordedLock(this.#context, step);
    const isExhausted = !flight.done && !flight.more;
    // All areas searched, and a lock of no known pool: one made for this map.
    if (seen.pool === null && isExhausted) return;
    if (adoption !== null) {
      followInto(adoption, flight, seen);
      return;
    }
    const { pool, area } = flight.cursor;
    if (flight.done || pool === null) {
      const got = flight.done ? `room found in slot ${flight.slot}` : 'every area searched';
      flight.part(parting(lockText(seen), got));
      return;
    }
    const difference = lockParting(seen, modelLock(pool, area));
    if (difference !== null) flight.part(difference);
  }

  /** What the model does under one lock. */
  #searchOnce(flight: Flight, step: number): void {
    const { swiotlb, recording } = this.#context;
    if (flight.done) return;
    // Every area was searched before: this is the lock of a pool made for this map.
    if (!flight.more) this.#finish(flight, at(recording.steps.poolBase, step));
    else if (flight.search(swiotlb)) this.#finish(flight, -1);
  }

  #finish(flight: Flight, transientBase: number): void {
    const { answered, pages, swiotlb } = this.#context;
    const nslabs = answered.get(transientBase);
    pages.grant(nslabs === undefined ? null : { base: transientBase, nslabs });
    flight.finish(swiotlb);
    pages.grant(null);
  }

  /** Ends the map: whatever areas are left, then the result. */
  #conclude(flight: Flight, row: number, out: ReplayStep): void {
    const { recording } = this.#context;
    const isUnfinished = at(recording.events.result, row) === MAP_UNFINISHED;
    if (!isUnfinished) this.#searchOn(flight, row);
    if (!flight.done && !flight.more) this.#finish(flight, this.#transientBase(row));
    if (!isUnfinished) {
      this.decisions++;
      this.#compareResult(flight, row, out);
    }
    if (flight.pool !== null) flight.pool.table.setTag(flight.slot, row + 1);
    const difference = this.#context.throttle?.mapped(row, flight) ?? null;
    if (difference !== null) flight.part(difference);
  }

  /** Whatever areas the recorded locks left. */
  #searchOn(flight: Flight, row: number): void {
    while (!flight.done && flight.more) {
      this.#checkUnlocked(flight, row);
      if (flight.search(this.#context.swiotlb)) this.#finish(flight, -1);
    }
  }

  /**
   * An area that the model goes on to though the kernel locked no further one. A map without any
   * lock is a known gap where locks were recorded, and the recording fails by that.
   */
  #checkUnlocked(flight: Flight, row: number): void {
    const { recording, adoption } = this.#context;
    if (recording.header.order !== 'lock') return;
    const isKnownGap = adoption !== null && !hasLocks(recording, row);
    if (!isKnownGap) flight.part(parting('no further area', `area ${flight.cursor.area}`));
  }

  /** Base of the pool made for a map whose locks are not recorded, or -1. */
  #transientBase(row: number): number {
    const { recording, answered, swiotlb } = this.#context;
    const result = at(recording.events.result, row);
    if (result < 0 || swiotlb.mem.poolAt(result) !== null) return -1;
    for (const [base, nslabs] of answered) {
      if (result >= base && result < base + nslabs * SLOT_BYTES) return base;
    }
    return -1;
  }

  #compareResult(flight: Flight, row: number, out: ReplayStep): void {
    const { recording, alias, adoption } = this.#context;
    const { events } = recording;
    const result = at(events.result, row);
    if (result === flight.tlb || (result === MAP_FAILED && flight.tlb < 0)) {
      alias.delete(result);
      this.#compareSlot(flight, at(events.slot, row));
      return;
    }
    const difference = this.#resultParting(flight, row);
    if (adoption !== null && result >= 0 && adoption.adopt(flight, row)) {
      out.adopted = flight.nslots;
      alias.delete(result);
      return;
    }
    if (adoption !== null) adoption.undo(flight);
    flight.part(difference);
    if (result >= 0 && flight.tlb >= 0) alias.set(result, flight.tlb);
  }

  /** The recorded slot, which repeats what the address says. */
  #compareSlot(flight: Flight, slot: number): void {
    const { pool } = flight;
    const got = flight.slot + flight.padSlots;
    if (pool === null || slot === UNKNOWN || slot === got) return;
    flight.part({
      expected: `slot ${slot}`,
      got: `slot ${got}`,
      kernelAt: { pool: pool.id, slot: Math.max(slot - flight.padSlots, 0), nslots: flight.nslots },
      modelAt: { pool: pool.id, slot: flight.slot, nslots: flight.nslots },
    });
  }

  #resultParting(flight: Flight, row: number): Parting {
    const { recording, swiotlb } = this.#context;
    const result = at(recording.events.result, row);
    const kernelPool = result < 0 ? null : swiotlb.mem.poolAt(result);
    const pad = Math.floor(flight.cursor.offset / SLOT_BYTES);
    const nslots = flight.cursor.terms.slots;
    const { pool } = flight;
    const kernelSlot = kernelPool && Math.floor((result - kernelPool.base) / SLOT_BYTES);
    const modelAt = pool && { pool: pool.id, slot: flight.slot, nslots: flight.nslots };
    return {
      expected: placeText(result, kernelSlot),
      got: pool ? placeText(flight.tlb, flight.slot + pad) : `failure (${flight.cause})`,
      kernelAt: kernelSlot === null ? null : spanOf(kernelPool, kernelSlot - pad, nslots),
      modelAt,
    };
  }

  #describe(flight: Flight, row: number, out: ReplayStep): void {
    const { events } = this.#context.recording;
    out.kind = at(events.result, row) === MAP_UNFINISHED ? 'unfinished' : 'map';
    out.orig = at(events.addr, row);
    out.size = at(events.size, row);
    out.tlb = flight.tlb;
    out.pool = flight.pool;
    out.slot = flight.slot;
    out.nslots = flight.nslots;
    out.padSlots = flight.padSlots;
    out.probes = flight.probes;
    out.areas = flight.areas;
    out.cause = flight.cause;
    out.throttled = flight.throttled;
  }
}

function hasLocks({ events, steps }: Recording, row: number): boolean {
  return at(steps.place, at(events.stepStart, row)) !== UNKNOWN;
}

/** In a recording with gaps the model goes where the kernel went. */
function followInto(adoption: Adoption, flight: Flight, seen: LockSight): void {
  const unexpected = followLock(adoption, seen);
  if (unexpected !== null) flight.part(unexpected);
  const { pool, area } = seen;
  if (!flight.done && pool !== null && area < pool.nareas) flight.goTo(pool, area);
}

function spanOf(pool: Pool | null, slot: number, nslots: number): SlotSpan | null {
  return pool && { pool: pool.id, slot: Math.max(slot, 0), nslots };
}

function placeText(tlb: number, slot: number | null): string {
  if (tlb < 0) return 'failure';
  return slot === null ? `address ${hex(tlb)}` : `slot ${slot} (${hex(tlb)})`;
}
