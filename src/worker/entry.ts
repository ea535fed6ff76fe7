/** The worker's first file: connects the worker's own port to the host. */
import { Host } from './host.ts';
import { browserScheduler } from './port.ts';
import type { OpenRecording } from './recording-opener.ts';

/** The worker's global scope, as far as it is used. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

/** Wall ms after which what was left out of the first load is fetched, lest the network be gone later. */
const FETCH_LATER_MS = 1500;

/** Reading recordings is a quarter of this worker, and no first picture needs it. */
const openRecording: OpenRecording = async (...asked) =>
  (await import('./open-recording.ts')).openRecording(...asked);

const scope = globalThis as unknown as WorkerScope;
const scheduler = browserScheduler();
const host = new Host(scope, scheduler, openRecording);
scope.addEventListener('message', (event) => host.hear(event.data));
// If it cannot be fetched now, it is tried again when a recording is opened.
scheduler.later(() => void import('./open-recording.ts').catch(() => undefined), FETCH_LATER_MS);
