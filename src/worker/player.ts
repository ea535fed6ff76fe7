/**
 * Plays a run: slices of a few milliseconds, so that commands are heard between them, following the
 * wall clock at the chosen speed as far as the machine keeps up.
 */
import type { RunState } from '../engine/frame.ts';
import type { Run } from '../engine/run.ts';
import { Pace } from './pace.ts';
import type { Speed } from './protocol.ts';

/** Longest time spent on the way to the first picture; what is reached by then is shown. */
const OPENING_MS = 1500;
/** Wall time without an event, in a recording, that is not waited for, and what is left of it. */
const QUIET_MS = 500;
const BREATH_MS = 150;
/** Events between two looks at the clock: a fraction of a millisecond. */
const EVENTS_PER_LOOK = 500;

/** What the player needs of a run. */
export type Played = Pick<Run, 'timeNs' | 'ended' | 'verdict' | 'nextTimeNs' | 'step' | 'runUntil'>;

/** Plays one run at a time. Whoever owns it calls `slice` while it is `busy`. */
export class Player {
  readonly #now: () => number;
  readonly #pace = new Pace();
  #run: Played | null = null;
  #playing = false;
  #openAtNs = 0;
  #openingSinceMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** The run is still on its way to its first picture. */
  get opening(): boolean {
    return this.#run !== null && this.#run.timeNs < this.#openAtNs && !this.#run.ended;
  }

  /** Whether a slice has something to do. */
  get busy(): boolean {
    return this.#playing || this.opening;
  }

  get state(): RunState {
    const run = this.#run;
    if (run?.verdict?.difference) return 'difference';
    if (run?.ended) return 'ended';
    return this.#playing ? 'playing' : 'paused';
  }

  /** Takes a run, to be shown from `openAtNs` on. */
  load(run: Played, openAtNs: number, playing: boolean): void {
    this.#run = run;
    this.#openAtNs = openAtNs;
    this.#openingSinceMs = this.#now();
    this.#playing = playing;
    this.#anchor();
  }

  /** Plays on with another one that stands where this one does. */
  swap(run: Played): void {
    this.#run = run;
  }

  /** The run was moved by somebody else: it stands there until told otherwise. */
  moved(): void {
    this.halt();
    this.#anchor();
  }

  play(): void {
    if (this.state !== 'paused') return;
    this.#playing = true;
    this.#anchor();
  }

  pause(): void {
    this.#playing = false;
  }

  /** Pauses and gives up the opening: the run fell over. */
  halt(): void {
    this.#playing = false;
    this.#openAtNs = 0;
  }

  setSpeed(speed: Speed): void {
    this.#pace.set(speed, this.#now(), this.#run?.timeNs ?? 0);
  }

  /** One event forward, and stop there. */
  step(): void {
    this.#playing = false;
    this.#run?.step();
  }

  /** Goes on behind a difference; the run stands still until told otherwise. */
  stepPast(): void {
    this.#playing = false;
    this.#run?.verdict?.stepPast();
  }

  /**
   * Plays for one slice, of `sliceMs` at most.
   *
   * @returns true when it could not keep up and wants to go on at once.
   */
  slice(sliceMs: number): boolean {
    const run = this.#run;
    if (run === null || !this.busy) return false;
    const untilMs = this.#now() + sliceMs;
    const behind = this.opening ? this.#open(run, untilMs) : this.#follow(run, untilMs);
    const { state } = this;
    if (state === 'ended' || state === 'difference') this.#playing = false;
    return behind;
  }

  /** To the first picture as fast as it goes. */
  #open(run: Played, untilMs: number): boolean {
    this.#runUntil(run, this.#openAtNs, Infinity, untilMs);
    if (this.#now() - this.#openingSinceMs > OPENING_MS) this.#openAtNs = run.timeNs;
    this.#anchor();
    return true;
  }

  #follow(run: Played, untilMs: number): boolean {
    const nowMs = this.#now();
    const events = this.#pace.takeDueEvents(nowMs);
    const targetNs = this.#pace.targetNs(nowMs);
    if (events < 1) return false;
    const kept = this.#runUntil(run, targetNs, events, untilMs);
    // What could not be done in time is not owed: the run goes on from here.
    if (!kept) this.#anchor();
    else if (run.verdict !== null) this.#skipQuiet(run);
    return !kept;
  }

  /** Recorded loads rest for seconds: a long silence is cut to a moment before the next event. */
  #skipQuiet(run: Played): void {
    const nsPerMs = this.#pace.nsPerMs;
    const nextNs = run.nextTimeNs();
    if (nextNs === Infinity || nextNs - run.timeNs <= QUIET_MS * nsPerMs) return;
    run.runUntil(Math.max(run.timeNs, Math.floor(nextNs - BREATH_MS * nsPerMs)), 1);
    this.#anchor();
  }

  /** @returns whether everything due was done before `untilMs`. */
  #runUntil(run: Played, targetNs: number, events: number, untilMs: number): boolean {
    let left = events;
    while (left > 0) {
      const wanted = Math.min(left, EVENTS_PER_LOOK);
      const timeNs = targetNs === Infinity ? run.nextTimeNs() : targetNs;
      if (timeNs === Infinity) {
        run.step();
        return true;
      }
      const handled = run.runUntil(timeNs, wanted);
      left -= handled;
      if (targetNs < Infinity && handled < wanted) return true;
      if (handled === 0) return true;
      if (this.#now() >= untilMs) return false;
    }
    return true;
  }

  #anchor(): void {
    this.#pace.anchor(this.#now(), this.#run?.timeNs ?? 0);
  }
}
