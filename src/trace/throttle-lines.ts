import { THROTTLE_WHYS } from '../engine/frame.ts';
import type { Fields } from './fields.ts';
import { CPU_LIMIT, PID_LIMIT, SLOT_LIMIT } from './header-check.ts';
import { SEQ_LIMIT } from './recording-builder.ts';
import { StepFields } from './step-fields.ts';
import { DecisionRow, ThrottleBuilder } from './throttle-builder.ts';
import { FLAG, MOMENT, THRESHOLD_LIMIT } from './throttle-columns.ts';

/** `DMA_ATTR_MAY_BLOCK`. */
const MAY_BLOCK = 0x400;
const ATTRS_LIMIT = 2 ** 31 - 1;
const SEM_LIMIT = 2 ** 31 - 1;
/** Entries of one list, and lists: as many as a column can tell. */
const LIST_LIMIT = 2 ** 32 - 2;
const SECONDS_LIMIT = 1e12;

/** Where the steps of an event lie in the total order. */
export interface EventSpan {
  /** Row of the event. */
  readonly row: number;
  /** Places of its first and last area lock. */
  readonly first: number;
  readonly last: number;
  /** Whether those are locks; else the event only stands there, and what followed has no place. */
  readonly isLocked: boolean;
}

/** Reads what the lines of a kernel with throttling say of it, field by field. */
export class ThrottleLines {
  readonly builder = new ThrottleBuilder();
  /** Maps that may block, that were throttled for either reason, and that slept. */
  mayBlock = 0;
  high = 0;
  low = 0;
  waited = 0;
  /** Maps and unmaps behind which the use is not recorded. */
  withoutTotal = 0;
  readonly #step = new StepFields();
  readonly #decision = new DecisionRow();

  /** The place of a map that took no lock: behind its last step at the gate. */
  placeWithoutLock(fields: Fields, place: number): number {
    if (!fields.present('throttle')) return place;
    const throttle = fields.inner('throttle');
    const places = ['sdecide', 'squeued', 'sacquired'].map((name) =>
      throttle.wholeOr(name, 0, SEQ_LIMIT - 1, 0),
    );
    return Math.max(place, ...places);
  }

  /** Reads a map. @throws TraceFault for the first thing that is not what it must be. */
  map(fields: Fields, span: EventSpan, line: number): void {
    const attrs = fields.wholeOr('attrs', 0, ATTRS_LIMIT, 0);
    const mayBlock = (attrs & MAY_BLOCK) !== 0;
    let flags = mayBlock ? FLAG.mayBlock : 0;
    if (mayBlock) this.mayBlock++;
    if (fields.present('throttle')) {
      flags |= FLAG.decided;
      this.#readGate(fields, fields.inner('throttle'), span);
    }
    const gotSlots = fields.present('ret');
    this.#finish(fields, span, line, { flags, changesUse: gotSlots });
  }

  /** Reads an unmap. @throws TraceFault as `map` does. */
  unmap(fields: Fields, span: EventSpan, line: number): void {
    const isThrottled = fields.present('throttled') && fields.flag('throttled');
    const flags = isThrottled ? FLAG.throttled : 0;
    this.#finish(fields, span, line, { flags, changesUse: true });
  }

  /** What maps and unmaps have in common: their list, the use behind them, the semaphore. */
  #finish(
    fields: Fields,
    span: EventSpan,
    line: number,
    { flags, changesUse }: { readonly flags: number; readonly changesUse: boolean },
  ): void {
    const { row, isLocked } = span;
    const hasTotal = isLocked && fields.present('tot');
    const hasRelease = isLocked && fields.present('release');
    if (fields.present('sg')) this.#readList(fields, row, line);
    if (hasTotal) this.#readTotal(fields, span, line);
    if (hasRelease) this.#readRelease(fields, span);
    if (changesUse && !hasTotal) this.withoutTotal++;
    const told = flags | (hasTotal ? FLAG.total : 0) | (hasRelease ? FLAG.release : 0);
    this.builder.setFlags(row, told);
  }

  /** The way through the gate: the decision, and what followed from it, each behind the one before. */
  #readGate(line: Fields, throttle: Fields, { row, first }: EventSpan): void {
    const decide = throttle.whole('sdecide', 0, SEQ_LIMIT - 1);
    const decision = this.#readDecision(line, throttle);
    this.builder.addMoment(row, MOMENT.decide, decide, throttle.seconds('tdecide'), decision);
    let before = decide;
    if (throttle.present('squeued')) {
      before = placeBehind(throttle, 'squeued', before);
      this.builder.addMoment(row, MOMENT.queue, before, throttle.seconds('tqueued'), 0);
    }
    const saysWaited = throttle.present('waited');
    const waited = saysWaited && throttle.flag('waited');
    if (waited) this.waited++;
    if (throttle.present('sacquired')) {
      before = placeBehind(throttle, 'sacquired', before);
      const value = saysWaited ? Number(waited) : -1;
      this.builder.addMoment(row, MOMENT.acquire, before, throttle.seconds('tacquired'), value);
    }
    if (first < before) throw line.fault('locks', `a search behind its way through the throttle`);
  }

  /** @returns the row of the decision. */
  #readDecision(line: Fields, throttle: Fields): number {
    const decision = this.#decision;
    const why = THROTTLE_WHYS.findIndex((word) => word === throttle.text('why', 10));
    if (why === -1) throw throttle.fault('why', 'none, high or low');
    if (THROTTLE_WHYS[why] === 'high') this.high++;
    if (THROTTLE_WHYS[why] === 'low') this.low++;
    decision.why = why;
    decision.used = throttle.whole('used', 0, SLOT_LIMIT);
    decision.semCount = throttle.whole('semCount', 0, SEM_LIMIT);
    decision.high = throttle.whole('high', 0, THRESHOLD_LIMIT);
    decision.low = throttle.whole('low', 0, THRESHOLD_LIMIT);
    decision.cpu = line.wholeOr('cpu', 0, CPU_LIMIT, 0);
    return this.builder.addDecision(decision);
  }

  #readList(fields: Fields, row: number, line: number): void {
    const step = this.#step.aim('sg', fields.list('sg', 3), line);
    const entries = step.whole(2, LIST_LIMIT);
    const entry = step.whole(1, LIST_LIMIT);
    if (entry >= entries) throw step.fault(1, `less than the ${entries} of the list`);
    this.builder.setList(row, step.whole(0, LIST_LIMIT), entry, entries);
  }

  #readTotal(fields: Fields, { row, last }: EventSpan, line: number): void {
    const step = this.#step.aim('tot', fields.list('tot', 3), line);
    const seq = step.placeBehind(last, SEQ_LIMIT - 1);
    const time = step.number(1, SECONDS_LIMIT);
    this.builder.addMoment(row, MOMENT.total, seq, time, 0);
    this.builder.setTotal(row, step.whole(2, SLOT_LIMIT));
  }

  #readRelease(fields: Fields, { row, last }: EventSpan): void {
    const release = fields.inner('release');
    const seq = placeBehind(release, 'seq', last);
    const to = release.wholeOr('to', 0, PID_LIMIT, -1);
    this.builder.addMoment(row, MOMENT.release, seq, release.seconds('t'), to);
  }
}

function placeBehind(fields: Fields, name: string, before: number): number {
  const seq = fields.whole(name, 0, SEQ_LIMIT - 1);
  if (seq <= before) throw fields.fault(name, `more than ${before}, the place before`);
  return seq;
}
