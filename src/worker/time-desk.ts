/**
 * Moves the run through time: keeps its past (`Timeline`), goes to other places in slices, the newest
 * target winning, steps in grains, and keeps the branches that begin where somebody changed the past.
 *
 * Fetched after the first picture. A run that was played before it came is repeated from its
 * beginning, beside itself, and taken over when both stand at the same place.
 */
import { previous } from '../engine/grains.ts';
import { USUAL_MOMENTS } from '../engine/moments.ts';
import type { Change } from '../engine/simulation.ts';
import { Simulation } from '../engine/simulation.ts';
import { Timeline, type Target } from '../engine/timeline.ts';
import type { Played } from './player.ts';
import type { Scheduler } from './port.ts';
import type { Report } from './protocol.ts';
import { TimeNews } from './time-news.ts';
import type { TimeAsk } from './time-watch.ts';

/** Events between two looks at the clock on the way. */
const TRAVEL_EVENTS = 8192;
/** The last stretch goes in one: a keyframe is laid on it. */
const LAST_EVENTS = TRAVEL_EVENTS * 1.5;
const CHASE_EVENTS = 1000;
const SEARCH_EVENTS = 500;
/** What is looked for among events that nobody has seen yet is given up after so many. */
const MOST_SEARCHED = 3_000_000;
/** Somebody who has gone elsewhere meanwhile waits no longer than this for the place before, wall ms. */
const PATIENCE_MS = 120;
const TICK_NS = 1_000_000;

/** What a desk needs of its host. */
export interface TimeTies {
  readonly scheduler: Scheduler;
  post(report: Report): void;
  /** There is something to do. */
  woken(): void;
  /** The run has a past now: it is to be played through this. */
  adopted(timeline: Timeline, played: Played): void;
  /** The run stands somewhere else than it was played to. */
  arrived(): void;
}

/** Looks for an event forward. */
interface Search {
  readonly isHit: () => boolean;
  readonly whatFor: string;
  looked: number;
}

/** One per host. */
export class TimeDesk {
  readonly #ties: TimeTies;
  #serial = 0;
  #timeline: Timeline | null = null;
  /** The run that was played without a past, and what repeats it. */
  #chased: Simulation | null = null;
  #chaser: Timeline | null = null;
  #target: Target | null = null;
  #targetSinceMs = 0;
  /** Where to go instead. */
  #newer: Target | null = null;
  #search: Search | null = null;
  #news = new TimeNews();

  constructor(ties: TimeTies) {
    this.#ties = ties;
  }

  get timeline(): Timeline | null {
    return this.#timeline;
  }

  get travelling(): boolean {
    return this.#target !== null;
  }

  get searching(): boolean {
    return this.#target === null && this.#search !== null;
  }

  get busy(): boolean {
    const isUnderWay = this.#target !== null || this.#newer !== null || this.#search !== null;
    return isUnderWay || this.#chaser !== null;
  }

  /** A session begins. */
  begin(simulation: Simulation | null, serial: number): void {
    this.halt();
    this.#serial = serial;
    this.#timeline = null;
    this.#chaser = null;
    this.#chased = null;
    this.#news = new TimeNews();
    if (simulation === null) return;
    if (simulation.event === 0 && simulation.timeNs === 0 && simulation.journal.length === 0) {
      this.#adopt(new Timeline(simulation));
      return;
    }
    this.#chased = simulation;
    const { scenario, makePages } = simulation;
    this.#chaser = new Timeline(new Simulation(scenario, { makePages }));
  }

  /** Gives up whatever is under way. */
  halt(): void {
    this.#target = null;
    this.#newer = null;
    this.#search = null;
  }

  /** Does what the page asks for, as far as it goes at once. @returns why not, or null. */
  obey(ask: TimeAsk): string | null {
    const timeline = this.#timeline;
    if (timeline === null) return null;
    if (ask.kind === 'branch') return this.#branch(timeline, ask);
    this.#search = null;
    if (ask.kind === 'move') this.#move(timeline, ask);
    else if (ask.to === 'event') this.#goTo({ kind: 'event', event: ask.event });
    else if (ask.to === 'time') this.#goTo({ kind: 'time', timeNs: ask.timeNs });
    else this.#goTo({ kind: 'end' });
    return null;
  }

  /** Arrives at once, because something is to be done there. */
  settle(): void {
    this.#search = null;
    while (this.#target !== null || this.#newer !== null) this.#travel(Infinity);
  }

  /**
   * Makes a change where the run stands.
   *
   * @returns why not, or null.
   */
  apply(timeline: Timeline, change: Change): string | null {
    this.settle();
    const { isAtEnd } = timeline;
    const before = timeline.branches.find(({ isCurrent }) => isCurrent);
    const fault = timeline.apply(change);
    if (fault !== null || isAtEnd) return fault;
    const after = timeline.branches.find(({ isCurrent }) => isCurrent);
    if (before !== undefined && after !== undefined && before.id !== after.id) {
      const [from, to] = [before.name, after.name];
      this.#ties.post({ kind: 'forked', serial: this.#serial, from, to });
    }
    return null;
  }

  /** Moves on whatever is under way, until `untilMs`. */
  slice(untilMs: number): void {
    if (this.#chaser !== null) this.#chase(this.#chaser, untilMs);
    else if (this.#target !== null || this.#newer !== null) this.#travel(untilMs);
    else if (this.#search !== null) this.#look(this.#search, untilMs);
  }

  /** Tells the page where the run stands, if that is news. While it is played, now and then. */
  tell(playing: boolean): void {
    if (this.#timeline === null || this.travelling) return;
    const nowMs = this.#ties.scheduler.now();
    for (const report of this.#news.of(this.#timeline, this.#serial, playing, nowMs)) {
      this.#ties.post(report);
    }
  }

  #adopt(timeline: Timeline): void {
    this.#timeline = timeline;
    this.#chaser = null;
    this.#chased = null;
    this.#ties.adopted(timeline, playedThrough(timeline));
  }

  /** Repeats what was played without a past, change by change. */
  #chase(chaser: Timeline, untilMs: number): void {
    const of = this.#chased;
    if (of === null) return;
    const { run } = chaser;
    do {
      const due = of.journal[run.journal.length];
      const { event, timeNs } = due ?? of;
      chaser.play(timeNs, Math.min(CHASE_EVENTS, event - run.event));
      if (run.event < event) continue;
      if (due === undefined) {
        this.#adopt(chaser);
        return;
      }
      chaser.apply(due.change);
    } while (this.#ties.scheduler.now() < untilMs);
  }

  #goTo(target: Target): void {
    if (this.#target === null) this.#set(target);
    else this.#newer = target;
  }

  #set(target: Target): void {
    this.#target = target;
    this.#newer = null;
    this.#targetSinceMs = this.#ties.scheduler.now();
  }

  /** Goes on until it is there: what was come to is shown before the next way begins. */
  #travel(untilMs: number): void {
    const timeline = this.#timeline;
    if (timeline === null) return;
    if (this.#target === null && this.#newer !== null) this.#set(this.#newer);
    while (this.#target !== null) {
      const isThere = timeline.towards(this.#target, wantedEvents(timeline, this.#target));
      if (isThere) {
        this.#target = null;
        this.#ties.arrived();
        return;
      }
      const nowMs = this.#ties.scheduler.now();
      const isTooLong = nowMs - this.#targetSinceMs > PATIENCE_MS;
      if (this.#newer !== null && isTooLong) this.#set(this.#newer);
      if (nowMs >= untilMs) return;
    }
  }

  #move(timeline: Timeline, { grain, direction }: Extract<TimeAsk, { kind: 'move' }>): void {
    const isForward = direction === 1;
    if (grain === 'event' && this.#target?.kind === 'event' && !isForward) {
      // Key after key: each counts from where the one before leads.
      const from = this.#newer?.kind === 'event' ? this.#newer.event : this.#target.event;
      this.#goTo({ kind: 'event', event: Math.max(0, from - 1) });
      return;
    }
    this.settle();
    if (grain === 'event') this.#moveEvent(timeline, isForward);
    else if (grain === 'tick') this.#moveTick(timeline, isForward);
    else if (isForward) this.#moveOn(timeline, grain);
    else this.#moveBack(timeline, grain);
  }

  #moveEvent(timeline: Timeline, isForward: boolean): void {
    const { event, timeNs, eventNs } = timeline.run;
    if (isForward) {
      timeline.stepForward();
      this.#ties.arrived();
    } else if (timeNs > eventNs) this.#goTo({ kind: 'event', event });
    else if (event > 0) this.#goTo({ kind: 'event', event: event - 1 });
  }

  #moveTick({ run }: Timeline, isForward: boolean): void {
    const ticks = run.timeNs / TICK_NS;
    const timeNs = (isForward ? Math.floor(ticks) + 1 : Math.ceil(ticks) - 1) * TICK_NS;
    this.#goTo({ kind: 'time', timeNs: Math.max(0, Math.min(run.endNs, timeNs)) });
  }

  #moveOn(timeline: Timeline, grain: 'decision' | 'interesting'): void {
    const { run, watch, moments, end } = timeline;
    if (grain === 'interesting') {
      const known = moments.after(run.event, USUAL_MOMENTS);
      if (known !== -1) {
        this.#goTo({ kind: 'event', event: known });
        return;
      }
      if (run.event < end.event) this.#goTo({ kind: 'end' });
      const isHit = () => (watch.kinds & USUAL_MOMENTS) !== 0;
      this.#search = { isHit, whatFor: 'Nothing notable', looked: 0 };
      return;
    }
    const decisions = () => run.ledger.maps + run.ledger.unmaps + run.ledger.failedMaps;
    const before = decisions();
    const isHit = () => decisions() !== before;
    this.#search = { isHit, whatFor: 'No map or unmap', looked: 0 };
  }

  #moveBack(timeline: Timeline, grain: 'decision' | 'interesting'): void {
    const { run, moments } = timeline;
    if (grain === 'interesting') {
      const before = run.timeNs > run.eventNs ? run.event + 1 : run.event;
      const known = moments.before(before, USUAL_MOMENTS);
      if (known !== -1 || moments.knownFrom === 0) {
        this.#goTo({ kind: 'event', event: Math.max(0, known) });
        return;
      }
    }
    previous(timeline, grain === 'decision' ? 'decision' : 'moment');
    this.#ties.arrived();
  }

  /** Steps on through what may not have been seen yet: it is shown as it passes. */
  #look(search: Search, untilMs: number): void {
    const timeline = this.#timeline;
    if (timeline === null) return;
    do {
      for (let step = 0; step < SEARCH_EVENTS; step++) {
        const isOver = !timeline.stepForward();
        if (isOver) this.#say(`${search.whatFor} comes any more before the end of the run.`);
        if (isOver || search.isHit()) {
          this.#search = null;
          this.#ties.arrived();
          return;
        }
      }
      search.looked += SEARCH_EVENTS;
      if (search.looked >= MOST_SEARCHED) {
        this.#search = null;
        this.#say(`${search.whatFor} among the next ${MOST_SEARCHED / 1e6} million events.`);
        this.#ties.arrived();
        return;
      }
    } while (this.#ties.scheduler.now() < untilMs);
  }

  #branch(timeline: Timeline, ask: Extract<TimeAsk, { kind: 'branch' }>): string | null {
    const branch = timeline.branches.find(({ id }) => id === ask.id);
    if (branch === undefined) return `There is no branch ${ask.id}.`;
    this.settle();
    if (ask.act === 'rename') timeline.rename(ask.id, ask.name);
    else if (ask.act === 'delete') {
      if (branch.isCurrent) return 'The run is on this branch: switch to another one first.';
      timeline.remove(ask.id);
    } else if (!branch.isCurrent) {
      const timeNs = Math.min(timeline.run.timeNs, branch.endNs);
      timeline.switchTo(ask.id);
      this.#goTo({ kind: 'time', timeNs });
    }
    return null;
  }

  #say(sentence: string): void {
    this.#ties.post({ kind: 'refused', command: 'move', sentence });
  }
}

function wantedEvents({ run }: Timeline, target: Target): number {
  const left = target.kind === 'event' ? target.event - run.event : Infinity;
  return left > 0 && left <= LAST_EVENTS ? left : TRAVEL_EVENTS;
}

/** A run as the player plays it, through its past. */
function playedThrough(timeline: Timeline): Played {
  const { run } = timeline;
  return {
    get timeNs() {
      return run.timeNs;
    },
    get ended() {
      return run.ended;
    },
    verdict: null,
    nextTimeNs: () => run.nextTimeNs(),
    step: () => timeline.stepForward(),
    runUntil: (timeNs, maxEvents) => timeline.play(timeNs, maxEvents),
  };
}
