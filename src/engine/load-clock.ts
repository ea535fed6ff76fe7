/** When the upper layer of a device wants its next request: independent arrivals, in bursts. */
import type { Chance } from './chance.ts';

const NS_PER_SECOND = 1e9;

/** The arrivals of one device's load, drawn one by one. */
export class LoadClock {
  readonly #chance: Chance;
  readonly #cycleNs: number;
  /** Where in the cycle a burst begins; differs from device to device. */
  readonly #phaseNs: number;

  constructor(chance: Chance, cycleNs: number) {
    this.#chance = chance;
    this.#cycleNs = cycleNs;
    this.#phaseNs = chance.below(cycleNs);
  }

  /**
   * The next arrival after `nowNs`, whole ns; Infinity when the rate is 0.
   *
   * @param ratePerSecond mean rate over whole cycles.
   * @param burst that many times the rate, in a share of 1 / `burst` of each cycle; 1 = evenly.
   */
  nextNs(nowNs: number, ratePerSecond: number, burst: number): number {
    if (!(ratePerSecond > 0)) return Infinity;
    const gapNs = this.#chance.exponential(NS_PER_SECOND / (ratePerSecond * burst));
    if (burst === 1) return Math.ceil(nowNs + gapNs);
    // Time counted in bursts only: the gap passes there, the pauses are skipped.
    const onNs = this.#cycleNs / burst;
    const since = nowNs + this.#cycleNs - this.#phaseNs;
    const cycles = Math.floor(since / this.#cycleNs);
    const within = Math.min(since - cycles * this.#cycleNs, onNs);
    const busyNs = cycles * onNs + within + gapNs;
    const cycle = Math.floor(busyNs / onNs);
    const arrival = cycle * this.#cycleNs + (busyNs - cycle * onNs);
    return Math.max(nowNs, Math.ceil(arrival - this.#cycleNs + this.#phaseNs));
  }
}
