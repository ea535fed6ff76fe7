/**
 * Replays what a recording says of the throttle, moment by moment, and compares every one. Moments
 * stand in the same total order as area locks; an event is done with its last area lock, so a moment
 * behind that (the use, the hand-over) may tell a difference of an event that is done already.
 */
import { at } from '../model/array.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Throttle } from '../model/throttle.ts';
import type { Flight } from './flight.ts';
import { GateReplay, type ThrottleHooks } from './gate-replay.ts';
import { ListReplay } from './list-replay.ts';
import { EVENT, THRESHOLD, type Recording } from './recording.ts';
import { parting, type Parting } from './replay-context.ts';
import { FLAG, MOMENT, NO_LIST, type ThrottleRecord } from './throttle-columns.ts';
import { UseReplay } from './use-replay.ts';

/** Nobody, in place of a pid. */
const NOBODY = -1;

export class ThrottleReplay {
  readonly record: ThrottleRecord;
  readonly lists: ListReplay;
  readonly gate: GateReplay;
  /** Decisions that read another use than the replayed one. */
  racyReads = 0;
  readonly #recording: Recording;
  readonly #throttle: Throttle;
  #hooks: ThrottleHooks | null = null;
  /** In a recording with gaps: what cannot be predicted is taken as recorded. */
  readonly #follows: boolean;
  /** Per event: its number, once it is done, and whether it differs. */
  readonly #numbers: Uint32Array;
  readonly #differs: Uint8Array;
  /** First differences of events that are not done. */
  readonly #early = new Map<number, Parting>();
  /** Events that have the semaphore to give back, and whose map got it. */
  readonly #owed = new Map<number, number>();
  readonly #use: UseReplay;

  constructor(recording: Recording, record: ThrottleRecord, swiotlb: Swiotlb, follows: boolean) {
    this.record = record;
    this.#recording = recording;
    this.#throttle = swiotlb.mem.throttle;
    this.#follows = follows;
    this.#numbers = new Uint32Array(recording.count);
    this.#differs = new Uint8Array(recording.count);
    this.#use = new UseReplay(record.rows, recording.header.startUsed, follows);
    this.lists = new ListReplay(record.rows);
    this.gate = new GateReplay(this.#throttle, record.decisions);
  }

  /** Tells `hooks` from now on what becomes of throttled requests. */
  listen(hooks: ThrottleHooks): void {
    this.#hooks = hooks;
    this.gate.hooks = hooks;
  }

  /**
   * Replays one moment.
   *
   * @returns the difference, when its event is done and had none; else null.
   */
  moment(moment: number): Parting | null {
    const { moments } = this.record;
    const row = at(moments.row, moment);
    this.#hooks?.at(at(moments.time, moment));
    const difference = this.#replay(row, at(moments.kind, moment), at(moments.value, moment));
    return difference === null ? null : this.#note(row, difference);
  }

  #replay(row: number, kind: number, value: number): Parting | null {
    switch (kind) {
      case MOMENT.decide:
        if (at(this.record.decisions.used, value) !== this.#use.slots) this.racyReads++;
        return this.gate.decide(row, value);
      case MOMENT.queue:
        return this.gate.queue(row);
      case MOMENT.acquire:
        return this.gate.acquire(row, value);
      case MOMENT.total:
        return this.#noteUse(row);
      default:
        return this.#release(row, value);
    }
  }

  /** Keeps a difference until its event is done. @returns it when that is past. */
  #note(row: number, difference: Parting): Parting | null {
    if (this.numberOf(row) === 0) {
      if (!this.#early.has(row)) this.#early.set(row, difference);
      return null;
    }
    if (at(this.#differs, row) === 1) return null;
    this.#differs[row] = 1;
    return difference;
  }

  /** The number of an event that is done, or 0. */
  numberOf(row: number): number {
    return at(this.#numbers, row);
  }

  /** Event `row` is done as the `number`th. @returns its first difference; `own` is the latest. */
  done(row: number, own: Parting | null, number: number): Parting | null {
    const difference = this.#early.get(row) ?? own ?? this.#compareAsking(row);
    this.#early.delete(row);
    this.#numbers[row] = number;
    this.#differs[row] = Number(difference !== null);
    return difference;
  }

  /** Whether a map asked as it should: when it may block, which of a list the first entry alone may. */
  #compareAsking(row: number): Parting | null {
    const { events } = this.#recording;
    if (at(events.kind, row) !== EVENT.map) return null;
    const { flags, list, entry } = this.record.rows;
    const asked = (at(flags, row) & FLAG.decided) !== 0;
    const mayBlock = (at(flags, row) & FLAG.mayBlock) !== 0;
    const isLater = at(list, row) !== NO_LIST && at(entry, row) > 0;
    if (isLater && mayBlock) return parting('a later entry that may block', 'entry 0 alone may');
    return asked === mayBlock ? null : parting(askedText(asked), askedText(mayBlock));
  }

  /** A map comes to its search. @returns whether its request is throttled. */
  search(row: number): boolean {
    return this.gate.search(row, (difference) => this.#note(row, difference));
  }

  /** A map is over. @returns a difference that only now shows. */
  mapped(row: number, flight: Flight): Parting | null {
    if (!flight.done) return null;
    const { pool, slot, nslots, cursor } = flight;
    this.#hooks?.at(at(this.#recording.events.time, row));
    const failed = flight.tlb < 0;
    if (!failed) this.#change(row, nslots);
    if (!failed && cursor.throttled) this.#hooks?.placed(row, pool?.id ?? -1, slot, nslots);
    const misplaced = this.lists.mapped(row, failed);
    return (failed && cursor.throttled ? this.#owe(row, row) : null) ?? misplaced;
  }

  /**
   * An unmap is over.
   *
   * @param mapRow the map it undoes, or the row of an unmap for a buffer that the recording does not
   * show being mapped.
   * @param throttled what the model's slots said.
   */
  unmapped(
    row: number,
    mapRow: number,
    { throttled, nslots }: { readonly throttled: boolean; readonly nslots: number },
  ): Parting | null {
    this.#hooks?.at(at(this.#recording.events.time, row));
    const said = (at(this.record.rows.flags, row) & FLAG.throttled) !== 0;
    this.#change(row, -nslots);
    const isThrottled = this.#follows ? said : throttled;
    const kept = isThrottled ? this.#owe(row, mapRow) : null;
    if (said !== isThrottled) return parting(markText(said), markText(isThrottled));
    if (kept !== null || mapRow < 0) return kept;
    if (at(this.#recording.events.kind, mapRow) !== EVENT.map) return null;
    return this.lists.unmapped(row, mapRow);
  }

  /** Somebody set a threshold. */
  setThreshold(row: number): void {
    const { events } = this.#recording;
    this.#hooks?.at(at(events.time, row));
    const slots = at(events.result, row);
    if (at(events.size, row) === THRESHOLD.high) this.#throttle.highThrottle = slots;
    else this.#throttle.lowThrottle = slots;
    this.#hooks?.used(this.#use.slots);
  }

  /** An event changes the use, by what the kernel notes soon where it is recorded. */
  #change(row: number, slots: number): void {
    if ((at(this.record.rows.flags, row) & FLAG.total) !== 0) this.#use.begin(row, slots);
    else this.#use.change(slots);
  }

  #noteUse(row: number): Parting | null {
    const difference = this.#use.note(row);
    this.#hooks?.used(this.#use.slots);
    return difference;
  }

  /** An event has the semaphore to give back: at its moment, or now where the kernel kept it. */
  #owe(row: number, mapRow: number): Parting | null {
    this.#owed.set(row, mapRow);
    if ((at(this.record.rows.flags, row) & FLAG.release) !== 0) return null;
    this.#giveBack(row);
    return parting('the semaphore not given back', 'the semaphore given back');
  }

  /** The semaphore is given back, to the task `to`. */
  #release(row: number, to: number): Parting | null {
    if (!this.#owed.has(row)) return parting(handedText(to), 'no semaphore to give back');
    const got = this.#giveBack(row);
    return got === to ? null : parting(handedText(to), handedText(got));
  }

  /** @returns the pid of whom it goes to. */
  #giveBack(row: number): number {
    const { kind, pid } = this.#recording.events;
    const throttle = this.#throttle;
    const mapRow = this.#owed.get(row) ?? row;
    this.#owed.delete(row);
    if (at(kind, row) === EVENT.map) throttle.failed(this.#use.slots);
    else throttle.freed(this.#use.slots, this.#use.slots, true);
    this.#hooks?.released(mapRow);
    const [next] = throttle.woken;
    return next === undefined ? NOBODY : at(pid, next);
  }
}

function askedText(asked: boolean): string {
  return asked ? 'a look at the thresholds' : 'no look at the thresholds';
}

function markText(throttled: boolean): string {
  return throttled ? 'a throttled mapping' : 'a mapping that was not throttled';
}

function handedText(pid: number): string {
  return pid === NOBODY ? 'the semaphore to nobody' : `the semaphore to task ${pid}`;
}
