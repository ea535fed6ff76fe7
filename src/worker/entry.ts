/** The worker's first file: connects the worker's own port to the host. */
import { Host } from './host.ts';
import type { FetchPages } from './late-pages.ts';
import { browserScheduler } from './port.ts';
import type { OpenRecording } from './recording-opener.ts';
import { recordFault } from '../engine/record-check.ts';
import { checkScenario } from '../engine/scenario-check.ts';
import { EXPORT_WORKER } from './export-protocol.ts';
import { STUDY_WORKER } from './study-protocol.ts';

/** The worker's global scope, as far as it is used. */
interface WorkerScope {
  /** As the page named the worker. */
  readonly name: string;
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

/** What the page plays. */
function openHost(): void {
  const scheduler = browserScheduler();
  const host = new Host(scope, scheduler, openRecording, fetchPages);
  scope.addEventListener('message', (event) => host.hear(event.data));
  // What cannot be fetched now is tried again when it is needed.
  scheduler.later(() => {
    void import('./open-recording.ts').catch(() => undefined);
    void fetchPages().catch(() => undefined);
    void import('./memory-desk.ts').catch(() => undefined);
  }, FETCH_LATER_MS);
}

/** A worker beside it, which lives for one study. */
async function hearStudy(message: unknown): Promise<void> {
  try {
    (await import('./study-host.ts')).hearStudy(scope, message);
  } catch (error) {
    scope.postMessage({ kind: 'refused', sentence: `The study stopped: ${String(error)}.` }, []);
  }
}

/** Another one, which lives for one file. */
async function hearExport(message: unknown): Promise<void> {
  try {
    const makePages = await fetchPages();
    const parts = { makePages, checkScenario, recordFault };
    (await import('./export-host.ts')).hearExport(scope, message, parts);
  } catch (error) {
    scope.postMessage({ kind: 'refused', sentence: `The export stopped: ${String(error)}.` }, []);
  }
}

if (scope.name === STUDY_WORKER) {
  scope.addEventListener('message', (event) => void hearStudy(event.data));
} else if (scope.name === EXPORT_WORKER) {
  scope.addEventListener('message', (event) => void hearExport(event.data));
} else {
  openHost();
}
