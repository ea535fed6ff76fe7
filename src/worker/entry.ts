/** The worker's first file: connects the worker's own port to the host. */
import { Host } from './host.ts';
import type { FetchPages } from './late-pages.ts';
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

/** The page allocator is a seventh of it, and only machines that grow have one. */
const fetchPages: FetchPages = async () => (await import('./late-machine.ts')).guestPages;

const scope = globalThis as unknown as WorkerScope;
const scheduler = browserScheduler();
const host = new Host(scope, scheduler, openRecording, fetchPages);
scope.addEventListener('message', (event) => host.hear(event.data));
// What cannot be fetched now is tried again when it is needed.
scheduler.later(() => {
  void import('./open-recording.ts').catch(() => undefined);
  void fetchPages().catch(() => undefined);
}, FETCH_LATER_MS);
