/** What the painter of the timeline and the layer over it tell each other. */
import type { TimelineBox } from '../draw/timeline-chart.ts';

/** One timeline, one of these: changed in place, read with every picture. */
interface TimelineLook {
  /** The canvas as it was painted last; null before that. */
  box: TimelineBox | null;
  /** Where the pointer is, or the keyboard's moment; null where neither is. CSS px. */
  hoverX: number | null;
}

export const timelineLook: TimelineLook = { box: null, hoverX: null };
