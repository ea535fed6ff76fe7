/**
 * All that a buffer with pages of its own takes, as one piece: only a machine with a page allocator
 * can need it, and it is loaded together with that.
 */
import { ownBuffersOf } from './own-buffers.ts';
import { ownStepsOf } from './own-steps.ts';
import { writebackOf } from './writeback.ts';

/** The parts, as functions that make them. */
export const PER_MAPPING = { ownBuffersOf, ownStepsOf, writebackOf } as const;
/** Their type, for whoever is handed them. */
export type PerMapping = typeof PER_MAPPING;
