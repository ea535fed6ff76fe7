/** One search under the microscope: what is asked of the worker, and what it answered. */
import type { PlainReport } from '../worker/client.ts';
import type {
  ExplainAsk,
  ExplainedSearch,
  MappingStory,
  SlotLife,
  SlotRef,
} from '../worker/protocol.ts';
import type { Page } from './page.ts';

/** Direction of memory that was allocated. */
const ALLOCATED = 3;

export interface ScopeState {
  readonly open: boolean;
  /** How far a look back has come, 0 to 1; null: nothing is under way. */
  readonly progress: number | null;
  readonly search: ExplainedSearch | null;
  /** Who held the slot that the search is about, once that was asked. */
  readonly life: SlotLife | null;
  /** Why there is no answer. */
  readonly fault: string | null;
}

export const INITIAL_SCOPE: ScopeState = {
  open: false,
  progress: null,
  search: null,
  life: null,
  fault: null,
};

/** What the worker says of searches. */
export type ScopeReport = Extract<PlainReport, { kind: 'explaining' | 'explained' }>;

/** Whether a report is of this part of the page. */
export function isOfScope(report: PlainReport): report is ScopeReport {
  return report.kind === 'explaining' || report.kind === 'explained';
}

export class Microscope {
  readonly #page: Page;
  #id = 0;
  /** The run was playing when the microscope was opened: it goes on afterwards. */
  #wasPlaying = false;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens on a search; the clock stands meanwhile. */
  show(ask: ExplainAsk): void {
    const { scope, readout } = this.#page.state;
    if (!scope.open) {
      this.#wasPlaying = readout?.runState === 'playing';
      if (this.#wasPlaying) this.#page.client.post({ kind: 'pause' });
      this.#set(INITIAL_SCOPE);
    }
    this.#ask(ask);
  }

  /**
   * Opens on the search that made a mapping. A recording is not played again: there it is explained
   * what the same request would meet now.
   */
  showMapping({ id, mappedNs, device, cpu, origAddr, size, direction }: MappingStory): void {
    const pages = direction === ALLOCATED;
    this.show(
      this.#page.state.replay === null
        ? { kind: 'mapping', serial: id, atNs: mappedNs }
        : { kind: 'request', device, cpu, orig: pages ? 0 : origAddr, size, pages },
    );
  }

  /** Asks who held a slot. */
  showLife(at: SlotRef): void {
    this.show({ kind: 'life', at });
  }

  /** Ends a look back that is under way; what was shown before stays. */
  cancel(): void {
    this.#page.client.post({ kind: 'explain', id: ++this.#id, ask: null });
    this.#set({ progress: null });
  }

  close(): void {
    if (!this.#page.state.scope.open) return;
    this.cancel();
    this.#set({ open: false });
    if (this.#wasPlaying) this.#page.client.post({ kind: 'play' });
    this.#wasPlaying = false;
  }

  hear(report: ScopeReport): void {
    if (report.id !== this.#id || !this.#page.state.scope.open) return;
    if (report.kind === 'explaining') {
      this.#set({ progress: report.progress });
      return;
    }
    const { explained } = report;
    if (explained.kind === 'none') this.#set({ progress: null, fault: explained.sentence });
    else if (explained.kind === 'life') this.#set({ progress: null, life: explained });
    else this.#set({ progress: null, search: explained });
  }

  /** Another run has begun, or the worker is gone: what is shown was of the one before. */
  forget(): void {
    this.#id++;
    this.#wasPlaying = false;
    if (this.#page.state.scope.open) this.#set(INITIAL_SCOPE);
  }

  #ask(ask: ExplainAsk): void {
    this.#set({ open: true, progress: 0, fault: null });
    this.#page.client.post({ kind: 'explain', id: ++this.#id, ask });
  }

  #set(part: Partial<ScopeState>): void {
    this.#page.set({ scope: { ...this.#page.state.scope, ...part } });
  }
}
