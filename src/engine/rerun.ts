/**
 * A run once more, from its beginning, with the changes that were made to it where they were made: the
 * run itself is not touched. The same scenario and changes give the same events.
 */
import type { MakePages } from './guest-memory.ts';
import type { RunRecord } from './repetition.ts';
import type { Scenario } from './scenario.ts';
import { Simulation, type EventWatch } from './simulation.ts';

/** All that a run is made of, and the moment it had come to: nothing behind it is played. */
export interface RunStory extends RunRecord {
  readonly scenario: Scenario;
}

/** Moves the second run along. */
export class Rerun {
  readonly run: Simulation;
  readonly #story: RunStory;
  #applied = 0;

  /** @throws RangeError when the scenario is not one that `checkScenario` lets pass; what `makePages` throws. */
  constructor(story: RunStory, makePages: MakePages) {
    this.#story = story;
    this.run = new Simulation(story.scenario, { makePages });
  }

  /**
   * Plays up to and including `timeNs`, at most `maxEvents`.
   *
   * @param watch looks at the run after each event.
   * @returns whether it stands there, or at the story's end.
   */
  playTo(timeNs: number, maxEvents: number, watch: EventWatch | null): boolean {
    const { run } = this;
    const { journal, event } = this.#story;
    const untilNs = Math.min(timeNs, this.#story.timeNs);
    for (let left = maxEvents; ;) {
      const due = journal[this.#applied];
      const stopEvent = Math.min(event, due?.event ?? Infinity);
      const before = run.event;
      run.runToEvent(Math.min(stopEvent, before + left), untilNs, watch);
      left -= run.event - before;
      const isAtStop = run.event >= stopEvent;
      if (!isAtStop && run.nextTimeNs() <= untilNs) return false;
      if (!isAtStop || due === undefined || due.timeNs > untilNs) {
        run.wait(untilNs);
        return true;
      }
      run.wait(due.timeNs);
      run.apply(due.change);
      this.#applied++;
    }
  }
}
