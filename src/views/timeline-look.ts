/** What the painter of the timeline and the layer over it tell each other. */
import { placeOf, type TimelineBox } from '../draw/timeline-chart.ts';
import type { FrameView } from '../engine/frame.ts';

/** One timeline, one of these: changed in place, read with every picture. */
interface TimelineLook {
  /** The canvas as it was painted last; null before that. */
  box: TimelineBox | null;
  /** Where the pointer is, CSS px; null when it is elsewhere. */
  pointerX: number | null;
  /** The keyboard's moment, virtual ns: it stays the same when the time shown grows. Or null. */
  heldNs: number | null;
}

export const timelineLook: TimelineLook = { box: null, pointerX: null, heldNs: null };

/** Where the moment is that is pointed at, by pointer or keyboard; CSS px, null without one. */
export function placeMeant(frame: FrameView, box: TimelineBox): number | null {
  const { pointerX, heldNs } = timelineLook;
  return heldNs === null ? pointerX : placeOf(frame, box, heldNs);
}
