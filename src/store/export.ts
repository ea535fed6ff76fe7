/**
 * Files made of what happened: the run is played once more in a worker of its own, which tells the
 * file piece by piece.
 */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { ExportLink, StartExport } from '../worker/export-client.ts';
import type { ExportCommand, ExportReport } from '../worker/export-protocol.ts';

export type { ExportFormat } from '../worker/export-protocol.ts';

export interface ExportState {
  /** What is made is named so, while it is; null: nothing is. */
  readonly making: string | null;
  /** How much of it is done, 0 to 1. */
  readonly progress: number;
  /** What became of the last one, in a sentence; '' at first. */
  readonly said: string;
  /** `said` is of something that failed. */
  readonly isFault: boolean;
}

const NOTHING: ExportState = { making: null, progress: 0, said: '', isFault: false };

/** A file that is done. */
export interface MadeFile {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  /** Where it ends because there was too much, virtual ns; null: nothing is left out. */
  readonly cutNs: number | null;
}

interface Waiting {
  readonly resolve: (file: MadeFile | null) => void;
  readonly parts: Uint8Array<ArrayBuffer>[];
}

function isReport(data: unknown): data is ExportReport {
  return typeof data === 'object' && data !== null && 'kind' in data;
}

/** One file at a time. Its worker lives no longer than it. */
export class ExportStore {
  readonly use: UseBoundStore<StoreApi<ExportState>>;
  readonly #start: StartExport;
  #link: ExportLink | null = null;
  #waiting: Waiting | null = null;

  constructor(start: StartExport) {
    this.#start = start;
    this.use = create<ExportState>(() => NOTHING);
  }

  get state(): ExportState {
    return this.use.getState();
  }

  /** Something that the page makes itself begins, or stands at `progress`. */
  making(name: string, progress = 0): void {
    this.use.setState({ making: name, progress, said: '', isFault: false });
  }

  /** What became of it, in a sentence. */
  say(said: string, isFault = false): void {
    this.use.setState({ making: null, progress: 0, said, isFault });
  }

  /** Has a file made. @returns null when it was cancelled, or failed, which is said then. */
  make(name: string, command: ExportCommand): Promise<MadeFile | null> {
    this.#close();
    this.making(name);
    // A worker that was ended may still have a message on its way.
    let link: ExportLink | null = null;
    const isAlive = () => link !== null && this.#link === link;
    link = this.#start({
      message: (data) => {
        if (isAlive()) this.#hear(data);
      },
      crash: (why) => {
        if (isAlive()) this.#fail(`The worker of the export stopped${why && ` (${why})`}.`);
      },
    });
    this.#link = link;
    link.post(command);
    return new Promise((resolve) => {
      this.#waiting = { resolve, parts: [] };
    });
  }

  /** Stops what is made. */
  cancel(): void {
    if (this.state.making === null) return;
    this.#close();
    this.say('Cancelled; nothing was saved.');
  }

  #hear(data: unknown): void {
    if (!isReport(data)) {
      this.#fail('The worker of the export sent something that is no report.');
      return;
    }
    switch (data.kind) {
      case 'progress':
        this.use.setState({ progress: data.progress });
        break;
      case 'piece':
        this.#waiting?.parts.push(data.bytes);
        break;
      case 'done':
        this.#end(data.cutNs);
        break;
      case 'refused':
        this.#fail(data.sentence);
        break;
    }
  }

  #end(cutNs: number | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#close();
    waiting?.resolve({ parts: waiting.parts, cutNs });
  }

  #fail(sentence: string): void {
    this.#close();
    this.say(sentence, true);
  }

  #close(): void {
    this.#link?.close();
    this.#link = null;
    this.#waiting?.resolve(null);
    this.#waiting = null;
  }
}
