/**
 * The host's door to the desk that explains searches, which is loaded when the page first asks. What
 * is asked before it is there waits; only the newest question matters.
 */
import type { Run } from '../engine/run.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { ExplainDesk } from './explain-desk.ts';
import type { Scheduler } from './port.ts';
import type { Command, Report } from './protocol.ts';

export type { ExplainAsk } from '../engine/explained.ts';

/** A question about a search, or none any more. */
export type ExplainCommand = Extract<Command, { readonly kind: 'explain' }>;

/** What is looked at. */
export interface ExplainLooked {
  readonly run: Run;
  /** The run again, if it is a simulation: only that can be repeated. */
  readonly simulation: Simulation | null;
}

/** What the desk needs of its surroundings. */
export interface ExplainDeskEvents {
  readonly scheduler: Scheduler;
  post(report: Report, transfer: Transferable[]): void;
}

const NOT_LOADED =
  'The microscope could not be loaded; the connection may be gone. Ask again later.';

/** One per host. */
export class ExplainWatch {
  readonly #events: ExplainDeskEvents;
  readonly #looked: () => ExplainLooked | null;
  #desk: ExplainDesk | null = null;
  #isOpening = false;
  #waiting: ExplainCommand | null = null;

  constructor(events: ExplainDeskEvents, looked: () => ExplainLooked | null) {
    this.#events = events;
    this.#looked = looked;
  }

  ask(command: ExplainCommand): void {
    this.#waiting = command;
    if (this.#desk !== null) this.#answer(this.#desk);
    else if (!this.#isOpening && command.ask !== null) void this.#open();
  }

  /** Another run has begun: nobody waits for answers about the one before. */
  forget(): void {
    this.ask({ kind: 'explain', id: 0, ask: null });
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    try {
      const { ExplainDesk: Desk } = await import('./explain-desk.ts');
      this.#desk = new Desk(this.#events);
      this.#answer(this.#desk);
    } catch {
      const id = this.#waiting?.id ?? 0;
      const explained = { kind: 'none', sentence: NOT_LOADED } as const;
      this.#events.post({ kind: 'explained', id, explained }, []);
    }
    this.#isOpening = false;
  }

  #answer(desk: ExplainDesk): void {
    const command = this.#waiting;
    const looked = this.#looked();
    this.#waiting = null;
    if (command !== null && looked !== null) desk.obey(command, looked);
  }
}
