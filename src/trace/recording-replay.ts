/**
 * Replays a checked recording on the model, event by event, and compares every decision.
 *
 * A map that searches several areas has other events' locks between its own, so every lock is a
 * step of its own and the steps run in their one recorded order; an event is done with its last.
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
    this.#context = {
      recording,
      swiotlb,
      pages,
      adoption: this.gaps.length > 0 ? new Adoption(recording, swiotlb) : null,
      alias: new Map(),
      answered: new Map(),
    };
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

  /** Whether every event was replayed. */
  get ended(): boolean {
    return this.#position >= this.recording.stepCount;
  }

  /**
   * Replays the next event.
   *
   * @returns what happened (one object, filled again each time), or null at the end.
   */
  step(): ReplayStep | null {
    const { order, steps, stepCount } = this.recording;
    const { adoption } = this.#context;
    while (this.#position < stepCount) {
      if (adoption !== null) this.adopted += adoption.takeUnknown(this.#position);
      const step = at(order, this.#position++);
      const row = at(steps.row, step);
      const parting = this.#replay(row, step);
      if (parting === undefined) continue;
      this.#describe(row, parting);
      return this.#last;
    }
    return null;
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
    const kind = at(this.recording.events.kind, row);
    const last = this.#last;
    if (kind === EVENT.map) return this.#maps.step(row, step, last);
    last.adopted = 0;
    last.orig = -1;
    last.padSlots = 0;
    last.probes = 0;
    last.areas = 0;
    last.cause = 'none';
    if (kind === EVENT.unmap) return replayUnmap(this.#context, row, step, last);
    if (kind !== EVENT.sync) return replayPoolEvent(this.#context, this.#maps, row, last);
    last.kind = 'sync';
    last.pool = null;
    last.tlb = at(this.recording.events.addr, row);
    last.size = at(this.recording.events.size, row);
    return null;
  }

  #describe(row: number, parting: Parting | null): void {
    const { events } = this.recording;
    const last = this.#last;
    const line = at(events.line, row);
    this.events++;
    this.adopted += last.adopted;
    last.event = this.events;
    last.line = line;
    last.time = at(events.time, row);
    last.device = at(events.device, row);
    last.cpu = at(events.cpu, row);
    last.direction = at(events.direction, row);
    last.difference = parting && { ...parting, line, event: this.events };
    if (parting !== null) this.differ++;
    if (last.kind === 'map') {
      this.lastMapFailed = last.tlb < 0;
      this.#lastMap = row;
    }
  }
}
