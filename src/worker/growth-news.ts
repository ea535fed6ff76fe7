/**
 * What the page has been told of growing: attempts once each, free memory and buffers with pages of
 * their own whenever they have changed.
 */
import type { Simulation } from '../engine/simulation.ts';
import type { Report } from './protocol.ts';

/** One per host. `begin` starts over with another run. */
export class GrowthNews {
  #told = 0;
  #buddyinfo = '';
  #own = '';

  /** Nothing has been told of the run that begins. */
  begin(): void {
    this.#told = 0;
    this.#buddyinfo = '';
    this.#own = '';
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
    const isOld = growth.count === this.#told && buddyinfo === this.#buddyinfo;
    if (isOld && own === this.#own) return null;
    this.#own = own;
    const attempts = growth.since(this.#told);
    this.#told = growth.count;
    this.#buddyinfo = buddyinfo;
    const { count } = growth;
    const report = simulation.own?.report() ?? null;
    return { kind: 'growth', serial, attempts, count, buddyinfo, own: report };
  }
}

/** Differs whenever something about buffers with pages of their own does. */
function ownMark({ own }: Simulation): string {
  if (own === null) return '';
  return `${own.looks} ${own.leftToPool} ${own.sleeps} ${own.sleepers.size}`;
}
