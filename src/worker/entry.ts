/** The worker's first file: connects the worker's own port to the host. */
import { Host } from './host.ts';
import { openRecording } from './open-recording.ts';
import { browserScheduler } from './port.ts';

/** The worker's global scope, as far as it is used. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const host = new Host(scope, browserScheduler(), openRecording);
scope.addEventListener('message', (event) => host.hear(event.data));
