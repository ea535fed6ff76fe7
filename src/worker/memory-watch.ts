/**
 * The host's door to the memory desk, which is loaded when the page first asks it something. What is
 * asked before it is there waits, in order.
 */
import type { DeskEvents, Looked, MemoryDesk } from './memory-desk.ts';
import type { Command } from './protocol.ts';

/** What the page may ask about memory. */
export type MemoryAsk = Extract<Command, { kind: 'memory-watch' | 'what-if' | 'pagetypeinfo' }>;

/** Whether a command is of this part. */
export function isOfMemory(command: Command): command is MemoryAsk {
  const { kind } = command;
  return kind === 'memory-watch' || kind === 'what-if' || kind === 'pagetypeinfo';
}

const NOT_LOADED =
  'This part of the page could not be loaded; the connection may be gone. Ask again later.';

/** One per host. */
export class MemoryWatch {
  readonly #events: DeskEvents;
  /** The run as it is now; null for one without a page allocator to look at. */
  readonly #looked: () => Looked | null;
  #desk: MemoryDesk | null = null;
  #isOpening = false;
  #waiting: MemoryAsk[] = [];

  constructor(events: DeskEvents, looked: () => Looked | null) {
    this.#events = events;
    this.#looked = looked;
  }

  ask(ask: MemoryAsk): void {
    this.#waiting.push(ask);
    if (this.#desk !== null) this.#answer(this.#desk);
    else if (!this.#isOpening) void this.#open();
  }

  /** The run may have gone on. */
  look(): void {
    const looked = this.#desk && this.#looked();
    if (looked !== null) this.#desk?.look(looked);
  }

  async #open(): Promise<void> {
    this.#isOpening = true;
    try {
      const { MemoryDesk: Desk } = await import('./late-machine.ts');
      this.#desk = new Desk(this.#events);
      this.#answer(this.#desk);
    } catch {
      this.#refuse(NOT_LOADED);
    }
    this.#isOpening = false;
  }

  #answer(desk: MemoryDesk): void {
    const looked = this.#looked();
    if (looked === null) {
      this.#refuse('A recording has no page allocator to look at.');
      return;
    }
    const asked = this.#waiting;
    this.#waiting = [];
    for (const ask of asked) desk.obey(ask, looked);
  }

  /** Whoever asks with a number is answered with it; nobody waits for ever. */
  #refuse(sentence: string): void {
    const asked = this.#waiting;
    this.#waiting = [];
    for (const ask of asked) {
      if (ask.kind === 'memory-watch' && !ask.on) continue;
      if (ask.kind === 'pagetypeinfo') {
        this.#events.post({ kind: 'pagetypeinfo', id: ask.id, text: null }, []);
      } else {
        this.#events.post({ kind: 'refused', command: ask.kind, sentence }, []);
      }
    }
  }
}
