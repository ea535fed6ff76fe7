/**
 * A look back: the scenario is run once more, with the changes that were made to the run at their
 * times, and each search of what is asked about is noted at its true moment. The run itself is not
 * touched. It is moved along in slices, by whoever has the time.
 */
import type { Explained, ExplainAsk } from './explained.ts';
import { LookBackWitness } from './look-back-witness.ts';
import { Simulation, type JournalEntry } from './simulation.ts';

/** What can be asked about the past. */
export type PastAsk = Exclude<ExplainAsk, { readonly kind: 'request' }>;

/** Searches are noted from so long before the moment asked about, virtual ns: one search is shorter. */
const MARGIN_NS = 200_000;
/** Events between two looks at whether it is done. */
const CHUNK_EVENTS = 256;

/** One question about the past of a run, as it was when the question was asked. */
export class LookBack {
  readonly #of: Simulation;
  readonly #ask: PastAsk;
  readonly #journal: readonly JournalEntry[];
  /** The run's present: nothing behind it is asked about. */
  readonly #untilNs: number;
  readonly #untilEvent: number;
  #run: Simulation;
  #witness: LookBackWitness;
  #applied = 0;

  constructor(of: Simulation, ask: PastAsk) {
    this.#of = of;
    this.#ask = ask;
    this.#journal = [...of.journal];
    this.#untilNs = of.timeNs;
    this.#untilEvent = of.event;
    const fromNs = ask.kind === 'life' ? Infinity : Math.max(0, ask.atNs - MARGIN_NS);
    ({ run: this.#run, witness: this.#witness } = this.#begin(fromNs));
  }

  /** How far it has come, 0 to 1. */
  get progress(): number {
    const untilNs = this.#ask.kind === 'life' ? this.#untilNs : this.#ask.atNs;
    return untilNs > 0 ? Math.min(1, this.#run.timeNs / untilNs) : 1;
  }

  /** The answer; null while there is none. */
  get answer(): Explained | null {
    const { answer } = this.#witness;
    if (answer !== null) return answer;
    if (!this.#isOver) return null;
    if (this.#ask.kind === 'life') return this.#witness.life(this.#untilNs);
    const what = this.#ask.kind === 'failure' ? 'no failed map' : 'no such mapping';
    return { kind: 'none', sentence: `The run was repeated and ${what} was met.` };
  }

  /**
   * Handles events of the second run, about `maxEvents`.
   *
   * @returns whether the answer is there.
   */
  advance(maxEvents: number): boolean {
    for (let left = maxEvents; left > 0 && this.answer === null;) {
      const wanted = Math.min(CHUNK_EVENTS, left, this.#untilEvent - this.#run.event);
      const due = this.#journal[this.#applied];
      const dueNs = due?.timeNs ?? this.#untilNs;
      const done = this.#run.runUntil(dueNs, wanted);
      left -= Math.max(1, done);
      // Events of this very moment may be left: the change has to wait for them.
      if (due !== undefined && done < wanted && this.#run.timeNs >= dueNs) {
        this.#run.apply(due.change);
        this.#applied++;
      }
      if (this.#witness.isCutShort) this.#beginAgain();
    }
    return this.answer !== null;
  }

  get #isOver(): boolean {
    const changesLeft = this.#applied < this.#journal.length;
    if (this.#run.event >= this.#untilEvent) return true;
    return (
      !changesLeft && this.#run.timeNs >= this.#untilNs && this.#run.nextTimeNs() > this.#untilNs
    );
  }

  #begin(fromNs: number): { run: Simulation; witness: LookBackWitness } {
    const { scenario, makePages } = this.#of;
    const run = new Simulation(scenario, { makePages });
    const witness = new LookBackWitness(run, this.#ask, fromNs);
    run.watch(witness);
    return { run, witness };
  }

  /** What was asked about had begun before anything was noted: all of it is noted now. */
  #beginAgain(): void {
    ({ run: this.#run, witness: this.#witness } = this.#begin(0));
    this.#applied = 0;
  }
}
