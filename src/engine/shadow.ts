/**
 * What runs beside a run, to be compared with it: the same scenario under another policy or in
 * another mode of growing, or a recording. It is moved along in slices, never ahead of the run, and touches nothing of it: the
 * run's events are the same with and without.
 */
import { machineWith, scenarioIn } from './growth-mode.ts';
import type { Run } from './run.ts';
import { throttleOf, type Beside, type Scenario } from './scenario.ts';
import { Simulation, type JournalEntry } from './simulation.ts';

/** Moves a second run to where the first one stands. */
export interface Shadow {
  /** The second run, to be set as the first one's `shadow`. */
  readonly run: Run;
  /** Whether it has still to come to where the first one stands. */
  readonly lags: boolean;
  /** It is ahead of the first one, or was changed otherwise: it cannot come to where that stands. */
  readonly isAstray: boolean;
  /** The first run is another object that stands at the same place. */
  follow(of: Simulation): void;
  /**
   * Handles events up to the first run's present moment, at most `maxEvents`.
   *
   * @returns events handled.
   */
  advance(maxEvents: number): number;
}

/** A scenario run once more, with one thing changed. */
export type Rerun = Exclude<Beside, { readonly kind: 'recording' }>;

/**
 * The scenario that a shadow plays: the same but for the policy or the mode. `timeout-grow` makes
 * pools, which only a kernel with CONFIG_SWIOTLB_DYNAMIC can, so its machine has that, whatever the
 * run's has.
 */
export function shadowScenario(scenario: Scenario, rerun: Rerun): Scenario {
  if (rerun.kind === 'mode') return scenarioIn(scenario, rerun.mode);
  const { policy } = rerun;
  const { machine } = scenario;
  const dynamic = machine.dynamic || policy === 'timeout-grow';
  return {
    ...scenario,
    machine: machineWith(machine, dynamic),
    throttle: { ...throttleOf(scenario), policy },
  };
}

/**
 * The same scenario and seed, with one thing changed. Changes made to the run are made to it at the
 * same virtual times, after everything else of that moment; those made before it was begun are taken
 * from the run's journal. One that the other kernel refuses is left out.
 */
export class RerunShadow implements Shadow {
  readonly run: Simulation;
  #of: Simulation;
  /** Changes taken from the run's journal. */
  readonly #applied: JournalEntry[] = [];

  constructor(of: Simulation, rerun: Rerun) {
    this.#of = of;
    this.run = new Simulation(shadowScenario(of.scenario, rerun), { makePages: of.makePages });
  }

  get lags(): boolean {
    return this.run.timeNs < this.#of.timeNs || this.#applied.length < this.#of.journal.length;
  }

  get isAstray(): boolean {
    const { journal, timeNs } = this.#of;
    const isOther = this.#applied.some((entry, at) => {
      const made = journal[at];
      return made?.change !== entry.change || made.timeNs !== entry.timeNs;
    });
    return isOther || this.run.timeNs > timeNs;
  }

  follow(of: Simulation): void {
    this.#of = of;
  }

  advance(maxEvents: number): number {
    let handled = 0;
    while (this.lags) {
      const due: JournalEntry | undefined = this.#of.journal[this.#applied.length];
      const untilNs = due?.timeNs ?? this.#of.timeNs;
      const wanted = maxEvents - handled;
      const done = this.run.runUntil(untilNs, wanted);
      handled += done;
      // Events of this very moment may be left: the change has to wait for them.
      if (done === wanted || this.run.timeNs < untilNs) break;
      if (due === undefined) continue;
      this.run.apply(due.change);
      this.#applied.push(due);
    }
    return handled;
  }
}

/**
 * A recording beside a run: its own beginning is the run's, and from there both clocks go alike. Where
 * the kernel and the model differ it goes on as the kernel did; those differences are the business
 * of whoever replays the recording by itself.
 */
export class RecordedShadow implements Shadow {
  readonly run: Run;
  #of: Run;

  constructor(of: Run, recording: Run) {
    this.#of = of;
    this.run = recording;
  }

  get lags(): boolean {
    return !this.run.ended && this.run.timeNs < Math.min(this.#of.timeNs, this.run.endNs);
  }

  get isAstray(): boolean {
    return this.run.timeNs > this.#of.timeNs;
  }

  follow(of: Run): void {
    this.#of = of;
  }

  advance(maxEvents: number): number {
    let handled = 0;
    while (this.lags && handled < maxEvents) {
      handled += this.run.runUntil(this.#of.timeNs, maxEvents - handled);
      if (this.run.verdict?.difference) this.run.verdict.stepPast();
      else break;
    }
    return handled;
  }
}
