/** What a heatmap is painted with besides frame, layout, viewport and palette. */
import type { Difference, SlotSpan } from '../engine/run.ts';
import type { SlotDetail, SlotRef } from '../engine/slot-story.ts';
import type { HolderPace } from './holder-run.ts';

export interface HeatmapOptions {
  /** Device pixels a CSS pixel; the canvas is that much larger than its box. */
  readonly dpr: number;
  /** As the machine names them, by device index. */
  readonly deviceNames: readonly string[];
  /** Names of restricted regions, as `POOL.region` counts them. */
  readonly regionNames?: readonly string[];
  /** Legend keys that are switched off. Another set, another picture: never change one in place. */
  readonly off: ReadonlySet<string>;
  /** The pinned mapping, or a slot alone. */
  readonly pinned: SlotSpan | null;
  /** Under the pointer. */
  readonly hover: SlotRef | null;
  /** Where the keyboard is, while the grid has the focus. */
  readonly focus: SlotRef | null;
  /** Where kernel and model parted. */
  readonly difference: Pick<Difference, 'kernelAt' | 'modelAt'> | null;
  /** How fast time is shown, for what moves; left out, nothing does. */
  readonly pace?: HolderPace;
  /** Time of the animation frame, by which running numbers are paced; the clock's when left out. */
  readonly nowMs?: number;
  /** Fields of slots in view, as `visibleDetail` asked for them. */
  readonly detail: SlotDetail | null;
}
