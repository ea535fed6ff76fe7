/** Tells one unlucky crash from a worker that dies as soon as it starts. */
const WITHIN_MS = 15_000;
const MANY = 3;

export class Crashes {
  #timesMs: number[] = [];

  /** Counts a crash at `nowMs`; true when it is the third within a quarter of a minute. */
  tooMany(nowMs: number): boolean {
    this.#timesMs = [...this.#timesMs.filter((time) => nowMs - time < WITHIN_MS), nowMs];
    if (this.#timesMs.length < MANY) return false;
    this.#timesMs = [];
    return true;
  }
}
