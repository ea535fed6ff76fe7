/**
 * The page: its state, its worker, its loop, and the actions that change it. One of these exists in
 * a browser; tests make their own with a worker of paper.
 */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Scenario } from '../engine/scenario.ts';
import type { MachineSummary } from '../worker/protocol.ts';
import { WorkerClient, type PlainReport, type StartLink } from '../worker/client.ts';
import { Bookmarks } from './bookmarks.ts';
import { Compare } from './compare.ts';
import { Crashes } from './crashes.ts';
import { FrameLoop } from './frame-loop.ts';
import { Hashes } from './hashes.ts';
import { Library } from './library.ts';
import { Look } from './look.ts';
import { isOfMemory, Memory, type MemoryReport } from './memory.ts';
import { isOfScope, Microscope, type ScopeReport } from './microscope.ts';
import { Opener } from './opener.ts';
import { INITIAL_STATE, type Notice, type PageState } from './page-state.ts';
import { Pointing } from './pointing.ts';
import { readoutOf, type Readout } from './readout.ts';
import { RecentPast } from './recent.ts';
import { Sessions } from './sessions.ts';
import { Shell } from './shell/shell.ts';
import { dialForEvents, speedAt } from './speed.ts';
import { ThrottleActions } from './throttle.ts';
import { INITIAL_TIME, isOfTime, TimeTravel, type TimeReport } from './time-travel.ts';
import { Transport } from './transport.ts';
import { Undo } from './undo.ts';
import { Writes } from './writes.ts';

/** Lines of the kernel log kept for reading. */
const LOG_LINES = 400;
/** Attempts to grow kept for reading. */
const ATTEMPTS = 200;
/** Notices shown at once; older ones go. */
const NOTICES = 3;
/** The scenario the page opens on when none is asked for. */
const FIRST_SCENARIO = 'confidential-vm';
/** Where the very first scenario is when it is first seen, virtual ms. */
const FIRST_PICTURE_MS = 1;
/** A replay opens at a speed that shows it in about this many wall seconds. */
const REPLAY_SECONDS = 20;

/** Whether a legend filter still means the same. */
function sameDevices(one: MachineSummary | null, other: MachineSummary): boolean {
  if (!one || one.devices.length !== other.devices.length) return false;
  return one.devices.every(({ name }, row) => name === other.devices[row]?.name);
}

export class Page {
  readonly use: UseBoundStore<StoreApi<PageState>>;
  readonly client: WorkerClient;
  readonly loop: FrameLoop;
  readonly transport: Transport;
  readonly time: TimeTravel;
  readonly bookmarks: Bookmarks;
  readonly opener: Opener;
  readonly library: Library;
  readonly compare: Compare;
  readonly look: Look;
  readonly memory: Memory;
  readonly microscope: Microscope;
  readonly pointing: Pointing;
  readonly hashes: Hashes;
  readonly writes: Writes;
  readonly throttle: ThrottleActions;
  readonly sessions: Sessions;
  readonly shell: Shell;
  readonly undo: Undo;
  readonly #crashes = new Crashes();
  readonly #past = new RecentPast();
  #noticeId = 0;

  constructor(start: StartLink) {
    this.use = create<PageState>(() => INITIAL_STATE);
    this.client = new WorkerClient(start, {
      report: (report) => this.#hear(report),
      crash: (why) => this.#recover(why),
    });
    this.loop = new FrameLoop({
      newest: () => this.client.frame,
      text: (frame) => this.#read(this.#past.refine(readoutOf(frame))),
    });
    this.transport = new Transport(this);
    this.time = new TimeTravel(this);
    this.bookmarks = new Bookmarks(this);
    this.opener = new Opener(this);
    this.library = new Library(this);
    this.compare = new Compare(this);
    this.look = new Look(this);
    this.memory = new Memory(this);
    this.microscope = new Microscope(this);
    this.pointing = new Pointing(this);
    this.hashes = new Hashes(this);
    this.writes = new Writes(this);
    this.throttle = new ThrottleActions(this);
    this.sessions = new Sessions(this);
    this.shell = new Shell(this);
    this.undo = new Undo(this);
  }

  get state(): PageState {
    return this.use.getState();
  }

  /** Changes the state, and has the canvases repainted: what they show may depend on it. */
  set(part: Partial<PageState>): void {
    this.use.setState(part);
    this.loop.touch();
  }

  /** Starts the worker; what it is to run comes with `openFirst`. */
  start(opening: Partial<PageState>): void {
    this.set(opening);
    this.client.open();
  }

  /** Opens a scenario: the one asked for, else the one for a first visit. */
  openFirst(scenarios: readonly Scenario[], id: string | null): void {
    this.set({ scenarios });
    const asked = scenarios.find((entry) => entry.id === id);
    const first = scenarios.find((entry) => entry.id === FIRST_SCENARIO) ?? scenarios[0];
    if (id !== null && !asked) this.fault(`There is no scenario “${id}”.`);
    if (asked) this.opener.openScenario(asked);
    else if (first) this.opener.openScenario(this.#young(first));
  }

  /** A first visit sees the memory begin to fill; who wants no motion sees it filled. */
  #young(scenario: Scenario): Scenario {
    if (this.state.reducedMotion) return scenario;
    return { ...scenario, openAtMs: Math.min(scenario.openAtMs, FIRST_PICTURE_MS) };
  }

  fault(text: string): void {
    this.#note('fault', text);
  }

  news(text: string): void {
    this.#note('news', text);
  }

  dismiss(id: number): void {
    this.set({ notices: this.state.notices.filter((notice) => notice.id !== id) });
  }

  #note(tone: Notice['tone'], text: string): void {
    const others = this.state.notices.filter((notice) => notice.text !== text);
    const notice: Notice = { id: ++this.#noticeId, tone, text };
    this.set({ notices: [...others, notice].slice(-NOTICES) });
  }

  #read(readout: Readout): void {
    this.use.setState({ readout });
    this.bookmarks.passed(readout);
  }

  #hear(report: PlainReport): void {
    if (report.kind === 'log' || report.kind === 'growth') this.#noted(report);
    else if (isOfMemory(report)) this.memory.hear(report);
    else if (isOfScope(report)) this.microscope.hear(report);
    else if (isOfTime(report)) this.time.hear(report);
    else this.#answer(report);
  }

  #answer(
    report: Exclude<
      PlainReport,
      MemoryReport | ScopeReport | TimeReport | { kind: 'log' | 'growth' }
    >,
  ): void {
    switch (report.kind) {
      case 'loaded':
        this.#loaded(report);
        break;
      case 'hovered':
        this.set({ hovered: report.story });
        break;
      case 'pinned':
        this.pointing.told(report.story);
        break;
      case 'detail':
        this.set({ detail: report.detail });
        break;
      case 'difference':
        this.set({ difference: report.difference });
        break;
      case 'progress':
        this.opener.progress(report.done, report.total);
        break;
      case 'refused':
        this.#refused(report.command, report.sentence);
        break;
      case 'written':
        this.writes.answer(report.id, report.sentence);
        break;
      case 'shadowed':
        this.compare.shadowed(report);
        break;
      case 'recorded':
        this.sessions.answer(report.id, report.past);
        break;
      case 'hash':
        this.hashes.answer(report.id, report.hash);
        break;
    }
  }

  #noted(report: Extract<PlainReport, { kind: 'log' | 'growth' }>): void {
    if (report.serial !== this.state.serial) return;
    if (report.kind === 'log') this.#logged(report);
    else this.#grew(report);
  }

  #logged({ anew, lines, suppressed }: Extract<PlainReport, { kind: 'log' }>): void {
    const before = anew ? [] : this.state.log;
    this.use.setState({ log: [...before, ...lines].slice(-LOG_LINES), suppressed });
  }

  #grew({ anew, attempts, ...now }: Extract<PlainReport, { kind: 'growth' }>): void {
    const { count, buddyinfo, own } = now;
    const growth = [...(anew ? [] : this.state.growth), ...attempts].slice(-ATTEMPTS);
    this.set({ growth, growthCount: count, buddyinfo, own });
  }

  #loaded(report: Extract<PlainReport, { kind: 'loaded' }>): void {
    const { serial, machine, scenario, replay } = report;
    // Opened just now, or begun again: only then does it get a speed and begin by itself.
    const opened = this.state.opening ? replay : null;
    this.set({
      phase: 'ready',
      serial,
      machine,
      replay,
      scenario: scenario ?? this.state.scenario,
      opening: null,
      difference: null,
      log: [],
      suppressed: 0,
      growth: [],
      growthCount: 0,
      buddyinfo: null,
      own: null,
      span: null,
      time: INITIAL_TIME,
      bookmarks: [],
      loop: null,
      readout: null,
      hovered: null,
      pinnedAt: null,
      pinned: null,
      detail: null,
      touched: this.state.touched || this.state.serial >= 0,
      dial: opened ? dialForEvents(opened.events, REPLAY_SECONDS) : this.state.dial,
      hidden: sameDevices(this.state.machine, machine) ? this.state.hidden : new Set(),
    });
    this.opener.loaded();
    this.pointing.forget();
    this.memory.loaded();
    this.microscope.forget();
    this.#past.forget();
    this.client.post({ kind: 'colour', mode: this.state.colourMode });
    this.client.post({ kind: 'speed', speed: speedAt(this.state.dial) });
    if (opened && !this.state.reducedMotion) this.client.post({ kind: 'play' });
    this.sessions.loaded();
  }

  #refused(command: string, sentence: string): void {
    if (command === 'replay') this.set({ opening: null });
    if (command === 'load') this.opener.refused();
    if (command === 'record') this.sessions.abandon();
    if (command === 'shadow' || command === 'shadow-replay') this.compare.refused();
    if (command === 'what-if') this.memory.abandon();
    // A write is answered where it was asked.
    if (command === 'write' && this.writes.refuse(sentence)) return;
    this.fault(sentence);
  }

  #recover(why: string): void {
    const { scenario, readout, replay } = this.state;
    this.hashes.abandon();
    this.writes.abandon();
    this.sessions.abandon();
    this.memory.abandon();
    this.microscope.forget();
    this.set({ opening: null, difference: null });
    if (this.#crashes.tooMany(performance.now()) || !scenario) {
      this.set({ phase: 'stopped' });
      this.fault(
        'The simulation stopped several times in a row. Pick a scenario to start it again.',
      );
      return;
    }
    this.client.open();
    const play = readout?.runState === 'playing' || readout === null;
    this.opener.load(scenario, play && !this.state.reducedMotion);
    const cause = why ? ` (${why})` : '';
    const lost = replay ? ' The recording is closed.' : '';
    this.fault(
      `The simulation stopped unexpectedly${cause} and was started again with “${scenario.title}”.${lost}`,
    );
  }
}
