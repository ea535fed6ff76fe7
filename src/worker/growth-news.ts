/**
 * What the page has been told of growing: attempts once each, free memory and buffers with pages of
 * their own whenever they have changed.
 */
import type { Simulation } from '../engine/simulation.ts';
import type { Report } from './protocol.ts';

/** As many attempts are told again at most: the page keeps no more. */
const MOST_AGAIN = 200;

/** One per host. `begin` starts over with another run. */
export class GrowthNews {
  #told = 0;
  #buddyinfo = '';
  #own = '';
  #isMoved = false;
  /** The attempt told last. */
  #last = '';

  /** Nothing has been told of the run that begins. */
  begin(): void {
    this.#told = 0;
    this.#last = '';
    this.#buddyinfo = '';
    this.#own = '';
  }

  /** The run stands elsewhere: some attempts may have to come yet. */
  moved(): void {
    this.#isMoved = true;
  }

  /**
   * What is new in a run since it was asked last.
   *
   * @returns the report to post, or null when nothing has changed or the machine cannot grow.
   */
  of(simulation: Simulation | null, serial: number): Extract<Report, { kind: 'growth' }> | null {
    const buddyinfo = simulation?.buddyinfo() ?? null;
    if (simulation === null || buddyinfo === null) return null;
    const { growth } = simulation;
    const own = ownMark(simulation);
    const isOld = !this.#isMoved && growth.count === this.#told && buddyinfo === this.#buddyinfo;
    if (isOld && own === this.#own) return null;
    this.#own = own;
    const anew = this.#isAnew(simulation);
    const attempts = growth.since(anew ? growth.count - MOST_AGAIN : this.#told);
    this.#told = growth.count;
    this.#last = lastOf(simulation);
    this.#buddyinfo = buddyinfo;
    const { count } = growth;
    const report = simulation.own?.report() ?? null;
    return { kind: 'growth', serial, anew, attempts, count, buddyinfo, own: report };
  }

  /** Whether the run was moved to where other attempts were made. */
  #isAnew(simulation: Simulation): boolean {
    const isMoved = this.#isMoved;
    this.#isMoved = false;
    const isSame = simulation.growth.count === this.#told && lastOf(simulation) === this.#last;
    return isMoved && !isSame;
  }
}

/** Differs whenever something about buffers with pages of their own does. */
function ownMark({ own }: Simulation): string {
  if (own === null) return '';
  return `${own.looks} ${own.leftToPool} ${own.sleeps} ${own.sleepers.size}`;
}

/** The attempt made last and what became of it, in one word. */
function lastOf({ growth }: Simulation): string {
  const [attempt] = growth.since(growth.count - 1);
  return attempt === undefined ? '' : `${attempt.event} ${attempt.by} ${attempt.slots}`;
}
