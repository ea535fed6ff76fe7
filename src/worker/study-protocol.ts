/** What crosses the port of a worker that runs a study, and nothing else. */
import type { Effect } from '../scenarios/study/effects.ts';
import type { StudyProgress, StudyRow } from '../scenarios/study/run-study.ts';

export type { Effect, Verdict } from '../scenarios/study/effects.ts';
export type { StudyProgress, StudyRow } from '../scenarios/study/run-study.ts';

/** Name of such a worker; the worker's first file goes by it. */
export const STUDY_WORKER = 'study';

/** The one command: runs a study from its beginning. To stop it, end the worker. */
export interface StudyCommand {
  readonly kind: 'study';
  readonly id: string;
}

/** What comes back, `done` or `refused` last. */
export type StudyReport =
  /** What runs now. */
  | { readonly kind: 'progress'; readonly progress: StudyProgress }
  /** A load is finished with all kernels. */
  | { readonly kind: 'row'; readonly row: StudyRow }
  | { readonly kind: 'done'; readonly effects: readonly Effect[] }
  | { readonly kind: 'refused'; readonly sentence: string };
