/** A published benchmark, rerun in a worker of its own: how far it is, and what came of it. */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { StartStudy, StudyLink } from '../worker/study-client.ts';
import type { Effect, StudyProgress, StudyReport, StudyRow } from '../worker/study-protocol.ts';

export interface StudyState {
  /** 'stopped': by the user, or by a fault, which is `fault` then. */
  readonly phase: 'idle' | 'running' | 'done' | 'stopped';
  readonly progress: StudyProgress | null;
  /** Finished rows, also of a study that was stopped. */
  readonly rows: readonly StudyRow[];
  /** Judged when all rows are there. */
  readonly effects: readonly Effect[];
  readonly fault: string | null;
}

const NOTHING: StudyState = { phase: 'idle', progress: null, rows: [], effects: [], fault: null };

function isReport(data: unknown): data is StudyReport {
  return typeof data === 'object' && data !== null && 'kind' in data;
}

/** One study at a time. Its worker lives no longer than it. */
export class StudyStore {
  readonly use: UseBoundStore<StoreApi<StudyState>>;
  readonly #start: StartStudy;
  #link: StudyLink | null = null;

  constructor(start: StartStudy) {
    this.#start = start;
    this.use = create<StudyState>(() => NOTHING);
  }

  get state(): StudyState {
    return this.use.getState();
  }

  /** Runs a study from its beginning; one that runs goes on undisturbed. */
  run(id: string): void {
    if (this.#link !== null) return;
    this.use.setState({ ...NOTHING, phase: 'running' });
    // A worker that was ended may still have a message on its way.
    let link: StudyLink | null = null;
    const isAlive = () => link !== null && this.#link === link;
    link = this.#start({
      message: (data) => {
        if (isAlive()) this.#hear(data);
      },
      crash: (why) => {
        if (isAlive()) this.#end(`The worker of the study stopped${why && ` (${why})`}.`);
      },
    });
    this.#link = link;
    link.post({ kind: 'study', id });
  }

  /** Stops what runs; the rows that are finished stay. */
  cancel(): void {
    if (this.#link !== null) this.#end(null);
  }

  #hear(data: unknown): void {
    if (!isReport(data)) {
      this.#end('The worker of the study sent something that is no report.');
      return;
    }
    switch (data.kind) {
      case 'progress':
        this.use.setState({ progress: data.progress });
        break;
      case 'row':
        this.use.setState({ rows: [...this.state.rows, data.row] });
        break;
      case 'done':
        this.#close();
        this.use.setState({ phase: 'done', progress: null, effects: data.effects });
        break;
      case 'refused':
        this.#end(data.sentence);
        break;
    }
  }

  #end(fault: string | null): void {
    this.#close();
    this.use.setState({ phase: 'stopped', progress: null, fault });
  }

  #close(): void {
    this.#link?.close();
    this.#link = null;
  }
}
