/**
 * A recording played in virtual time, for the same screen that shows a simulation: every replayed
 * event is entered in the ledger as a simulation enters its own.
 */
import { AreaLocks } from '../engine/area-locks.ts';
import type { History } from '../engine/history.ts';
import { areaNumText, bufferFullText, KernelLog, mappedText } from '../engine/kernel-log.ts';
import { Ledger } from '../engine/ledger.ts';
import { NO_ROW } from '../engine/mapping-rows.ts';
import type { Difference, Run, Verdict } from '../engine/run.ts';
import type { MachineSummary, ReplaySummary } from '../engine/summary.ts';
import { ThrottleBook } from '../engine/throttle-book.ts';
import { at } from '../model/array.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { MapOutcome } from '../model/map-cursor.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Pool } from '../model/pool.ts';
import { recordedAttempt } from './grown-pool.ts';
import { matchOwners } from './match-owners.ts';
import type { Recording } from './recording.ts';
import { RecordingReplay } from './recording-replay.ts';
import { machineOf, summaryOf } from './recording-summary.ts';
import type { ReplayStep } from './replay-step.ts';
import { RunThrottle } from './run-throttle.ts';

const NS_PER_SECOND = 1e9;
const TO_DEVICE = 1;
const LAST_DIRECTION = 2;
/** Buckets the history begins with: enough to draw a short recording finely. */
const FIRST_BUCKETS = 1000;
const MAP_SITE = 'swiotlb_tbl_map_single';

export class RecordingRun implements Run, Verdict {
  readonly swiotlb: Swiotlb;
  readonly ledger: Ledger;
  readonly locks: AreaLocks;
  readonly log = new KernelLog();
  readonly machine: MachineSummary;
  readonly summary: ReplaySummary;
  readonly books = null;
  readonly throttle = new ThrottleBook();
  readonly shadow = null;
  readonly endNs: number;
  /** The difference the run stands at. */
  difference: Difference | null = null;
  readonly #replay: RecordingReplay;
  /** Events in the order in which they are done. */
  readonly #order: Uint32Array;
  readonly #startSeconds: number;
  readonly #outcome: MapOutcome;
  #timeNs = 0;
  #ended = false;

  /** Builds the machine as the recording began and stands before its first event. */
  constructor(recording: Recording, name: string) {
    const replay = new RecordingReplay(recording);
    this.#replay = replay;
    this.#order = recording.completion;
    this.swiotlb = replay.swiotlb;
    this.#outcome = { ...replay.swiotlb.outcome };
    const first = replay.nextTime();
    this.#startSeconds = first === Infinity ? 0 : first;
    this.endNs = this.#lastNs(recording);
    const bucketNs = Math.max(1, Math.ceil(this.endNs / FIRST_BUCKETS));
    this.ledger = new Ledger(replay.swiotlb, recording.devices.length, bucketNs);
    this.locks = new AreaLocks(recording.header.cpus);
    this.machine = machineOf(recording, replay.swiotlb);
    this.summary = summaryOf(recording, replay, name);
    this.#keepBooks();
    this.#sayBoot();
  }

  /** Lets the books of the throttle be written as the replay goes. */
  #keepBooks(): void {
    const { ledger, throttle: book } = this;
    const { recording } = this.#replay;
    if (recording.throttle === null) return;
    const moveTo = (seconds: number) => (this.#timeNs = this.#nsOf(seconds));
    const { throttle } = this.swiotlb.mem;
    this.#replay.listen(new RunThrottle({ recording, throttle, book, ledger, moveTo }));
  }

  get timeNs(): number {
    return this.#timeNs;
  }

  get event(): number {
    return this.#replay.events;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get history(): History {
    return this.ledger.history;
  }

  get verdict(): Verdict {
    return this;
  }

  get decisions(): number {
    return this.#replay.decisions;
  }

  get differences(): number {
    return this.#replay.differ;
  }

  get adopted(): number {
    return this.#replay.adopted;
  }

  get racyReads(): number {
    return this.#replay.racyReads;
  }

  stepPast(): void {
    this.difference = null;
  }

  /** When `step` stops next, for an event or a moment of the throttle. */
  nextTimeNs(): number {
    const seconds = this.#replay.nextTime();
    return seconds === Infinity ? Infinity : this.#nsOf(seconds);
  }

  /**
   * Goes to the end of the next event, or to the next moment at which the queue or the semaphore of
   * the throttle changes: so a request is seen asleep between its decision and its search. `event`
   * counts events alone, and a blocked request's event is done when it goes to sleep.
   */
  step(): boolean {
    if (this.difference !== null || this.#ended) return false;
    const step = this.#replay.step();
    if (step === null) {
      this.#ended = true;
      return false;
    }
    this.#timeNs = this.#nsOf(step.time);
    this.#enter(step);
    if (this.ledger.paintedSlots !== this.swiotlb.mem.used) {
      matchOwners(this.swiotlb, this.ledger, this.#timeNs);
    }
    this.difference = step.difference;
    if (this.#replay.ended) this.#ended = true;
    return true;
  }

  runUntil(timeNs: number, maxEvents: number): number {
    let handled = 0;
    while (handled < maxEvents && this.nextTimeNs() <= timeNs && this.step()) handled++;
    const stands = this.difference !== null || handled === maxEvents;
    if (!stands) this.#timeNs = Math.max(this.#timeNs, Math.min(timeNs, this.endNs));
    return handled;
  }

  /** Recorded clocks of several CPUs may step back a little; virtual time does not. */
  #nsOf(seconds: number): number {
    const ns = Math.round((seconds - this.#startSeconds) * NS_PER_SECOND);
    return Math.max(this.#timeNs, ns);
  }

  #lastNs({ events, throttle }: Recording): number {
    let latest = 0;
    for (const row of this.#order) latest = Math.max(latest, this.#nsOf(at(events.time, row)));
    for (const seconds of throttle?.moments.time ?? []) {
      latest = Math.max(latest, this.#nsOf(seconds));
    }
    return latest;
  }

  #enter(step: ReplayStep): void {
    if (step.kind === 'map') this.#enterMap(step);
    else if (step.kind === 'unmap') this.#enterUnmap(step);
    else if (step.kind === 'pool-added' && step.pool !== null) {
      this.#enterPool(step.pool);
    }
  }

  #enterPool(pool: Pool): void {
    const { ledger, swiotlb } = this;
    ledger.record(pool, this.#timeNs);
    ledger.attempted(recordedAttempt(pool.nslabs, swiotlb.mem.initialNslabs), this.#timeNs);
    ledger.sampled();
  }

  #enterMap(step: ReplayStep): void {
    const { device, cpu, size, pool } = step;
    const outcome = this.#outcome;
    Object.assign(outcome, {
      tlb: step.tlb,
      pool,
      slot: step.slot,
      nslots: step.nslots,
      padSlots: step.padSlots,
      probes: step.probes,
      areas: step.areas,
      cause: step.cause,
      throttled: step.throttled,
      transient: pool?.kind === 'transient',
    });
    if (pool === null || step.tlb < 0) {
      this.ledger.fail(device, outcome, this.#timeNs);
      this.#sayFull(step);
      return;
    }
    if (pool.kind === 'transient') {
      this.ledger.attempted({ by: 'transient', slots: pool.nslabs, tries: [] }, this.#timeNs);
    }
    this.locks.note(pool, Math.floor(step.slot / pool.areaNslabs));
    const direction = step.direction > LAST_DIRECTION ? 0 : step.direction;
    this.ledger.map({ device, cpu, direction, size }, outcome, this.#timeNs);
  }

  #enterUnmap({ pool, slot, size, direction }: ReplayStep): void {
    if (pool === null) return;
    const { ledger } = this;
    if (pool.kind !== 'transient') this.locks.note(pool, Math.floor(slot / pool.areaNslabs));
    const row = ledger.rowAtFirst(pool, slot);
    if (row === NO_ROW) {
      ledger.clearUnknown(pool, slot);
      return;
    }
    const device = ledger.rows.device(row);
    const heldNs = this.#timeNs - ledger.rows.timeNs(row);
    ledger.unmap(row, pool, slot, direction === TO_DEVICE ? 0 : size, this.#timeNs);
    ledger.sampled();
    ledger.requestDone(device, size, heldNs, this.#timeNs);
    if (pool.kind === 'transient') this.locks.forget(pool);
  }

  /** The lines with which every boot began; recordings keep no more of the log than these. */
  #sayBoot(): void {
    const say = (text: string) => this.log.print({ timeNs: 0, event: 0, text, level: 'info' });
    for (const pool of this.swiotlb.pools) {
      if (pool.kind !== 'default') continue;
      say(areaNumText(pool.nareas));
      say(mappedText(pool.base, pool.end - pool.base));
    }
  }

  /** What the kernel said of a map that failed, unless the driver wanted silence. */
  #sayFull({ event, device, size, orig, cause }: ReplayStep): void {
    const { recording } = this.#replay;
    const { events, devices } = recording;
    const row = at(this.#order, event - 1);
    const asking = devices[device];
    if (asking === undefined || cause === 'out-of-reach' || at(events.quiet, row) === 1) return;
    if (!this.log.admits(MAP_SITE, this.#timeNs, event)) return;
    const align = at(events.align, row) + 1;
    const kept = Math.min(asking.minAlignMask, Math.max(align, SLOT_BYTES) - 1);
    const bytes = Math.ceil((size + (orig % (kept + 1))) / align) * align;
    const { nslabs, used } = this.swiotlb.mem;
    const text = bufferFullText(`${asking.driver} ${asking.name}`.trim(), bytes, nslabs, used);
    this.log.print({ timeNs: this.#timeNs, event, text, level: 'warn' });
  }
}
