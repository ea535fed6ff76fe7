/** The page's end of a worker that exports: one of its own, so that the page's run is not disturbed. */
import { EXPORT_WORKER, type ExportCommand } from './export-protocol.ts';

/** What the store needs of such a worker. */
export interface ExportLink {
  post(command: ExportCommand): void;
  /** Ends it at once, whatever it does. */
  close(): void;
}

/** What a link calls back with. */
export interface ExportEvents {
  /** A message as it came: nothing is known about it yet. */
  message(data: unknown): void;
  /** It died; `why` is the browser's word for it, if any. */
  crash(why: string): void;
}

/** Starts a worker. Tests hand in a link of their own. */
export type StartExport = (events: ExportEvents) => ExportLink;

/** The same file as the page's own worker, which goes by its name. */
export const startExportWorker: StartExport = (events) => {
  const worker = new Worker(new URL('../worker/entry.ts', import.meta.url), {
    type: 'module',
    name: EXPORT_WORKER,
  });
  worker.addEventListener('message', (event: MessageEvent<unknown>) => events.message(event.data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    events.crash(event.message);
  });
  worker.addEventListener('messageerror', () => events.crash('a message could not be read'));
  return { post: (command) => worker.postMessage(command), close: () => worker.terminate() };
};
