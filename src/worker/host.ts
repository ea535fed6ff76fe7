/**
 * The worker's side of the port: hears commands, plays the run in slices, and posts frames and
 * reports. It is given a port and a scheduler, never `self`, so that all of it runs in unit tests.
 *
 * A bad command is answered and changes nothing. An exception inside a command becomes an answer
 * too. One while playing is a broken invariant: it is told, and that run is paused.
 */
import type { Run } from '../engine/run.ts';
import { checkCommand } from './command-check.ts';
import { CloseLook } from './close-look.ts';
import { Companion } from './companion.ts';
import { ExplainWatch } from './explain-watch.ts';
import { FrameDesk } from './frame-desk.ts';
import { GrowthNews } from './growth-news.ts';
import { LatePages, type FetchPages } from './late-pages.ts';
import type { Looked } from './memory-desk.ts';
import { isOfMemory, MemoryWatch, type MemoryAsk } from './memory-watch.ts';
import { answerOf, isQuestion, repeatTo } from './past.ts';
import { Player } from './player.ts';
import type { Port, Scheduler } from './port.ts';
import type { Command, RefusedCommand, Report } from './protocol.ts';
import type { OpenRecording } from './recording-opener.ts';
import { stoppedSentence, undoneSentence } from './sentences.ts';
import { replaySession, simulationSession, type Session } from './session.ts';

/** Wall ms between two looks at a run that keeps up. */
const TURN_MS = 16;

/** Longest stretch without looking at the port. */
const SLICE_MS = 8;
/** What the run gets of it while something runs beside it, and while that has to catch up. */
const SHARED_MS = 4;
const SPARING_MS = 2;

type LoadedCommand = Exclude<
  Command,
  | MemoryAsk
  | {
      kind:
        'load' | 'replay' | 'explain' | 'frame' | 'colour' | 'speed' | 'shadow' | 'shadow-replay';
    }
>;
type LoadCommand = Extract<Command, { kind: 'load' }>;
type ChangeCommand = Extract<Command, { kind: 'device' | 'write' }>;
type MoveCommand = Extract<Command, { kind: 'play' | 'pause' | 'step' | 'step-past' }>;

/** One per worker. `hear` is its only input, the port its only output. */
export class Host {
  readonly #port: Port;
  readonly #scheduler: Scheduler;
  readonly #openRecording: OpenRecording;
  readonly #pages: LatePages;
  readonly #player: Player;
  readonly #frames = new FrameDesk();
  readonly #closeLook: CloseLook;
  readonly #companion: Companion;
  readonly #growth = new GrowthNews();
  readonly #memory: MemoryWatch;
  readonly #explain: ExplainWatch;
  #session: Session | null = null;
  #serial = 0;
  #loggedLines = 0;
  #loggedSuppressed = 0;
  /** Counts what was asked to be opened: what is older and ready later is dropped. */
  #opening = 0;
  #turnSet = false;
  #shownState = '';

  constructor(
    port: Port,
    scheduler: Scheduler,
    openRecording: OpenRecording,
    fetchPages: FetchPages,
  ) {
    this.#port = port;
    this.#scheduler = scheduler;
    this.#openRecording = openRecording;
    this.#pages = new LatePages(fetchPages);
    this.#player = new Player(() => scheduler.now());
    const post = (report: Report) => this.#post(report);
    this.#closeLook = new CloseLook(post);
    const woken = () => this.#setTurn();
    this.#companion = new Companion({ scheduler, openRecording, pages: this.#pages, post, woken });
    const postBulk = (report: Report, transfer: Transferable[]) =>
      port.postMessage(report, transfer);
    this.#memory = new MemoryWatch({ scheduler, post: postBulk }, () => this.#looked());
    this.#explain = new ExplainWatch({ scheduler, post: postBulk }, () => this.#session);
  }

  /** Takes one message from the page, whatever it is. */
  hear(message: unknown): void {
    const checked = checkCommand(message);
    if (checked.kind === 'bad') {
      this.#refuse(checked.command, checked.sentence);
      return;
    }
    try {
      this.#obey(checked.command);
    } catch (error) {
      this.#refuse(checked.command.kind, undoneSentence(error));
    }
    this.#setTurn();
  }

  #obey(command: Command): void {
    if (command.kind === 'load') {
      this.#load(command);
    } else if (command.kind === 'replay') {
      void this.#replay(command.name, command.bytes);
    } else if (command.kind === 'frame') {
      if (!this.#frames.takeBack(command.buffer)) this.#refuse('frame', 'No frame was out.');
    } else if (command.kind === 'colour') {
      this.#frames.colourMode = command.mode;
      this.#frames.dirty = true;
    } else if (command.kind === 'speed') {
      this.#player.setSpeed(command.speed);
    } else if (this.#session === null) {
      this.#refuse(command.kind, 'Nothing is loaded.');
    } else if (command.kind === 'shadow' || command.kind === 'shadow-replay') {
      this.#companion.obey(command);
      this.#frames.dirty = true;
    } else if (isOfMemory(command)) {
      this.#memory.ask(command);
    } else if (command.kind === 'explain') {
      this.#explain.ask(command);
    } else {
      this.#obeyLoaded(this.#session, command);
    }
  }

  /** Commands that need something to be loaded. */
  #obeyLoaded(session: Session, command: LoadedCommand): void {
    if (isQuestion(command)) {
      this.#post(answerOf(session, command));
      return;
    }
    switch (command.kind) {
      case 'hover':
      case 'pin':
      case 'detail':
        this.#closeLook.ask(command, session.run);
        break;
      case 'device':
      case 'write':
        this.#change(session, command);
        break;
      case 'restart':
        this.#start(session.restarted(), this.#player.playing, true);
        break;
      case 'play':
      case 'pause':
      case 'step':
      case 'step-past':
        this.#move(command);
        this.#frames.dirty = true;
        this.#tell(session);
    }
  }

  #change(session: Session, command: ChangeCommand): void {
    const fault = changed(session, command);
    if (command.kind === 'write') this.#post({ kind: 'written', id: command.id, sentence: fault });
    else if (fault !== null) this.#refuse('device', fault);
    this.#frames.dirty = true;
  }

  #move({ kind }: MoveCommand): void {
    if (kind === 'play') this.#player.play();
    else if (kind === 'pause') this.#player.pause();
    else if (kind === 'step') this.#player.step();
    else this.#player.stepPast();
  }

  #start(session: Session, play: boolean, again: boolean): void {
    this.#session = session;
    this.#serial++;
    this.#loggedLines = 0;
    this.#loggedSuppressed = 0;
    this.#shownState = '';
    this.#closeLook.forget();
    this.#growth.begin();
    this.#explain.forget();
    this.#player.load(session.run, session.openAtNs, play);
    this.#post(session.report(this.#serial));
    this.#companion.begin(session, this.#serial, again);
    this.#frames.dirty = true;
  }

  #load(command: LoadCommand): void {
    const { scenario, play, record } = command;
    const opening = ++this.#opening;
    const isWanted = () => opening === this.#opening;
    this.#pages.attempt({
      work: () => {
        const session = simulationSession(scenario, record === undefined, this.#pages.make);
        if (record === undefined) this.#start(session, play, false);
        else void this.#repeat(session, command, isWanted);
      },
      isWanted,
      failed: (error) => this.#refuse('load', undoneSentence(error)),
      ended: () => this.#setTurn(),
    });
  }

  /** Brings a session to a moment beside what runs, then has it take its place. */
  async #repeat(session: Session, { record, play }: LoadCommand, isWanted: () => boolean) {
    const { simulation } = session;
    if (simulation === null || record === undefined) return;
    const progress = (done: number, total: number) => {
      if (isWanted()) this.#post({ kind: 'progress', done, total });
    };
    try {
      await repeatTo(simulation, record, this.#scheduler, progress, isWanted);
      if (isWanted()) this.#start(session, play, false);
    } catch (error) {
      if (isWanted()) this.#refuse('load', undoneSentence(error));
    }
    this.#setTurn();
  }

  async #replay(name: string, bytes: ArrayBuffer): Promise<void> {
    const opening = ++this.#opening;
    const isWanted = () => opening === this.#opening;
    try {
      const opened = await this.#openRecording(name, bytes, async (done, total) => {
        if (isWanted()) this.#post({ kind: 'progress', done, total });
        await new Promise<void>((resolve) => this.#scheduler.later(resolve, 0));
        // Ends the reading of a file that nobody waits for any more.
        if (!isWanted()) throw new RangeError('something else was opened');
      });
      if (!isWanted()) return;
      if (opened.kind === 'bad') this.#refuse('replay', opened.sentence);
      else this.#start(replaySession(opened.open), false, false);
    } catch (error) {
      if (isWanted()) this.#refuse('replay', undoneSentence(error));
    }
    this.#setTurn();
  }

  /** Has the next turn taken, if there is anything to do then. */
  #setTurn(atOnce = false): void {
    if (this.#turnSet || this.#session === null) return;
    const frameMs = this.#player.opening ? Infinity : this.#frames.waitMs(this.#scheduler.now());
    const playMs = this.#busy ? (this.#player.opening || atOnce ? 0 : TURN_MS) : Infinity;
    const waitMs = Math.min(frameMs, playMs);
    if (waitMs === Infinity) return;
    this.#turnSet = true;
    this.#scheduler.later(() => this.#turn(), waitMs);
  }

  #turn(): void {
    this.#turnSet = false;
    const session = this.#session;
    if (session === null) return;
    const wasBusy = this.#busy;
    let behind = false;
    try {
      behind = this.#slice();
      if (wasBusy) this.#frames.dirty = true;
      if (!this.#player.opening) this.#show(session);
    } catch (error) {
      this.#player.halt();
      // The run is shown once more as it stands, unless it is the showing that failed.
      this.#frames.dirty = wasBusy;
      this.#refuse('play', stoppedSentence(error));
    }
    this.#setTurn(behind);
  }

  get #busy(): boolean {
    return this.#player.busy || this.#companion.lags;
  }

  /** Plays the run, then what is beside it. @returns whether either wants to go on at once. */
  #slice(): boolean {
    const companion = this.#companion;
    // The first picture comes as soon as it can: what is beside it may be late.
    if (this.#player.opening || !companion.active) return this.#player.slice(SLICE_MS);
    const runMs = companion.lags ? SPARING_MS : SHARED_MS;
    const behind = this.#player.slice(runMs);
    const untilMs = this.#scheduler.now() + SLICE_MS - runMs;
    return companion.slice(untilMs) || behind;
  }

  #show(session: Session): void {
    const nowMs = this.#scheduler.now();
    if (this.#frames.waitMs(nowMs) === 0) {
      const { state } = this.#player;
      const buffer = this.#frames.write(session.run, this.#serial, state, nowMs);
      this.#port.postMessage({ kind: 'frame', buffer } satisfies Report, [buffer]);
      this.#closeLook.renew(session.run);
    }
    this.#tell(session);
  }

  #tell({ run, simulation }: Session): void {
    this.#tellLog(run);
    this.#tellDifference(run);
    const news = this.#growth.of(simulation, this.#serial);
    if (news !== null) this.#post(news);
    this.#memory.look();
  }

  /** What the memory desk looks at. */
  #looked(): Looked | null {
    const simulation = this.#session?.simulation ?? null;
    const { playing } = this.#player;
    return simulation && { simulation, serial: this.#serial, playing };
  }

  #tellLog({ log }: Run): void {
    const { count, suppressed } = log;
    if (count === this.#loggedLines && suppressed === this.#loggedSuppressed) return;
    const lines = log.since(this.#loggedLines);
    this.#loggedLines = count;
    this.#loggedSuppressed = suppressed;
    this.#post({ kind: 'log', serial: this.#serial, lines, suppressed });
  }

  #tellDifference({ verdict }: Run): void {
    const difference = verdict?.difference ?? null;
    const shown = difference === null ? '' : `${difference.line}`;
    if (shown === this.#shownState) return;
    this.#shownState = shown;
    this.#post({ kind: 'difference', difference });
  }

  #refuse(command: RefusedCommand, sentence: string): void {
    this.#post({ kind: 'refused', command, sentence });
  }

  #post(report: Report): void {
    this.#port.postMessage(report, []);
  }
}

/** Changes what runs. @returns null when done, else why not. */
function changed({ simulation }: Session, command: ChangeCommand): string | null {
  return simulation === null
    ? 'A recording is as it was: nothing can be changed in it.'
    : simulation.apply(command);
}
