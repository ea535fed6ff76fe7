/** What crosses the port of a worker that exports what happened in a run, and nothing else. */
import type { RunStory } from '../engine/rerun.ts';

export type { RunStory } from '../engine/rerun.ts';

/** Name of such a worker; the worker's first file goes by it. */
export const EXPORT_WORKER = 'export';

/** Files that are made of a run played once more. */
export const EXPORT_FORMATS = ['events-csv', 'trace-json'] as const;
/** One of `EXPORT_FORMATS`. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The one command: makes a file of a stretch of a run. To stop it, end the worker. */
export interface ExportCommand {
  readonly kind: 'export';
  readonly story: RunStory;
  readonly format: ExportFormat;
  /** Virtual ns, both included. */
  readonly fromNs: number;
  readonly toNs: number;
}

/** What comes back, `done` or `refused` last. */
export type ExportReport =
  /** How far the second run has come, 0 to 1. */
  | { readonly kind: 'progress'; readonly progress: number }
  /** The next piece of the file, UTF-8, transferred. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** All pieces are told. `cutNs`: there was too much, it ends at that moment; null: nothing is left out. */
  | { readonly kind: 'done'; readonly cutNs: number | null }
  | { readonly kind: 'refused'; readonly sentence: string };
