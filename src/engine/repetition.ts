/**
 * A run brought to a moment again: its scenario is played from the beginning, with the changes that
 * were made to it where they were made. The same page comes to the same state, byte for byte.
 */
import type { JournalEntry, Simulation } from './simulation.ts';

/** A moment of a run: behind so many events, at that virtual time. */
export interface Moment {
  readonly event: number;
  readonly timeNs: number;
}

/** What was done to a run until a moment. */
export interface RunRecord extends Moment {
  /** In order, none behind the moment. */
  readonly journal: readonly JournalEntry[];
}

/** Brings a simulation that has just begun to the moment of a record, in slices. */
export class Repetition {
  readonly #run: Simulation;
  readonly #record: RunRecord;
  #applied = 0;

  constructor(run: Simulation, record: RunRecord) {
    this.#run = run;
    this.#record = record;
  }

  /**
   * Handles about `maxEvents` events.
   *
   * @returns whether the moment is reached.
   * @throws RangeError when the run does not come by a moment of the record, or refuses a change: the
   * record is of another scenario, or of a page whose model decides otherwise.
   */
  advance(maxEvents: number): boolean {
    const { journal } = this.#record;
    for (let left = maxEvents; left > 0;) {
      const due = journal[this.#applied];
      const moment = due ?? this.#record;
      const before = this.#run.event;
      this.#run.runToEvent(Math.min(moment.event, before + left), Infinity, null);
      left -= this.#run.event - before;
      if (this.#run.event < moment.event && left > 0) throw elsewhere(this.#run, moment);
      if (this.#run.event < moment.event) return false;
      this.#reach(moment);
      if (due === undefined) return true;
      const fault = this.#run.apply(due.change);
      if (fault !== null) throw new RangeError(`change ${this.#applied + 1} was refused: ${fault}`);
      this.#applied++;
    }
    return false;
  }

  /** All events before the moment are handled: now its time must come before the next one. */
  #reach(moment: Moment): void {
    this.#run.wait(moment.timeNs);
    if (this.#run.timeNs !== moment.timeNs) throw elsewhere(this.#run, moment);
  }
}

function elsewhere({ event, timeNs }: Moment, wanted: Moment): RangeError {
  return new RangeError(
    `the run stands behind event ${event} at ${timeNs} ns; the record says behind event ` +
      `${wanted.event} at ${wanted.timeNs} ns`,
  );
}
