/**
 * The keyframes of a run, over all its branches, under a bound of memory: with time the older ones
 * are thinned out, and what is replayed again and again gets some more of them near by.
 */
import { isShared, type Branch, type Place } from './branches.ts';
import { ChunkStore } from './chunk-store.ts';
import { dropKeyframe, loadKeyframe, saveKeyframe, type Keyframe } from './keyframe.ts';
import type { Kept } from '../model/keeper.ts';

/** What keyframes may take unless told otherwise. */
export const DEFAULT_LIMIT_BYTES = 192 * 1024 * 1024;
/** Keyframes laid near a place that was gone to, at most. */
const MOST_WARM = 16;

/** A keyframe and where it stands. */
export interface Mark extends Place {
  readonly branch: Branch;
  /** The clock stands at its event, not behind it. */
  readonly isAtEvent: boolean;
  readonly frame: Keyframe;
  /** Laid for quick steps near by: the first to go. */
  isWarm: boolean;
  /** When it was used last, counted in uses. */
  usedAt: number;
}

export class Keyframes {
  readonly limitBytes: number;
  readonly #run: Kept;
  readonly #store = new ChunkStore();
  readonly #marks: Mark[] = [];
  /** Keyframes stand so many events apart when they are made. */
  readonly #interval: number;
  #uses = 0;

  constructor(run: Kept, interval: number, limitBytes: number) {
    this.#run = run;
    this.#interval = interval;
    this.limitBytes = limitBytes;
  }

  /** Bytes that all of them take, shared ones counted once. */
  get bytes(): number {
    return this.#store.bytes;
  }

  get count(): number {
    return this.#marks.length;
  }

  /** Takes one of the run as it stands; where there is one already, that one is used. */
  take(branch: Branch, place: Place, isAtEvent: boolean, isWarm: boolean): void {
    const there = this.last(branch, (mark) => isSame(mark, place));
    if (there !== null) {
      there.isWarm &&= isWarm;
      return;
    }
    const frame = saveKeyframe(this.#run, this.#store);
    const { event, timeNs, changes } = place;
    const usedAt = ++this.#uses;
    this.#marks.push({ event, timeNs, changes, branch, isAtEvent, frame, isWarm, usedAt });
    this.#thin(branch);
  }

  /** The last one on `branch` that is good for something, or null. */
  last(branch: Branch, isGood: (mark: Mark) => boolean): Mark | null {
    let best: Mark | null = null;
    for (const mark of this.#marks) {
      if (best !== null && isBefore(mark, best)) continue;
      if (isShared(mark, mark.branch, branch) && isGood(mark)) best = mark;
    }
    return best;
  }

  /** Brings the run to a keyframe. */
  load(mark: Mark): void {
    mark.usedAt = ++this.#uses;
    loadKeyframe(this.#run, mark.frame, this.#store);
  }

  /** Gives up those that stand on none of these branches. */
  keepOnly(branches: readonly Branch[]): void {
    const isUsed = (mark: Mark) => branches.some((branch) => isShared(mark, mark.branch, branch));
    for (const mark of this.#marks.filter((one) => !isUsed(one))) this.#drop(mark);
  }

  #drop(mark: Mark): void {
    this.#marks.splice(this.#marks.indexOf(mark), 1);
    dropKeyframe(mark.frame, this.#store);
  }

  #thin(branch: Branch): void {
    const warm = this.#marks.filter(({ isWarm }) => isWarm);
    if (warm.length > MOST_WARM) this.#drop(leastUsed(warm));
    while (this.bytes > this.limitBytes) {
      const victim = this.#victim(branch);
      if (victim === null) return;
      this.#drop(victim);
    }
  }

  /** Which one to give up next: a warm one, one of another branch, or one that is missed least. */
  #victim(branch: Branch): Mark | null {
    const newest = this.#marks.at(-1);
    const free = this.#marks.filter((mark) => mark.event > 0 && mark !== newest);
    const warm = free.filter(({ isWarm }) => isWarm);
    if (warm.length > 0) return leastUsed(warm);
    const foreign = free.filter((mark) => !isShared(mark, mark.branch, branch));
    if (foreign.length > 0) return leastUsed(foreign);
    return this.#leastMissed(free);
  }

  /**
   * The one that leaves the smallest gap for its age: gaps grow with the square root of the age, so
   * that old times cost a little more to go to, and not much more.
   */
  #leastMissed(marks: readonly Mark[]): Mark | null {
    const all = this.#marks.toSorted((one, other) => one.event - other.event);
    const end = all.at(-1)?.event ?? 0;
    let least: Mark | null = null;
    let leastScore = Infinity;
    for (const mark of marks) {
      const at = all.indexOf(mark);
      const gap = (all[at + 1]?.event ?? end) - (all[at - 1]?.event ?? 0);
      const score = gap / Math.sqrt(end - mark.event + this.#interval);
      if (score >= leastScore) continue;
      least = mark;
      leastScore = score;
    }
    return least;
  }
}

function isSame(one: Place, other: Place): boolean {
  const isThen = one.timeNs === other.timeNs && one.changes === other.changes;
  return one.event === other.event && isThen;
}

function isBefore(one: Place, other: Place): boolean {
  if (one.event !== other.event) return one.event < other.event;
  if (one.timeNs !== other.timeNs) return one.timeNs < other.timeNs;
  return one.changes < other.changes;
}

function leastUsed(marks: readonly Mark[]): Mark {
  return marks.reduce((least, mark) => (mark.usedAt < least.usedAt ? mark : least));
}
