/**
 * A run that can be gone through in both directions: it is played forward as before, and any place in
 * it is reached from the nearest keyframe by repeating what happened since, with every change made to
 * it at its place. The state reached is that of having played there, to the last byte.
 *
 * A change in the past begins a branch; what had come after stays as another one. The run's parts are
 * the same objects all the time: whoever holds them sees the place gone to.
 */
import {
  isUpTo,
  summaryOfBranch,
  type Branch,
  type BranchSummary,
  type Ghost,
  type Place,
} from './branches.ts';
import { DEFAULT_LIMIT_BYTES, Keyframes, type Mark } from './keyframes.ts';
import { MomentWatch, type Moments } from './moments.ts';
import type { Change, JournalEntry, Simulation } from './simulation.ts';
import type { Keeper } from '../model/keeper.ts';

/** Events between two keyframes, as they are made. */
const KEYFRAME_EVENTS = 50_000;
/** Before a place gone to, keyframes are laid so many events off: the next step back is short. */
const NEAR_EVENTS = 2048;
const FAR_EVENTS = 32_768;

/** Where to go. */
export type Target =
  /** Behind so many events, with the changes that were made at the moment of the last one. */
  | { readonly kind: 'event'; readonly event: number }
  /** Behind everything that happened up to a moment in virtual ns, and every change made by then. */
  | { readonly kind: 'time'; readonly timeNs: number }
  /** The furthest place that was played on this branch. */
  | { readonly kind: 'end' };

/** What tests and benches change. */
export interface TimelineOptions {
  /** Bound of what keyframes take, bytes. */
  readonly limitBytes?: number;
  readonly keyframeEvents?: number;
}

/** What a page shows of the keyframes. */
export interface KeyframeFacts {
  readonly bytes: number;
  readonly limitBytes: number;
  readonly count: number;
}

/** How far to play in one go. */
interface Leg {
  /** Events to be behind, and virtual ns not to go beyond; Infinity both where there is no limit. */
  readonly toEvent: number;
  readonly toNs: number;
  /** The leg ends here at the latest. */
  readonly stopEvent: number;
  /** Somebody goes there, and may want to step back from there. */
  readonly isTravel: boolean;
}

/** The past, the present and the branches of one simulation. Play it through this, not by itself. */
export class Timeline {
  readonly run: Simulation;
  /** Notes moments; belongs to the run's state. */
  readonly watch: MomentWatch;
  readonly #keyframes: Keyframes;
  readonly #keyframeEvents: number;
  readonly #branches: Branch[] = [];
  #branch: Branch;
  /** The earliest place there is. */
  readonly #first: Place;

  /** @param run as it stands now is the earliest place that can be gone to. */
  constructor(run: Simulation, options: TimelineOptions = {}) {
    const { limitBytes = DEFAULT_LIMIT_BYTES, keyframeEvents = KEYFRAME_EVENTS } = options;
    this.run = run;
    this.#first = this.place;
    this.watch = new MomentWatch(run);
    this.#keyframeEvents = keyframeEvents;
    const kept = {
      keep: (k: Keeper) => {
        run.keep(k);
        this.watch.keep(k);
      },
    };
    this.#keyframes = new Keyframes(kept, keyframeEvents, limitBytes);
    this.#branch = this.#newBranch(null, this.place, this.watch.moments);
    this.#takeKeyframe(false);
  }

  /** Where the run stands. */
  get place(): Place {
    const { event, timeNs, journal } = this.run;
    return { event, timeNs, changes: journal.length };
  }

  /** The furthest place that was played on this branch. */
  get end(): Place {
    return this.#branch.end;
  }

  /** Whether the run stands at that place: what comes next was not seen yet. */
  get isAtEnd(): boolean {
    return isUpTo(this.end, this.place);
  }

  get keyframes(): KeyframeFacts {
    const { bytes, limitBytes, count } = this.#keyframes;
    return { bytes, limitBytes, count };
  }

  /** Moments of this branch. */
  get moments(): Moments {
    return this.#branch.moments;
  }

  /** All branches, the first one first. */
  get branches(): readonly BranchSummary[] {
    return this.#branches
      .filter(({ isRemoved }) => !isRemoved)
      .map((branch) => summaryOfBranch(branch, this.#branch));
  }

  /** The changes of this branch, those still to come included. */
  get journal(): readonly JournalEntry[] {
    return this.#branch.journal;
  }

  /**
   * Plays on as `Run.runUntil` does: what is known already goes as it went, with its changes.
   *
   * @returns events handled.
   */
  play(timeNs: number, maxEvents: number): number {
    const before = this.run.event;
    const stopEvent = before + maxEvents;
    this.#advance({ toEvent: Infinity, toNs: timeNs, stopEvent, isTravel: false });
    return this.run.event - before;
  }

  /**
   * Makes a change here. Anywhere but at the end it begins a branch.
   *
   * @returns null when done, else why not.
   */
  apply(change: Change): string | null {
    const { place, isAtEnd } = this;
    const fault = this.run.apply(change);
    if (fault !== null) return fault;
    if (!isAtEnd) {
      this.#branch = this.#newBranch(this.#branch, place, this.moments.upTo(place.event));
      this.watch.moments = this.moments;
    } else {
      const made = this.run.journal.at(-1);
      if (made !== undefined) this.#branch.journal.push(made);
    }
    this.#branch.end = this.place;
    return null;
  }

  /** Goes to an event; to the run's end if it ends before. */
  seekEvent(event: number): void {
    this.#go({ kind: 'event', event });
  }

  /** Goes to a moment in virtual ns. */
  seekTime(timeNs: number): void {
    this.#go({ kind: 'time', timeNs });
  }

  /** Goes to the furthest place that was played. */
  seekEnd(): void {
    this.#go({ kind: 'end' });
  }

  /** To the event before; from behind an event to it. @returns false at the beginning. */
  stepBack(): boolean {
    const { event, timeNs, eventNs } = this.run;
    const first = this.#first.event;
    if (timeNs > eventNs && event > first) this.seekEvent(event);
    else if (event > first) this.seekEvent(event - 1);
    else return false;
    return true;
  }

  /** One event on. @returns false when nothing more happens. */
  stepForward(): boolean {
    const { event } = this.run;
    this.#advance(legTo(event + 1));
    return this.run.event > event;
  }

  /**
   * Goes towards a place in slices: to the nearest keyframe if that is a short cut, and from there
   * forward. Call it until it says so; nothing else of the run may be moved meanwhile.
   *
   * @returns whether the run stands there, or at the run's end before.
   */
  towards(target: Target, maxEvents: number): boolean {
    const mark = this.#nearest(target);
    if (mark !== null && (!this.#leadsTo(this.#here, target) || mark.event > this.run.event)) {
      this.#leave();
      this.#keyframes.load(mark);
    }
    const toEvent = eventOf(target, this.end);
    const toNs = timeOf(target, this.end);
    const stopEvent = Math.min(toEvent, this.run.event + maxEvents);
    this.#advance({ toEvent, toNs, stopEvent, isTravel: true });
    const nextNs = this.run.nextTimeNs();
    return this.run.event >= toEvent || nextNs > toNs || nextNs === Infinity;
  }

  /**
   * Goes over to another branch, at its end as far as a keyframe is there: `towards` the end, or
   * `seekEnd`, does the rest.
   *
   * @throws RangeError when there is no such branch.
   */
  switchTo(id: number): void {
    const branch = this.#branchOf(id);
    if (branch === this.#branch) return;
    this.#leave();
    this.#branch = branch;
    this.watch.moments = branch.moments;
    const mark = this.#nearest({ kind: 'end' });
    if (mark !== null) this.#keyframes.load(mark);
  }

  /** @throws RangeError when there is no such branch. */
  rename(id: number, name: string): void {
    this.#branchOf(id).name = name;
  }

  /**
   * Forgets a branch; what grew out of it stays.
   *
   * @returns null when done, else why not.
   * @throws RangeError when there is no such branch.
   */
  remove(id: number): string | null {
    const branch = this.#branchOf(id);
    if (branch === this.#branch) return 'the run is on this branch';
    branch.isRemoved = true;
    this.#keyframes.keepOnly(this.#branches.filter(({ isRemoved }) => !isRemoved));
    return null;
  }

  /** What usage was on a branch that was left; null for one that was not. */
  ghost(id: number): Ghost | null {
    return this.#branchOf(id).ghost;
  }

  /**
   * Repeats the last stretch that ends behind `event`, from a keyframe that is not that place itself.
   *
   * @param begin is called at the keyframe; what it returns, after each event.
   * @returns the event of the keyframe; -1, and nothing is done, when there is none.
   */
  repeatStretch(event: number, begin: () => () => void): number {
    const mark = this.#keyframes.last(this.#branch, (one) => one.event < event);
    if (mark === null) return -1;
    this.#leave();
    this.#keyframes.load(mark);
    this.watch.beside = begin();
    this.#advance(legTo(event));
    this.watch.beside = null;
    return mark.event;
  }

  get #here(): Pick<Mark, 'event' | 'timeNs' | 'isAtEvent'> {
    const { event, timeNs, eventNs } = this.run;
    return { event, timeNs, isAtEvent: timeNs === eventNs };
  }

  #go(target: Target): void {
    while (!this.towards(target, Infinity));
  }

  #nearest(target: Target): Mark | null {
    return this.#keyframes.last(this.#branch, (mark) => this.#leadsTo(mark, target));
  }

  /** Whether playing on from a place comes to the target. */
  #leadsTo(
    { event, timeNs, isAtEvent }: Pick<Mark, 'event' | 'timeNs' | 'isAtEvent'>,
    target: Target,
  ) {
    if (target.kind === 'time') return timeNs <= target.timeNs;
    if (target.kind === 'end') return event <= this.end.event && timeNs <= this.end.timeNs;
    return event < target.event || (event === target.event && isAtEvent);
  }

  /**
   * Plays to behind `toEvent` events or up to `toNs`, whichever comes first, but not beyond
   * `stopEvent`: changes are made and keyframes are taken on the way.
   */
  #advance(leg: Leg): void {
    const { run } = this;
    const { toNs, stopEvent } = leg;
    const fromEvent = run.event;
    while (this.#makeChanges(leg) && run.event < stopEvent) {
      if (!this.#playStretch(leg, fromEvent)) break;
    }
    // Time passes up to the moment asked for, unless an event or a change comes first.
    if (toNs < Infinity && run.nextTimeNs() > toNs) run.wait(toNs);
    this.#noteEnd();
  }

  /** Makes the changes that were made here. @returns false when one comes later than the leg goes. */
  #makeChanges({ toEvent, toNs }: Leg): boolean {
    const { run } = this;
    for (;;) {
      const due = this.#branch.journal[run.journal.length];
      if (due === undefined || due.event > run.event) return true;
      const isEventReached = run.event >= toEvent && toNs === Infinity;
      if (due.timeNs > (isEventReached ? run.timeNs : toNs)) return false;
      this.#repeat(due);
    }
  }

  /** Plays to the next change, keyframe or stop. @returns false when time is up before. */
  #playStretch({ toEvent, toNs, stopEvent, isTravel }: Leg, fromEvent: number): boolean {
    const { run } = this;
    const due = this.#branch.journal[run.journal.length]?.event ?? Infinity;
    const warmAt = isTravel ? this.#warmAt(fromEvent, toEvent) : Infinity;
    const stretchEnd = Math.min(stopEvent, due, this.#keyframeAt(), warmAt);
    run.runToEvent(stretchEnd, toNs, this.watch);
    this.#noteEnd();
    if (run.event < stretchEnd) return false;
    if (run.event === warmAt) this.#takeKeyframe(true);
    else if (run.event % this.#keyframeEvents === 0) this.#takeKeyframe(false);
    return true;
  }

  /** Makes a change again that was made before. */
  #repeat({ timeNs, change }: JournalEntry): void {
    this.run.wait(timeNs);
    const fault = this.run.apply(change);
    if (fault !== null) throw new RangeError(`a change that went once is refused now: ${fault}`);
  }

  /** Where the next keyframe is due: only beyond what was played before. */
  #keyframeAt(): number {
    const every = this.#keyframeEvents;
    const known = Math.max(this.run.event, this.isAtEnd ? 0 : this.end.event);
    return (Math.floor(known / every) + 1) * every;
  }

  /** On the way to an event: where keyframes are laid, so that a step back from there is short. */
  #warmAt(from: number, toEvent: number): number {
    const { event } = this.run;
    if (toEvent === Infinity) return event + FAR_EVENTS;
    for (const off of [FAR_EVENTS, NEAR_EVENTS]) {
      if (toEvent - off > event && toEvent - from > off * 2) return toEvent - off;
    }
    return Infinity;
  }

  #takeKeyframe(isWarm: boolean): void {
    const isAtEvent = this.run.timeNs === this.run.eventNs;
    this.#keyframes.take(this.#branch, this.place, isAtEvent, isWarm);
  }

  #noteEnd(): void {
    if (this.isAtEnd) this.#branch.end = this.place;
  }

  /** The run goes away from here: if this is as far as it came, it is to come back at once. */
  #leave(): void {
    if (!this.isAtEnd) return;
    this.#takeKeyframe(false);
    const { history, ledger, timeNs } = this.run;
    ledger.settle(timeNs);
    const { bucketNs, filled, series } = history;
    this.#branch.ghost = { bucketNs, filled, series: series.slice() };
  }

  #newBranch(parent: Branch | null, fork: Place, moments: Moments): Branch {
    const id = this.#branches.length + 1;
    const branch: Branch = {
      id,
      parent,
      fork,
      name: `Run ${id}`,
      journal: [...this.run.journal],
      end: this.place,
      moments,
      ghost: null,
      isRemoved: false,
    };
    this.#branches.push(branch);
    return branch;
  }

  #branchOf(id: number): Branch {
    const branch = this.#branches[id - 1];
    if (branch === undefined || branch.isRemoved) throw new RangeError(`there is no branch ${id}`);
    return branch;
  }
}

function legTo(event: number): Leg {
  return { toEvent: event, toNs: Infinity, stopEvent: event, isTravel: false };
}

function eventOf(target: Target, end: Place): number {
  if (target.kind === 'event') return target.event;
  return target.kind === 'end' ? end.event : Infinity;
}

function timeOf(target: Target, end: Place): number {
  if (target.kind === 'time') return target.timeNs;
  return target.kind === 'end' ? end.timeNs : Infinity;
}
