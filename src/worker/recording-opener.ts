/** How a recording is opened: given to the host, so that tests can give another. */
import type { Run } from '../engine/run.ts';

/** Unpacks, checks and opens a recording; `progress` may be waited for. */
export type OpenRecording = (
  name: string,
  bytes: ArrayBuffer,
  progress: (done: number, total: number) => Promise<void>,
) => Promise<OpenedRecording>;

/** A recording, or one sentence on why it is none. */
export type OpenedRecording =
  | { readonly kind: 'ok'; readonly open: () => Run }
  | { readonly kind: 'bad'; readonly sentence: string };
