/**
 * What runs beside the run: the same scenario with one thing changed, or a recording. It is chosen by
 * the page or by the scenario, begins with the run, and is moved along between the run's slices.
 */
import type { Run } from '../engine/run.ts';
import type { Beside } from '../engine/scenario.ts';
import { RecordedShadow, RerunShadow, type Rerun, type Shadow } from '../engine/shadow.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { LatePages } from './late-pages.ts';
import type { Scheduler } from './port.ts';
import type { Command, Report } from './protocol.ts';
import type { OpenRecording } from './recording-opener.ts';
import { fellOverSentence, undoneSentence } from './sentences.ts';
import type { Session } from './session.ts';

/** Events between two looks at the clock. */
const EVENTS_PER_LOOK = 500;

const NO_RERUN =
  'A recording is what one kernel did once: it cannot be run again with something changed.';
const NO_RECORDING = 'Nothing runs beside a recording: open a scenario first.';

type ShadowCommand = Extract<Command, { kind: 'shadow' | 'shadow-replay' }>;

/** What the companion needs of the host. */
export interface CompanionTies {
  readonly scheduler: Scheduler;
  readonly openRecording: OpenRecording;
  readonly pages: LatePages;
  readonly post: (report: Report) => void;
  /** Something was opened that had to be waited for: there is something to do now. */
  readonly woken: () => void;
}

/** One per host. It goes with the session that `begin` named last. */
export class Companion {
  readonly #ties: CompanionTies;
  #simulation: Simulation | null = null;
  #serial = 0;
  #beside: Beside | null = null;
  /** Opens the recording again from its beginning. */
  #reopen: (() => Run) | null = null;
  #shadow: Shadow | null = null;
  /** Counts what was asked for: a recording that is ready too late is dropped. */
  #asked = 0;

  constructor(ties: CompanionTies) {
    this.#ties = ties;
  }

  /** Something runs beside the run. */
  get active(): boolean {
    return this.#shadow !== null;
  }

  /** It has still to come to where the run stands. */
  get lags(): boolean {
    return this.#shadow?.lags === true;
  }

  /**
   * A session begins. One that begins again keeps what ran beside it; another one has what its
   * scenario wants, as far as the worker has it: recordings are the page's to fetch.
   */
  begin({ simulation }: Session, serial: number, again: boolean): void {
    this.#simulation = simulation;
    this.#serial = serial;
    if (!again) {
      this.#asked++;
      const { beside = null } = simulation?.scenario ?? {};
      this.#beside = beside === null || beside.kind === 'recording' ? null : beside;
      this.#reopen = null;
    }
    this.#cast();
  }

  /** The run is another object that stands at the same place. */
  adopt(simulation: Simulation): void {
    this.#simulation = simulation;
    this.#shadow?.follow(simulation);
    simulation.shadow = this.#shadow?.run ?? null;
  }

  /** The run was moved: what cannot come there by going on begins again. */
  returned(): void {
    if (this.#shadow?.isAstray === true) this.#cast();
  }

  /** Something else runs beside the run from now on, or nothing; where it cannot, says why. */
  obey(command: ShadowCommand): void {
    if (command.kind === 'shadow-replay') void this.#open(command.name, command.bytes);
    else if (this.#simulation !== null || command.beside === null) this.#choose(command.beside);
    else this.#refuse('shadow', NO_RERUN);
  }

  /**
   * Moves it along until `untilMs`, a little in any case: where the run takes all the time there is,
   * it still comes on.
   *
   * @returns whether it wants to go on at once.
   */
  slice(untilMs: number): boolean {
    try {
      do this.#shadow?.advance(EVENTS_PER_LOOK);
      while (this.lags && this.#ties.scheduler.now() < untilMs);
    } catch (error) {
      this.#refuse('shadow', fellOverSentence(error));
      this.#choose(null);
    }
    return this.lags;
  }

  #choose(beside: Rerun | null): void {
    this.#asked++;
    this.#beside = beside;
    this.#reopen = null;
    this.#cast();
  }

  /** Opens a recording; what ran beside the run stays there until it is ready. */
  async #open(name: string, bytes: ArrayBuffer): Promise<void> {
    if (this.#simulation === null) {
      this.#refuse('shadow-replay', NO_RECORDING);
      return;
    }
    const { openRecording, scheduler, woken } = this.#ties;
    const asked = ++this.#asked;
    const isWanted = () => asked === this.#asked;
    try {
      const opened = await openRecording(name, bytes, async () => {
        await new Promise<void>((resolve) => scheduler.later(resolve, 0));
        if (!isWanted()) throw new RangeError('something else was chosen');
      });
      if (!isWanted()) return;
      if (opened.kind === 'bad') this.#refuse('shadow-replay', opened.sentence);
      else this.#take(name, opened.open);
    } catch (error) {
      if (isWanted()) this.#refuse('shadow-replay', undoneSentence(error));
    }
    woken();
  }

  #take(name: string, open: () => Run): void {
    this.#beside = { kind: 'recording', name };
    this.#reopen = open;
    this.#cast();
  }

  /** Begins what was chosen, from the beginning, and says what it is. */
  #cast(): void {
    const simulation = this.#simulation;
    const asked = this.#asked;
    this.#seat(null);
    if (simulation === null) {
      this.#tell();
      return;
    }
    this.#ties.pages.attempt({
      work: () => {
        this.#seat(this.#shadowOf(simulation));
        this.#tell();
      },
      isWanted: () => asked === this.#asked && simulation === this.#simulation,
      failed: (error) => {
        this.#refuse('shadow', undoneSentence(error));
        this.#tell();
      },
      ended: this.#ties.woken,
    });
  }

  #seat(shadow: Shadow | null): void {
    this.#shadow = shadow;
    if (this.#simulation !== null) this.#simulation.shadow = shadow?.run ?? null;
  }

  #tell(): void {
    if (this.#shadow === null) this.#beside = null;
    this.#ties.post({ kind: 'shadowed', serial: this.#serial, beside: this.#beside });
  }

  #shadowOf(simulation: Simulation): Shadow | null {
    const beside = this.#beside;
    if (beside === null) return null;
    if (beside.kind !== 'recording') return new RerunShadow(simulation, beside);
    return this.#reopen === null ? null : new RecordedShadow(simulation, this.#reopen());
  }

  #refuse(command: ShadowCommand['kind'], sentence: string): void {
    this.#ties.post({ kind: 'refused', command, sentence });
  }
}
