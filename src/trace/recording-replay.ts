/**
 * Replays a checked recording on the model, event by event, and compares every decision.
 *
 * A map that searches several areas has other events' locks between its own, so every lock is a
 * step of its own and the steps run in their one recorded order; an event is done with its last.
 * The moments of a throttle stand in the same order, before, between and behind an event's locks.
 *
 * Where the model decides otherwise it keeps its own decision and goes on: the first difference is
 * what matters. Only in a recording that cannot be complete (`gaps`) does it take over the kernel's
 * slot, since buffers that nobody knows of are in the way of predicting it.
 */
import { at } from '../model/array.ts';
import type { Pool, SearchKind } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import { Adoption } from './adoption.ts';
import { recordedLock } from './lock-check.ts';
import { MapReplay } from './map-replay.ts';
import { replayPoolEvent } from './pool-replay.ts';
import { recordingMachine } from './recording-machine.ts';
import { EVENT, type Recording } from './recording.ts';
import type { Parting, ReplayContext } from './replay-context.ts';
import { emptyStep, type ReplayStep } from './replay-step.ts';
import type { ThrottleHooks } from './gate-replay.ts';
import { MomentOrder } from './moment-order.ts';
import { ThrottleReplay } from './throttle-replay.ts';
import { replayUnmap } from './unmap-replay.ts';

export class RecordingReplay {
  readonly recording: Recording;
  /** Why the recording cannot be complete; a sentence each, empty if it may be. */
  readonly gaps: readonly string[];
  /** Events replayed. */
  events = 0;
  /** Events with any difference. */
  differ = 0;
  /** Slots taken over from the kernel. */
  adopted = 0;
  /** Whether the last map failed; its driver goes on trying when nobody records any more. */
  lastMapFailed = false;
  readonly #context: ReplayContext;
  readonly #maps: MapReplay;
  readonly #moments: MomentOrder | null;
  readonly #last = emptyStep();
  #position = 0;
  #lastMap = -1;

  /** Builds the machine as the recording began. */
  constructor(recording: Recording, search: SearchKind = 'fast') {
    const { swiotlb, pages } = recordingMachine(recording, search);
    const { unknown } = recording;
    const missing = `${unknown.length} buffers are unmapped whose map the recording does not show.`;
    this.recording = recording;
    this.gaps = unknown.length === 0 ? recording.gaps : [...recording.gaps, missing];
    const { throttle } = recording;
    const follows = this.gaps.length > 0;
    this.#context = {
      recording,
      swiotlb,
      pages,
      adoption: follows ? new Adoption(recording, swiotlb) : null,
      alias: new Map(),
      answered: new Map(),
      throttle: throttle && new ThrottleReplay(recording, throttle, swiotlb, follows),
    };
    this.#moments = throttle && new MomentOrder(recording, throttle);
    this.#maps = new MapReplay(this.#context);
  }

  /** The model's machine. Every run carries the row of the event that took it, plus 1, as its tag. */
  get swiotlb(): Swiotlb {
    return this.#context.swiotlb;
  }

  /** Maps compared so far, of `recording.decisions`. */
  get decisions(): number {
    return this.#maps.decisions;
  }

  /** Tells `hooks` from now on what becomes of throttled requests. */
  listen(hooks: ThrottleHooks): void {
    this.#context.throttle?.listen(hooks);
  }

  /** Decisions of the throttle compared so far, and those that read another use than replayed. */
  get throttleDecisions(): number {
    return this.#context.throttle?.gate.decisions ?? 0;
  }

  get racyReads(): number {
    return this.#context.throttle?.racyReads ?? 0;
  }

  /** Whether every event and every moment was replayed. */
  get ended(): boolean {
    const lastMoment = this.#moments?.nextSeq ?? Infinity;
    return this.#position >= this.recording.stepCount && lastMoment === Infinity;
  }

  /** When `step` stops next unless it meets a difference before, in recorded seconds; or Infinity. */
  nextTime(): number {
    const { completion, events, steps } = this.recording;
    const row = this.events < completion.length ? at(completion, this.events) : -1;
    const seq = row < 0 ? Infinity : at(steps.seq, at(events.stepStart, row + 1) - 1);
    const moments = this.#moments;
    if (moments !== null && moments.stopSeq <= seq && moments.stopSeq < Infinity) {
      return moments.stopTime;
    }
    return row < 0 ? Infinity : at(events.time, row);
  }

  /**
   * Replays up to the end of the next event, or to the next moment at which the queue or the
   * semaphore of the throttle is another than before.
   *
   * @returns what happened (one object, filled again each time), or null at the end.
   */
  step(): ReplayStep | null {
    const { order, steps, stepCount } = this.recording;
    const { adoption } = this.#context;
    for (;;) {
      const nextLock = this.#position < stepCount ? at(order, this.#position) : -1;
      const lockSeq = nextLock < 0 ? Infinity : at(steps.seq, nextLock);
      const moments = this.#moments;
      if (moments !== null && moments.nextSeq <= lockSeq && moments.nextSeq < Infinity) {
        if (this.#replayMoment(moments)) return this.#last;
        continue;
      }
      if (nextLock < 0) return null;
      if (adoption !== null) this.adopted += adoption.takeUnknown(this.#position);
      const step = at(order, this.#position++);
      const row = at(steps.row, step);
      const parting = this.#replay(row, step);
      if (parting === undefined) continue;
      this.#describe(row, parting);
      return this.#last;
    }
  }

  /** @returns whether to stop behind it. */
  #replayMoment(moments: MomentOrder): boolean {
    const { throttle } = this.#context;
    if (throttle === null) throw new RangeError('moments without a throttle');
    const moment = moments.take();
    const parting = throttle.moment(moment);
    if (parting === null && !moments.stopsAt(moment)) return false;
    const { moments: columns } = throttle.record;
    const row = at(columns.row, moment);
    const last = this.#last;
    this.#clear();
    last.kind = 'moment';
    last.pool = null;
    last.tlb = -1;
    last.size = at(this.recording.events.size, row);
    this.#place(row, at(columns.time, moment));
    this.#part(row, parting, throttle.numberOf(row));
    return true;
  }

  /** Whether a recorded lock of the last map was that of area `area` of `pool`. */
  lastMapSearched(pool: Pool, area: number): boolean {
    const { events } = this.recording;
    const row = this.#lastMap;
    if (row < 0) return false;
    for (let step = at(events.stepStart, row); step < at(events.stepStart, row + 1); step++) {
      const lock = recordedLock(this.#context, step);
      if (lock.pool === pool && lock.area === area) return true;
    }
    return false;
  }

  /** @returns undefined while the event goes on, its first difference or null when it is done. */
  #replay(row: number, step: number): Parting | null | undefined {
    const { kind, addr, size } = this.recording.events;
    const last = this.#last;
    const what = at(kind, row);
    if (what === EVENT.map) return this.#maps.step(row, step, last);
    this.#clear();
    if (what === EVENT.unmap) return replayUnmap(this.#context, row, step, last);
    if (what === EVENT.threshold || what === EVENT.listFailed) return this.#replayOther(row, what);
    if (what !== EVENT.sync) return replayPoolEvent(this.#context, this.#maps, row, last);
    last.kind = 'sync';
    last.pool = null;
    last.tlb = at(addr, row);
    last.size = at(size, row);
    return null;
  }

  #replayOther(row: number, what: number): Parting | null {
    const { throttle } = this.#context;
    const last = this.#last;
    const isThreshold = what === EVENT.threshold;
    last.kind = isThreshold ? 'threshold' : 'list-failed';
    last.pool = null;
    last.tlb = -1;
    last.size = 0;
    if (!isThreshold) return throttle?.lists.gaveUp(this.recording.events, row) ?? null;
    throttle?.setThreshold(row);
    return null;
  }

  /** Forgets what only a map has. */
  #clear(): void {
    const last = this.#last;
    last.adopted = 0;
    last.orig = -1;
    last.padSlots = 0;
    last.probes = 0;
    last.areas = 0;
    last.cause = 'none';
    last.throttled = false;
  }

  #describe(row: number, parting: Parting | null): void {
    const last = this.#last;
    const { throttle } = this.#context;
    this.events++;
    this.adopted += last.adopted;
    this.#place(row, at(this.recording.events.time, row));
    this.#part(
      row,
      throttle === null ? parting : throttle.done(row, parting, this.events),
      this.events,
    );
    if (last.kind === 'map') {
      this.lastMapFailed = last.tlb < 0;
      this.#lastMap = row;
    }
  }

  #place(row: number, time: number): void {
    const { events } = this.recording;
    const last = this.#last;
    last.event = this.events;
    last.line = at(events.line, row);
    last.time = time;
    last.device = at(events.device, row);
    last.cpu = at(events.cpu, row);
    last.direction = at(events.direction, row);
  }

  #part(row: number, parting: Parting | null, event: number): void {
    const line = at(this.recording.events.line, row);
    this.#last.difference = parting && { ...parting, line, event };
    if (parting !== null) this.differ++;
  }
}
