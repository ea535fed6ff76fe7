/** The whole growth timeline, with ten million events behind it and with a thousand. */
import type { TimelineBox } from '../../draw/timeline-chart.ts';
import { timelineLayers } from '../../draw/timeline-more.ts';
import { paintTimeline } from '../../draw/timeline.ts';
import { readPalette } from '../../draw/palette.ts';
import { LongGrowth } from '../long-growth.ts';
import { canvasOf, contextOf, type Painter } from './drawing.ts';

/** The timeline as it is at 1440 x 900. */
const BOX: TimelineBox = {
  widthPx: 1156,
  heightPx: 124,
  leftPx: 54,
  rightPx: 116,
  topPx: 33,
  growthPx: 14,
  bottomPx: 18,
};
const MANY = 10_000_000;
const FEW = 1000;
/** Both runs take as long: a virtual second. */
const SPAN_NS = 1e9;
/** Attempts that the page knows one by one. */
const KEPT = 200;

/** Every ten thousandth event an attempt fails, every hundred thousandth a map. */
function runOf(events: number): LongGrowth {
  const every = (step: number) =>
    new Set(Array.from({ length: Math.floor(events / step) }, (_, at) => at * step + 7));
  return new LongGrowth().run({
    events,
    everyNs: SPAN_NS / events,
    growthFailedAt: every(10_000),
    mapFailedAt: every(100_000),
    halvedEvery: 1000,
  });
}

function painterOf(events: number): Painter {
  const run = runOf(events);
  const frame = run.frame();
  const growth = run.log.since(0).slice(-KEPT);
  const context = contextOf(canvasOf(BOX.widthPx, BOX.heightPx));
  const palette = readPalette(getComputedStyle(document.documentElement));
  return () => {
    paintTimeline(context, frame, BOX, palette, {
      dpr: 1,
      fontScale: 1,
      hoverX: null,
      growth,
      span: { fromNs: 0.2 * SPAN_NS, toNs: 0.4 * SPAN_NS },
      later: timelineLayers,
    });
    // Makes the browser paint now what it would put off to the end of the frame.
    context.getImageData(0, 0, 1, 1);
  };
}

export interface GrowthPainters {
  readonly growthMany: Painter;
  readonly growthFew: Painter;
}

export function growthPainters(): GrowthPainters {
  return { growthMany: painterOf(MANY), growthFew: painterOf(FEW) };
}
