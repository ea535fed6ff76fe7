/**
 * The page's end of the worker's port: starts the worker, posts commands, keeps the newest frame and
 * hands the one before it back, and says when the worker died. What to do then is the store's
 * decision; the client only promises that a dead worker never speaks again.
 */
import { FrameView, HEADER } from '../engine/frame.ts';
import type { Command, Report } from './protocol.ts';

/** What the client needs of a worker. Tests give one end of a channel. */
export interface WorkerLink {
  post(command: Command, transfer: Transferable[]): void;
  close(): void;
}

/** What a link calls back with. */
export interface LinkEvents {
  /** A message as it came: nothing is known about it yet. */
  message(data: unknown): void;
  /** The worker died, or spoke what cannot be read; `why` is the browser's word for it, if any. */
  crash(why: string): void;
}

/** Starts a worker. Tests hand in a link of their own. */
export type StartLink = (events: LinkEvents) => WorkerLink;

/** Every report but frames, which stay with the client. */
export type PlainReport = Exclude<Report, { readonly kind: 'frame' }>;

/** What the client calls back with. */
export interface ClientEvents {
  report(report: PlainReport): void;
  /** The worker is gone and its frame with it; `open` starts a new one. */
  crash(why: string): void;
}

/** The real thing: a module worker of this page's own bundle. */
export const startWorker: StartLink = (events) => {
  const worker = new Worker(new URL('../worker/entry.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<unknown>) => events.message(event.data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    events.crash(event.message);
  });
  worker.addEventListener('messageerror', () => events.crash('a message could not be read'));
  return {
    post: (command, transfer) => worker.postMessage(command, transfer),
    close: () => worker.terminate(),
  };
};

function isReport(data: unknown): data is Report {
  return typeof data === 'object' && data !== null && 'kind' in data;
}

/** The page's end of the port: posts commands, keeps the newest frame, hands buffers back. */
export class WorkerClient {
  readonly #start: StartLink;
  readonly #events: ClientEvents;
  #link: WorkerLink | null = null;
  #frame: FrameView | null = null;
  /** Frames of an earlier load are handed back unseen. */
  #serial = -1;

  constructor(start: StartLink, events: ClientEvents) {
    this.#start = start;
    this.#events = events;
  }

  /**
   * The newest frame of the present load, or null before the first. Valid until the next task: its
   * buffer is handed back as soon as a newer frame comes, so read it, do not keep it.
   */
  get frame(): FrameView | null {
    return this.#frame;
  }

  /** Starts a worker, closing the one before. */
  open(): void {
    this.close();
    let link: WorkerLink | null = null;
    const alive = () => this.#link !== null && this.#link === link;
    link = this.#start({
      message: (data) => {
        if (alive()) this.#receive(data);
      },
      crash: (why) => {
        if (alive()) this.#crash(why);
      },
    });
    this.#link = link;
  }

  close(): void {
    this.#link?.close();
    this.#link = null;
    this.#frame = null;
    this.#serial = -1;
  }

  /** Posts a command; without a worker it is lost, as it would have been with the worker. */
  post(command: Command): void {
    const transfer =
      command.kind === 'replay' || command.kind === 'shadow-replay'
        ? [command.bytes]
        : command.kind === 'frame'
          ? [command.buffer]
          : [];
    this.#link?.post(command, transfer);
  }

  #receive(data: unknown): void {
    if (!isReport(data)) {
      this.#crash('it sent something that is no report');
      return;
    }
    if (data.kind === 'frame') {
      this.#take(data.buffer);
      return;
    }
    if (data.kind === 'loaded') {
      this.#handBack();
      this.#serial = data.serial;
    }
    this.#events.report(data);
  }

  #take(buffer: ArrayBuffer): void {
    let frame: FrameView;
    try {
      frame = FrameView.read(buffer);
    } catch (error) {
      this.#crash(error instanceof Error ? error.message : 'it sent an unreadable frame');
      return;
    }
    if (frame.head(HEADER.serial) !== this.#serial) {
      this.post({ kind: 'frame', buffer });
      return;
    }
    this.#handBack();
    this.#frame = frame;
  }

  #handBack(): void {
    if (!this.#frame) return;
    const { buffer } = this.#frame;
    this.#frame = null;
    this.post({ kind: 'frame', buffer });
  }

  #crash(why: string): void {
    this.close();
    this.#events.crash(why);
  }
}
