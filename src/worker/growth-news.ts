/** What the page has been told of growing: attempts once each, free memory whenever it has changed. */
import type { Simulation } from '../engine/simulation.ts';
import type { Report } from './protocol.ts';

/** One per host. `begin` starts over with another run. */
export class GrowthNews {
  #told = 0;
  #buddyinfo = '';

  /** Nothing has been told of the run that begins. */
  begin(): void {
    this.#told = 0;
    this.#buddyinfo = '';
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
    if (growth.count === this.#told && buddyinfo === this.#buddyinfo) return null;
    const attempts = growth.since(this.#told);
    this.#told = growth.count;
    this.#buddyinfo = buddyinfo;
    return { kind: 'growth', serial, attempts, count: growth.count, buddyinfo };
  }
}
