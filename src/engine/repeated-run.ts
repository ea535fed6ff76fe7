/**
 * Any run in both directions, without keyframes: going back begins it again and repeats it up to the
 * place. Right for recordings, which are short; a simulation has its `Timeline`.
 *
 * A place is counted in steps: of a recording some steps are moments of the throttle between two
 * events. Differences that were passed once are passed again.
 */
import type { Run } from './run.ts';
import type { Target } from './timeline.ts';

/** A run that can be begun again. `run` is another object after each way back. */
export class RepeatedRun {
  readonly #open: () => Run;
  #run: Run;
  #steps = 0;
  #endSteps = 0;
  #endNs = 0;

  /** @param open gives the run at its beginning, the same one each time. */
  constructor(open: () => Run) {
    this.#open = open;
    this.#run = open();
  }

  get run(): Run {
    return this.#run;
  }

  /** Whether this is the furthest place that was played. */
  get isAtEnd(): boolean {
    return this.#steps >= this.#endSteps && this.#run.timeNs >= this.#endNs;
  }

  /** Plays on as `Run.runUntil` does, and stops at a difference. @returns events handled. */
  play(timeNs: number, maxEvents: number): number {
    const handled = this.#run.runUntil(timeNs, maxEvents);
    this.#steps += handled;
    this.#noteEnd();
    return handled;
  }

  /** One step on, past the difference it may stand at. @returns false when nothing was left. */
  stepForward(): boolean {
    this.#run.verdict?.stepPast();
    if (!this.#run.step()) return false;
    this.#steps++;
    this.#noteEnd();
    return true;
  }

  /** One step back; from behind a step to it. @returns false at the beginning. */
  stepBack(): boolean {
    const { timeNs } = this.#run;
    const steps = this.#steps;
    if (steps === 0) return false;
    this.#beginAgain();
    while (this.#steps < steps - 1) this.stepForward();
    if (this.#run.nextTimeNs() < timeNs) this.stepForward();
    return true;
  }

  seekEvent(event: number): void {
    while (!this.towards({ kind: 'event', event }, Infinity));
  }

  seekTime(timeNs: number): void {
    while (!this.towards({ kind: 'time', timeNs }, Infinity));
  }

  /**
   * Goes towards a place in slices, from the beginning if it lies behind. Call it until it says so.
   *
   * @returns whether the run stands there, or at its end before.
   */
  towards(target: Target, maxEvents: number): boolean {
    if (this.#isBeyond(target)) this.#beginAgain();
    let left = maxEvents;
    while (!this.#isThere(target)) {
      if (left-- <= 0) return false;
      if (!this.stepForward()) break;
    }
    const toNs = target.kind === 'event' ? 0 : this.#timeOf(target);
    // Nothing is due up to then: time passes.
    if (toNs > this.#run.timeNs && this.#run.nextTimeNs() > toNs) this.play(toNs, 1);
    return true;
  }

  #timeOf(target: Exclude<Target, { readonly kind: 'event' }>): number {
    return target.kind === 'time' ? target.timeNs : this.#endNs;
  }

  #isThere(target: Target): boolean {
    if (target.kind === 'event') return this.#run.event >= target.event;
    return this.#run.nextTimeNs() > this.#timeOf(target);
  }

  #isBeyond(target: Target): boolean {
    if (target.kind === 'event') return this.#run.event >= target.event && this.#steps > 0;
    return this.#run.timeNs > this.#timeOf(target);
  }

  #beginAgain(): void {
    this.#run = this.#open();
    this.#steps = 0;
  }

  #noteEnd(): void {
    this.#endSteps = Math.max(this.#endSteps, this.#steps);
    this.#endNs = Math.max(this.#endNs, this.#run.timeNs);
  }
}
