/**
 * Tells the page of the machine's memory while it looks, and answers what it asks about it. Loaded
 * when it is first asked: no first picture needs it.
 *
 * A reading of many pageblocks is cut into pieces with other work between them, so that it never
 * holds up the run; what was read while it went on says from when to when.
 */
import type { MemoryNews } from '../engine/memory-news.ts';
import { MemorySurvey } from '../engine/memory-survey.ts';
import type { Simulation } from '../engine/simulation.ts';
import { whatIfGrown } from '../engine/what-if.ts';
import { pagetypeinfoText } from '../model/buddy-text.ts';
import type { MemoryAsk } from './memory-watch.ts';
import type { Scheduler } from './port.ts';
import type { Report } from './protocol.ts';

/** Pageblocks read in one go: at most a million pages, a few milliseconds. */
export const SLICE_BLOCKS = 2048;
/** While the run goes on, the map is told at most five times a wall second. */
export const EVERY_MS = 200;
/**
 * Wall ms for each pageblock before it is read again: reading one of single pages takes 1.4 µs on the
 * machine this was measured on, so that 64 GiB cost the run a twentieth.
 */
const BLOCK_MS = 1 / 40;

/** What a desk needs of its host. */
export interface DeskEvents {
  readonly scheduler: Scheduler;
  readonly post: (report: Report, transfer: Transferable[]) => void;
}

/** The run that is looked at. */
export interface Looked {
  readonly simulation: Simulation;
  readonly serial: number;
  readonly playing: boolean;
}

/** One per host. */
export class MemoryDesk {
  readonly #events: DeskEvents;
  #isOn = false;
  /** Cell whose pages are told too, or -1. */
  #cell = -1;
  #looked: Looked | null = null;
  #survey: MemorySurvey | null = null;
  #toldMs = -Infinity;
  /** Events handled when that reading was of one moment, or -1; and when this one began. */
  #toldEvent = -1;
  #beganEvent = -1;
  #pieceSet = false;

  constructor(events: DeskEvents) {
    this.#events = events;
  }

  /** Does what the page asks for, with the run as it is. */
  obey(ask: MemoryAsk, looked: Looked): void {
    const { world } = looked.simulation;
    if (ask.kind === 'memory-watch') {
      this.#isOn = ask.on;
      this.#cell = ask.cell;
      this.#toldEvent = -1;
      this.#toldMs = -Infinity;
      this.look(looked);
    } else if (ask.kind === 'what-if') {
      const { id } = ask;
      this.#post({ kind: 'what-if', id, serial: looked.serial, answer: whatIfGrown(world) });
    } else {
      const text = world.pages === null ? null : pagetypeinfoText(world.pages.guest.allocator);
      this.#post({ kind: 'pagetypeinfo', id: ask.id, text });
    }
  }

  /** The run may have gone on. */
  look(looked: Looked): void {
    if (looked.simulation !== this.#looked?.simulation) {
      this.#survey = null;
      this.#toldEvent = -1;
      this.#toldMs = -Infinity;
    }
    this.#looked = looked;
    if (this.#isOn && !this.#pieceSet) this.#piece();
  }

  /** Reads a piece if one is due, and sees to the next. */
  #piece(): void {
    const looked = this.#looked;
    if (looked === null || !this.#isOn || looked.simulation.world.pages === null) return;
    this.#survey ??= new MemorySurvey(looked.simulation.world);
    const survey = this.#survey;
    const { event } = looked.simulation;
    if (!survey.isUnderWay) {
      if (!this.#isDue(looked)) return;
      this.#beganEvent = event;
    }
    const news = survey.read(SLICE_BLOCKS);
    if (news !== null) this.#tell(looked, survey, news);
    // The rest of it; or all of it again, when the run has come to a stand meanwhile.
    const isMixed = news !== null && !looked.playing && this.#beganEvent !== event;
    if (news === null || isMixed) this.#later();
  }

  #later(): void {
    this.#pieceSet = true;
    this.#events.scheduler.later(() => {
      this.#pieceSet = false;
      this.#piece();
    }, 0);
  }

  #tell({ simulation, serial }: Looked, survey: MemorySurvey, news: MemoryNews): void {
    this.#toldEvent = this.#beganEvent === simulation.event ? simulation.event : -1;
    this.#toldMs = this.#events.scheduler.now();
    const states = this.#cell === -1 ? null : survey.states(this.#cell);
    const pages = states === null ? null : { cell: this.#cell, states };
    const transfer = states === null ? [news.buffer] : [news.buffer, states.buffer];
    this.#events.post({ kind: 'memory', serial, news, pages }, transfer);
  }

  #isDue({ simulation, playing }: Looked): boolean {
    if (simulation.event === this.#toldEvent) return false;
    const everyMs = Math.max(EVERY_MS, (this.#survey?.cells ?? 0) * BLOCK_MS);
    return !playing || this.#events.scheduler.now() - this.#toldMs >= everyMs;
  }

  #post(report: Report): void {
    this.#events.post(report, []);
  }
}
