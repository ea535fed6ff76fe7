/** Opens what the page asks for: scenarios at once, recordings when they are read; the newest counts. */
import type { RunRecord } from '../engine/repetition.ts';
import type { LatePages } from './late-pages.ts';
import { repeatTo } from './past.ts';
import type { Scheduler } from './port.ts';
import type { Command, Report } from './protocol.ts';
import type { OpenRecording } from './recording-opener.ts';
import { undoneSentence } from './sentences.ts';
import { replaySession, simulationSession, type Session } from './session.ts';

/** What an opener needs of the host. */
export interface OpenerTies {
  readonly scheduler: Scheduler;
  readonly openRecording: OpenRecording;
  readonly pages: LatePages;
  readonly post: (report: Report) => void;
  readonly start: (session: Session, play: boolean) => void;
  /** Something was opened that had to be waited for. */
  readonly woken: () => void;
}

type LoadCommand = Extract<Command, { kind: 'load' }>;
type ReplayCommand = Extract<Command, { kind: 'replay' }>;

/** One per host. */
export class SessionOpener {
  readonly #ties: OpenerTies;
  /** Counts what was asked to be opened: what is older and ready later is dropped. */
  #opening = 0;

  constructor(ties: OpenerTies) {
    this.#ties = ties;
  }

  obey(command: LoadCommand | ReplayCommand): void {
    if (command.kind === 'load') this.#load(command);
    else void this.#replay(command);
  }

  #load({ scenario, play, record }: LoadCommand): void {
    const { pages, start, woken } = this.#ties;
    const opening = ++this.#opening;
    const isWanted = () => opening === this.#opening;
    pages.attempt({
      work: () => {
        const session = simulationSession(scenario, record === undefined, pages.make);
        if (record === undefined) start(session, play);
        else void this.#repeat(session, record, play, isWanted);
      },
      isWanted,
      failed: (error) => this.#refuse('load', undoneSentence(error)),
      ended: woken,
    });
  }

  /** Brings a session to a moment beside what runs, then has it take its place. */
  async #repeat(session: Session, record: RunRecord, play: boolean, isWanted: () => boolean) {
    const { simulation } = session;
    const { post, scheduler, start, woken } = this.#ties;
    if (simulation === null) return;
    const progress = (done: number, total: number) => {
      if (isWanted()) post({ kind: 'progress', done, total });
    };
    try {
      await repeatTo(simulation, record, scheduler, progress, isWanted);
      if (isWanted()) start(session, play);
    } catch (error) {
      if (isWanted()) this.#refuse('load', undoneSentence(error));
    }
    woken();
  }

  async #replay({ name, bytes }: ReplayCommand): Promise<void> {
    const { openRecording, post, scheduler, start, woken } = this.#ties;
    const opening = ++this.#opening;
    const isWanted = () => opening === this.#opening;
    try {
      const opened = await openRecording(name, bytes, async (done, total) => {
        if (isWanted()) post({ kind: 'progress', done, total });
        await new Promise<void>((resolve) => scheduler.later(resolve, 0));
        // Ends the reading of a file that nobody waits for any more.
        if (!isWanted()) throw new RangeError('something else was opened');
      });
      if (!isWanted()) return;
      if (opened.kind === 'bad') this.#refuse('replay', opened.sentence);
      else start(replaySession(opened.open), false);
    } catch (error) {
      if (isWanted()) this.#refuse('replay', undoneSentence(error));
    }
    woken();
  }

  #refuse(command: 'load' | 'replay', sentence: string): void {
    this.#ties.post({ kind: 'refused', command, sentence });
  }
}
