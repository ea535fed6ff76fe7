/** The machine's memory, as far as the page looks at it: the map, one pageblock's pages, and what if. */
import { NO_AGEING, type AgeingSpec } from '../engine/scenario.ts';
import type { PlainReport } from '../worker/client.ts';
import type { MemoryNews, WhatIf } from '../worker/protocol.ts';
import type { Page } from './page.ts';

/** Answers kept, so that the newest can be laid beside those before it. */
const ANSWERS = 3;

/** What would have become of growing, on a machine of that age. */
export interface Answered {
  readonly serial: number;
  readonly ageing: AgeingSpec;
  readonly answer: WhatIf;
}

export interface MemoryState {
  readonly open: boolean;
  /** Null until the worker has read it. */
  readonly news: MemoryNews | null;
  /** Cell whose pages are shown, or -1; and their states as soon as they are there. */
  readonly cell: number;
  readonly pages: { readonly cell: number; readonly states: Uint8Array } | null;
  /** Newest first, of this scenario. */
  readonly answers: readonly Answered[];
  readonly asking: boolean;
}

export const INITIAL_MEMORY: MemoryState = {
  open: false,
  news: null,
  cell: -1,
  pages: null,
  answers: [],
  asking: false,
};

/** What the worker says of memory. */
export type MemoryReport = Extract<PlainReport, { kind: 'memory' | 'what-if' | 'pagetypeinfo' }>;

/** Whether a report is of this part of the page. */
export function isOfMemory(report: PlainReport): report is MemoryReport {
  return report.kind === 'memory' || report.kind === 'what-if' || report.kind === 'pagetypeinfo';
}

export class Memory {
  readonly #page: Page;
  readonly #waiting = new Map<number, (text: string | null) => void>();
  #id = 0;
  /** Scenario that the answers are of. */
  #scenario = '';

  constructor(page: Page) {
    this.#page = page;
  }

  show(open: boolean): void {
    this.#set({ open, news: null, cell: -1, pages: null });
    this.#watch();
  }

  /** Shows the pages of a cell's pageblock; -1: of none. */
  zoom(cell: number): void {
    this.#set({ cell, pages: null });
    this.#watch();
  }

  /** Asks whether growing would succeed now. */
  ask(): void {
    this.#set({ asking: true });
    this.#page.client.post({ kind: 'what-if', id: ++this.#id });
  }

  /** The text of `/proc/pagetypeinfo` as it reads now; null where there is none. */
  pagetypeinfo(): Promise<string | null> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#page.client.post({ kind: 'pagetypeinfo', id });
    });
  }

  hear(report: MemoryReport): void {
    if (report.kind === 'pagetypeinfo') {
      this.#waiting.get(report.id)?.(report.text);
      this.#waiting.delete(report.id);
      return;
    }
    if (report.serial !== this.#page.state.serial) return;
    if (report.kind === 'memory') this.#told(report);
    else this.#answered(report.answer);
  }

  /** Another run has begun. */
  loaded(): void {
    const { scenario } = this.#page.state;
    const isOther = scenario?.id !== this.#scenario;
    this.#scenario = scenario?.id ?? '';
    const { answers } = this.#page.state.memory;
    this.#set({ news: null, pages: null, asking: false, answers: isOther ? [] : answers });
    // A recording has no page allocator; the map waits for the next machine that has one.
    if (this.#page.state.memory.open && this.#page.state.replay === null) this.#watch();
  }

  /** The worker refused, or is gone: nobody will answer. */
  abandon(): void {
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
    this.#set({ asking: false });
  }

  #told({ news, pages }: Extract<MemoryReport, { kind: 'memory' }>): void {
    const { answers, asking, news: before, cell } = this.#page.state.memory;
    this.#set({ news, pages: pages?.cell === cell ? pages : null });
    // Who has asked once wants to see what the same growth comes to on the machine as it is now.
    const isStale = before === null && answers.length > 0 && !asking;
    if (isStale && answers[0]?.serial !== this.#page.state.serial) this.ask();
  }

  #answered(answer: WhatIf | null): void {
    const { serial, scenario, memory } = this.#page.state;
    this.#set({ asking: false });
    if (answer === null) return;
    const ageing = scenario?.machine.ageing ?? NO_AGEING;
    const others = memory.answers.filter((one) => one.serial !== serial);
    this.#set({ answers: [{ serial, ageing, answer }, ...others].slice(0, ANSWERS) });
  }

  #watch(): void {
    const { open, cell } = this.#page.state.memory;
    this.#page.client.post({ kind: 'memory-watch', on: open, cell });
  }

  #set(part: Partial<MemoryState>): void {
    this.#page.set({ memory: { ...this.#page.state.memory, ...part } });
  }
}
