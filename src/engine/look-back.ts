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
    const stopEvent = this.#run.event + maxEvents;
    while (this.#run.event < stopEvent && this.answer === null) {
      const due = this.#journal[this.#run.journal.length];
      const chunkEvent = Math.min(this.#run.event + CHUNK_EVENTS, stopEvent, this.#untilEvent);
      if (due !== undefined && due.event <= this.#run.event) this.#repeat(due);
      else this.#run.runToEvent(Math.min(chunkEvent, due?.event ?? Infinity), Infinity, null);
      if (this.#witness.isCutShort) {
        this.#beginAgain();
        break;
      }
    }
    return this.answer !== null;
  }

  get #isOver(): boolean {
    return this.#run.event >= this.#untilEvent;
  }

  /** Makes a change again, at its event and its moment. */
  #repeat({ timeNs, change }: JournalEntry): void {
    this.#run.wait(timeNs);
    this.#run.apply(change);
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
  }
}
