/**
 * The host's door to the desk that moves a run through time, which is fetched when the first picture
 * stands. Until it is there the run is played as it is, and who wants to go elsewhere is told so.
 */
import type { Change, Simulation } from '../engine/simulation.ts';
import type { Timeline } from '../engine/timeline.ts';
import type { Command } from './protocol.ts';
import type { TimeDesk, TimeTies } from './time-desk.ts';

/** What the page may ask about time. */
export type TimeAsk = Extract<Command, { kind: 'seek' | 'move' | 'branch' }>;

/** Whether a command is of this part. */
export function isOfTime(command: Command): command is TimeAsk {
  const { kind } = command;
  return kind === 'seek' || kind === 'move' || kind === 'branch';
}

/** Fetches the desk; rejects when it cannot be had. May be asked again. */
export type FetchTime = () => Promise<(ties: TimeTies) => TimeDesk>;

export const fetchTimeDesk: FetchTime = async () => {
  const { TimeDesk: Desk } = await import('./time-desk.ts');
  return (ties) => new Desk(ties);
};

const OF_RECORDING = 'A recording is played forward only: start it again to see its beginning.';
const NOT_YET = 'The way back is not ready yet; try again in a moment.';
const NOT_LOADED =
  'Going back needs a part of this page that could not be loaded; the connection may be gone.';

/** One per host. */
export class TimeWatch {
  readonly #ties: TimeTies;
  readonly #fetch: FetchTime;
  #desk: TimeDesk | null = null;
  #isOpening = false;
  #hasFailed = false;
  #simulation: Simulation | null = null;
  #serial = 0;

  constructor(ties: TimeTies, fetch: FetchTime) {
    this.#ties = ties;
    this.#fetch = fetch;
  }

  /** The run's past; null while nobody keeps it. */
  get timeline(): Timeline | null {
    return this.#desk?.timeline ?? null;
  }

  /** How far the run was played, on this branch and on any; virtual ns. */
  get knownNs(): number {
    return this.timeline?.end.timeNs ?? 0;
  }

  get shownNs(): number {
    const branches = this.timeline?.branches ?? [];
    return branches.reduce((most, { endNs }) => Math.max(most, endNs), 0);
  }

  /** The run is under way to another place: nothing else may move it. */
  get travelling(): boolean {
    return this.#desk?.travelling === true;
  }

  /** The run goes on in search of something: it is shown as it passes. */
  get searching(): boolean {
    return this.#desk?.searching === true;
  }

  /** A slice has something to do. */
  get busy(): boolean {
    return this.#desk?.busy === true;
  }

  /** A session begins. @param simulation null for a recording. */
  begin(simulation: Simulation | null, serial: number): void {
    this.#simulation = simulation;
    this.#serial = serial;
    this.#desk?.begin(simulation, serial);
  }

  /** Has the desk fetched; what runs gets its past as soon as it is there. */
  open(): void {
    if (this.#desk === null && !this.#isOpening) void this.#open();
  }

  /** @returns why it cannot be done, or null. */
  ask(command: TimeAsk): string | null {
    if (this.#simulation === null) return OF_RECORDING;
    const desk = this.#desk;
    if (desk !== null && desk.timeline !== null) return desk.obey(command);
    this.open();
    return this.#hasFailed ? NOT_LOADED : NOT_YET;
  }

  /** Makes a change in the run, where it stands. @returns why not, or null. */
  apply(simulation: Simulation, change: Change): string | null {
    const desk = this.#desk;
    const timeline = desk?.timeline;
    return desk && timeline ? desk.apply(timeline, change) : simulation.apply(change);
  }

  /** Comes at once to where it is under way to. */
  settle(): void {
    this.#desk?.settle();
  }

  /** Gives up whatever is under way. */
  halt(): void {
    this.#desk?.halt();
  }

  /** Moves on whatever is under way, until `untilMs`. */
  slice(untilMs: number): void {
    this.#desk?.slice(untilMs);
  }

  /** Tells the page where the run stands, when that has changed. */
  tell(playing: boolean): void {
    this.#desk?.tell(playing);
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    try {
      this.#desk = (await this.#fetch())(this.#ties);
      this.#desk.begin(this.#simulation, this.#serial);
      this.#ties.woken();
    } catch {
      this.#hasFailed = true;
    }
    this.#isOpening = false;
  }
}
