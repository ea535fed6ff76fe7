/**
 * The worker's side of the port: hears commands, plays the run in slices, and posts frames and
 * reports. It is given a port and a scheduler, never `self`, so that all of it runs in unit tests.
 *
 * A bad command is answered and changes nothing. An exception inside a command becomes an answer
 * too. One while playing is a broken invariant: it is told, and that run is paused.
 */
import type { Run } from '../engine/run.ts';
import type { Simulation } from '../engine/simulation.ts';
import { checkCommand } from './command-check.ts';
import { CloseLook } from './close-look.ts';
import { Companion } from './companion.ts';
import { ExplainWatch, type ExplainCommand } from './explain-watch.ts';
import { FrameDesk } from './frame-desk.ts';
import { GrowthNews } from './growth-news.ts';
import { LatePages, type FetchPages } from './late-pages.ts';
import type { Looked } from './memory-desk.ts';
import { isOfMemory, MemoryWatch, type MemoryAsk } from './memory-watch.ts';
import { answerOf, isQuestion } from './past.ts';
import { Player, type Played } from './player.ts';
import type { Port, Scheduler } from './port.ts';
import type { Command, RefusedCommand, Report } from './protocol.ts';
import { LogNews } from './log-news.ts';
import type { OpenRecording } from './recording-opener.ts';
import { stoppedSentence, undoneSentence } from './sentences.ts';
import { SessionOpener } from './session-opener.ts';
import { sessionOf, type Session } from './session.ts';
import { fetchTimeDesk, isOfTime, TimeWatch, type FetchTime, type TimeAsk } from './time-watch.ts';

/** Wall ms between two looks at a run that keeps up. */
const TURN_MS = 16;

/** Longest stretch without looking at the port. */
const SLICE_MS = 8;
/** What the run gets of it while something runs beside it, and while that has to catch up. */
const SHARED_MS = 4;
const SPARING_MS = 2;

type LoadedCommand = Exclude<
  Command,
  DeskAsk | { kind: 'load' | 'replay' | 'frame' | 'colour' | 'speed' | 'shadow' | 'shadow-replay' }
>;
/** What is answered by a part that is fetched later. */
type DeskAsk = MemoryAsk | TimeAsk | ExplainCommand;
type ChangeCommand = Extract<Command, { kind: 'device' | 'write' }>;
type MoveCommand = Extract<Command, { kind: 'play' | 'pause' | 'step' | 'step-past' }>;

/** One per worker. `hear` is its only input, the port its only output. */
export class Host {
  readonly #port: Port;
  readonly #scheduler: Scheduler;
  readonly #opener: SessionOpener;
  readonly #player: Player;
  readonly #frames = new FrameDesk();
  readonly #closeLook: CloseLook;
  readonly #companion: Companion;
  readonly #growth = new GrowthNews();
  readonly #memory: MemoryWatch;
  readonly #explain: ExplainWatch;
  #session: Session | null = null;
  #serial = 0;
  readonly #log = new LogNews();
  readonly #time: TimeWatch;
  /** Changes that the controls shown are of. */
  #changesShown = 0;
  #turnSet = false;
  #shownState = '';

  constructor(
    port: Port,
    scheduler: Scheduler,
    openRecording: OpenRecording,
    fetchPages: FetchPages,
    fetchTime: FetchTime = fetchTimeDesk,
  ) {
    this.#port = port;
    this.#scheduler = scheduler;
    this.#player = new Player(() => scheduler.now());
    const post = (report: Report) => this.#post(report);
    this.#closeLook = new CloseLook(post);
    const woken = () => this.#setTurn();
    const parts = { scheduler, openRecording, pages: new LatePages(fetchPages), post, woken };
    this.#companion = new Companion(parts);
    const start = (session: Session, play: boolean) => this.#start(session, play, false);
    this.#opener = new SessionOpener({ ...parts, start });
    const postBulk = (report: Report, transfer: Transferable[]) =>
      port.postMessage(report, transfer);
    this.#memory = new MemoryWatch({ scheduler, post: postBulk }, () => this.#looked());
    this.#explain = new ExplainWatch({ scheduler, post: postBulk }, () => this.#session);
    this.#time = new TimeWatch(
      {
        scheduler,
        post,
        woken,
        adopted: ({ run }, played) => this.#adopt(run, played),
        arrived: () => this.#arrived(),
      },
      fetchTime,
    );
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
    if (command.kind === 'load' || command.kind === 'replay') {
      this.#opener.obey(command);
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
    } else if (isOfDesk(command)) {
      this.#askDesk(command);
    } else {
      this.#obeyLoaded(this.#session, command);
    }
  }

  #askDesk(command: DeskAsk): void {
    if (isOfMemory(command)) this.#memory.ask(command);
    else if (isOfTime(command)) this.#travel(command);
    else this.#explain.ask(command);
  }

  /** Commands that need something to be loaded. */
  #obeyLoaded(session: Session, command: LoadedCommand): void {
    if (isQuestion(command)) return this.#post(answerOf(session, command));
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
    const fault = this.#changed(session, command);
    if (command.kind === 'write') this.#post({ kind: 'written', id: command.id, sentence: fault });
    else if (fault !== null) this.#refuse('device', fault);
    this.#frames.dirty = true;
  }

  /** Changes what runs. @returns null when done, else why not. */
  #changed({ simulation }: Session, command: ChangeCommand): string | null {
    if (simulation === null) return 'A recording is as it was: nothing can be changed in it.';
    const fault = this.#time.apply(simulation, command);
    this.#changesShown = simulation.journal.length;
    return fault;
  }

  #travel(command: TimeAsk): void {
    const fault = this.#time.ask(command);
    if (fault !== null) this.#refuse(command.kind, fault);
    else if (command.kind !== 'branch' || command.act === 'switch') this.#player.moved();
    // What is near is shown with the next picture.
    this.#time.slice(this.#scheduler.now() + SLICE_MS);
    this.#frames.dirty = true;
  }

  /** The run has a past from now on: the same run, at the same place. */
  #adopt(simulation: Simulation, played: Played): void {
    const { openAtNs } = this.#session ?? { openAtNs: 0 };
    this.#session = sessionOf(simulation, openAtNs);
    this.#player.swap(played);
    this.#companion.adopt(simulation);
  }

  /** The run stands elsewhere: whatever was told of it is told anew. */
  #arrived(): void {
    this.#player.moved();
    this.#log.moved();
    this.#growth.moved();
    this.#companion.returned();
    this.#frames.dirty = true;
  }

  /** Tells how the controls stand, where they were changed by going through time. */
  #tellControls(session: Session): void {
    const changes = session.simulation?.journal.length ?? 0;
    if (changes === this.#changesShown) return;
    this.#changesShown = changes;
    const serial = this.#serial;
    const { machine, scenario } = session.report(serial);
    this.#post({ kind: 'moved', serial, machine, scenario });
  }

  #move({ kind }: MoveCommand): void {
    this.#time.settle();
    if (kind === 'play') this.#player.play();
    else if (kind === 'pause') this.#player.pause();
    else if (kind === 'step') this.#player.step();
    else this.#player.stepPast();
  }

  #start(session: Session, play: boolean, again: boolean): void {
    this.#session = session;
    this.#serial++;
    this.#log.begin();
    this.#changesShown = 0;
    this.#shownState = '';
    this.#closeLook.forget();
    this.#growth.begin();
    this.#explain.forget();
    this.#player.load(session.run, session.openAtNs, play);
    this.#post(session.report(this.#serial));
    this.#companion.begin(session, this.#serial, again);
    this.#time.begin(session.simulation, this.#serial);
    this.#frames.dirty = true;
  }

  /** Has the next turn taken, if there is anything to do then. */
  #setTurn(atOnce = false): void {
    if (this.#turnSet || this.#session === null) return;
    const frameMs = this.#player.opening ? Infinity : this.#frames.waitMs(this.#scheduler.now());
    const playMs = this.#busy
      ? this.#player.opening || this.#time.busy || atOnce
        ? 0
        : TURN_MS
      : Infinity;
    const waitMs = Math.min(frameMs, playMs);
    if (waitMs === Infinity) return;
    this.#turnSet = true;
    this.#scheduler.later(() => this.#turn(), waitMs);
  }

  #turn(): void {
    this.#turnSet = false;
    const session = this.#session;
    if (session === null) return;
    const wasBusy = this.#player.busy || this.#companion.lags || this.#time.searching;
    let behind = false;
    try {
      behind = this.#slice();
      if (wasBusy) this.#frames.dirty = true;
      if (!this.#player.opening && !this.#time.travelling) this.#show(this.#session ?? session);
    } catch (error) {
      this.#player.halt();
      this.#time.halt();
      // The run is shown once more as it stands, unless it is the showing that failed.
      this.#frames.dirty = wasBusy;
      this.#refuse('play', stoppedSentence(error));
    }
    this.#setTurn(behind);
  }

  get #busy(): boolean {
    return this.#player.busy || this.#companion.lags || this.#time.busy;
  }

  /** Plays the run, then what is beside it. @returns whether either wants to go on at once. */
  #slice(): boolean {
    const companion = this.#companion;
    if (this.#time.busy && !this.#player.opening) {
      this.#time.slice(this.#scheduler.now() + SLICE_MS - SPARING_MS);
      if (this.#time.busy || !this.#player.busy) return this.#player.slice(SPARING_MS);
    }
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
      const { knownNs, shownNs } = this.#time;
      const label = { serial: this.#serial, runState: state, knownNs, shownNs };
      const buffer = this.#frames.write(session.run, label, nowMs);
      this.#port.postMessage({ kind: 'frame', buffer } satisfies Report, [buffer]);
      this.#closeLook.renew(session.run);
      this.#time.open();
    }
    this.#tell(session);
  }

  #tell(session: Session): void {
    const { run, simulation } = session;
    this.#tellControls(session);
    const lines = this.#log.of(run.log, this.#serial);
    if (lines !== null) this.#post(lines);
    this.#tellDifference(run);
    const news = this.#growth.of(simulation, this.#serial);
    if (news !== null) this.#post(news);
    this.#memory.look();
    this.#time.tell(this.#player.playing);
  }

  /** What the memory desk looks at. */
  #looked(): Looked | null {
    const simulation = this.#session?.simulation ?? null;
    const { playing } = this.#player;
    return simulation && { simulation, serial: this.#serial, playing };
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

function isOfDesk(command: Command): command is DeskAsk {
  return isOfMemory(command) || isOfTime(command) || command.kind === 'explain';
}
