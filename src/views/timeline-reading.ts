/** What the layer over the timeline reads from the frame and the page's state. */
import { ghostBetween, type GhostReading } from '../draw/ghost-series.ts';
import { timelineAt } from '../draw/timeline-at.ts';
import { nsPerPx } from '../draw/timeline-chart.ts';
import { attemptsIn, spanReading } from '../draw/timeline-span.ts';
import { HEADER, type FrameView } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { besideShort } from './beside-words.ts';
import { timelineLook } from './timeline-look.ts';
import {
  attemptCount,
  attemptsWords,
  momentWords,
  rangeWords,
  spanLines,
} from './timeline-words.ts';
import { plural } from './words.ts';

/** A mark is as wide as this to either side, CSS px: so near, its attempts are meant. */
const MARK_PX = 6;

/** The timeline as it was painted last; null before the first picture. */
export function painted() {
  const { frame } = page.client;
  const { box } = timelineLook;
  return frame && box ? { frame, box } : null;
}

function ghostWords({ usedMin, usedMax, failures }: GhostReading): string {
  const { besideNow } = page.state;
  const failed = failures > 0 ? `, ${plural(failures, 'map')} failed` : '';
  const name = besideNow ? besideShort(besideNow) : 'beside it';
  return ` · ${name} ${rangeWords(usedMin, usedMax)}${failed}`;
}

/** Attempts at a place of the timeline, of which those that are kept are told one by one. */
function attemptLines(frame: FrameView, fromNs: number, toNs: number): string[] {
  const nowNs = frame.head(HEADER.timeNs);
  const kept = attemptsIn(page.state.growth, { fromNs, toNs: Math.min(toNs, nowNs) });
  const all = spanReading(frame, { fromNs, toNs });
  return attemptsWords(kept, all ? attemptCount(all) : 0, nowNs);
}

/** Everything about the moment at `x`, line by line; null beside the plot and in the time to come. */
export function momentLines(x: number): string[] | null {
  const at = painted();
  if (at === null) return null;
  const { frame, box } = at;
  const reading = timelineAt(frame, box, x);
  if (reading === null) return null;
  const ghost = ghostBetween(frame, reading.fromNs, reading.toNs);
  const marginNs = MARK_PX * nsPerPx(frame, box);
  const [fromNs, toNs] = [reading.fromNs - marginNs, reading.toNs + marginNs];
  return [
    momentWords(reading) + (ghost ? ghostWords(ghost) : ''),
    ...attemptLines(frame, fromNs, toNs),
  ];
}

/** The selected stretch, line by line; null without one. */
export function selectedLines(): string[] | null {
  const { span } = page.state;
  const { frame } = page.client;
  const reading = span && frame ? spanReading(frame, span) : null;
  return reading && spanLines(reading);
}

/** From when on to look for the first failed map of the selected stretch, virtual ns; null: none. */
export function selectedFailure(): number | null {
  const { span, replay } = page.state;
  const { frame } = page.client;
  const reading = span && frame ? spanReading(frame, span) : null;
  return reading !== null && reading.failures > 0 && replay === null ? reading.fromNs : null;
}
