/** What happened in a stretch of a run, noted by playing the run once more. */
import type { MakePages } from './guest-memory.ts';
import { Rerun, type RunStory } from './rerun.ts';
import { RunRecorder, type RecordWish } from './run-recorder.ts';
import type { RunRecords } from './run-records.ts';

/** Rows noted at most: what comes behind is left out, and said to be. */
export const MAX_RECORDS = 200_000;
/** Events between two looks at how many there are. */
const CHUNK_EVENTS = 256;

/** A stretch on its way. */
export class RecordedStretch {
  readonly #rerun: Rerun;
  readonly #recorder: RunRecorder;
  readonly #toNs: number;
  readonly #most: number;
  #isCut = false;
  #isOver = false;

  /** @param most rows noted at most. */
  constructor(story: RunStory, wish: RecordWish, makePages: MakePages, most: number = MAX_RECORDS) {
    this.#rerun = new Rerun(story, makePages);
    this.#recorder = new RunRecorder(this.#rerun.run, wish);
    this.#toNs = Math.min(wish.toNs, story.timeNs);
    this.#most = most;
    this.#rerun.run.watch(this.#recorder);
  }

  get records(): RunRecords {
    return this.#recorder.records;
  }

  /** There was more than may be noted: it ends at `untilNs`, before the stretch does. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The moment it has come to, virtual ns. */
  get untilNs(): number {
    return this.#rerun.run.timeNs;
  }

  /** How far it has come, 0 to 1. */
  get progress(): number {
    return this.#toNs > 0 ? Math.min(1, this.untilNs / this.#toNs) : 1;
  }

  /** Handles about `maxEvents` events. @returns whether it is over. */
  advance(maxEvents: number): boolean {
    const recorder = this.#recorder;
    for (let left = maxEvents; left > 0 && !this.#isOver; left -= CHUNK_EVENTS) {
      const isThere = this.#rerun.playTo(this.#toNs, Math.min(left, CHUNK_EVENTS), recorder);
      this.#isCut = !isThere && recorder.records.count >= this.#most;
      this.#isOver = isThere || this.#isCut;
      if (this.#isOver) recorder.finish();
    }
    return this.#isOver;
  }
}
