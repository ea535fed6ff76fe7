/** Where the run stands in its own past, the branches it has, and the ways to go elsewhere. */
import type { PlainReport } from '../worker/client.ts';
import type { BranchSummary, Command, Grain, PastLine } from '../worker/protocol.ts';
import type { Page } from './page.ts';

export interface TimeState {
  /** How far the run was played on this branch; virtual ns. Null until going back is possible. */
  readonly end: { readonly event: number; readonly timeNs: number } | null;
  /** The run stands before that: what comes is known. */
  readonly isPast: boolean;
  /** What makes the present event one to go to, or'ed `MOMENT`. */
  readonly moments: number;
  /** Memory that going back takes, and its bound; bytes. */
  readonly keyframes: { readonly bytes: number; readonly limitBytes: number };
  readonly branches: readonly BranchSummary[];
  /** Usage on the branches, as far as they were played. */
  readonly pasts: readonly PastLine[];
}

export const INITIAL_TIME: TimeState = {
  end: null,
  isPast: false,
  moments: 0,
  keyframes: { bytes: 0, limitBytes: 0 },
  branches: [],
  pasts: [],
};

/** What the worker says of time. */
export type TimeReport = Extract<PlainReport, { kind: 'place' | 'pasts' | 'forked' | 'moved' }>;

/** Whether a report is of this part of the page. */
export function isOfTime(report: PlainReport): report is TimeReport {
  const { kind } = report;
  return kind === 'place' || kind === 'pasts' || kind === 'forked' || kind === 'moved';
}

export class TimeTravel {
  readonly #page: Page;
  /** The moment that is dragged to, and goes out with the next picture. */
  #scrubNs: number | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  /** One step of a size, forward (1) or back (-1). The run stands there. */
  move(grain: Grain, direction: 1 | -1): void {
    this.#go({ kind: 'move', grain, direction });
  }

  /** Behind so many events. */
  toEvent(event: number): void {
    this.#go({ kind: 'seek', to: 'event', event });
  }

  toTime(timeNs: number): void {
    this.#go({ kind: 'seek', to: 'time', timeNs });
  }

  toStart(): void {
    this.toEvent(0);
  }

  /** As far as the run was played. */
  toEnd(): void {
    this.#go({ kind: 'seek', to: 'end' });
  }

  /** Like `toTime`, many times a second: one goes out with each picture, and only the newest. */
  scrub(timeNs: number): void {
    const isWaiting = this.#scrubNs !== null;
    this.#scrubNs = timeNs;
    if (isWaiting) return;
    requestAnimationFrame(() => {
      const toNs = this.#scrubNs;
      this.#scrubNs = null;
      if (toNs !== null) this.toTime(toNs);
    });
  }

  switchTo(id: number): void {
    this.#go({ kind: 'branch', act: 'switch', id });
  }

  rename(id: number, name: string): void {
    this.#page.client.post({ kind: 'branch', act: 'rename', id, name });
  }

  remove(id: number): void {
    this.#page.client.post({ kind: 'branch', act: 'delete', id });
  }

  hear(report: TimeReport): void {
    if (report.serial !== this.#page.state.serial) return;
    if (report.kind === 'pasts') this.#set({ pasts: report.lines });
    else if (report.kind === 'forked') this.#forked(report);
    else if (report.kind === 'moved') this.#moved(report);
    else {
      const { event, timeNs, endEvent, endNs, moments, keyframes, branches } = report;
      const isPast = event < endEvent || timeNs < endNs;
      const end = { event: endEvent, timeNs: endNs };
      this.#set({ end, isPast, moments, keyframes, branches });
    }
  }

  /** Another run has begun. */
  forget(): void {
    this.#page.set({ time: INITIAL_TIME });
  }

  #go(command: Extract<Command, { kind: 'seek' | 'move' | 'branch' }>): void {
    this.#page.transport.stand();
    this.#page.client.post(command);
  }

  #moved({ machine, scenario }: Extract<TimeReport, { kind: 'moved' }>): void {
    this.#page.set({ machine, scenario: scenario ?? this.#page.state.scenario });
  }

  #forked({ from, to }: Extract<TimeReport, { kind: 'forked' }>): void {
    this.#page.news(
      `You changed the past: from here on it is ${to}. ${from} stays on the timeline as a ghost.`,
    );
  }

  #set(part: Partial<TimeState>): void {
    this.#page.set({ time: { ...this.#page.state.time, ...part } });
  }
}
