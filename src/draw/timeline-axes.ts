/** The numbers around the timeline: time below, slots at the left, its lines named at the right. */
import { ticks } from 'd3-array';
import { HEADER, SERIES } from '../engine/frame.ts';
import { yOf } from './band.ts';
import { figure } from './figures.ts';
import { spread } from './spread.ts';
import { fontOf, write } from './text-layer.ts';
import { transientMost } from './timeline-capacity.ts';
import { HEADROOM, LABEL_ROOM_PX, labelPx, xOf, type Chart } from './timeline-chart.ts';
import { ghostLabels } from './timeline-ghost.ts';
import { thresholdLabels } from './timeline-throttle.ts';

const LABEL_STEP_PX = 13;

/** Unit of the time axis: what keeps its numbers short. */
function axisUnit(spanNs: number): { ns: number; name: string } {
  if (spanNs >= 10e9) return { ns: 1e9, name: 's' };
  return spanNs >= 2e6 ? { ns: 1e6, name: 'ms' } : { ns: 1e3, name: 'µs' };
}

export function paintTimeAxis(chart: Chart): void {
  const { ctx, palette, plot, spanNs } = chart;
  const unit = axisUnit(spanNs);
  const sizePx = labelPx(chart);
  const apart = 70 * chart.options.fontScale;
  const wanted = Math.max(2, Math.floor((plot.right - plot.left) / apart));
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  for (const tick of ticks(0, spanNs / unit.ns, wanted)) {
    const x = Math.round(xOf(chart, tick * unit.ns));
    ctx.fillStyle = palette.css.line2;
    ctx.fillRect(x, plot.bottom, 1, 4);
    ctx.fillStyle = palette.css.ink3;
    ctx.font = fontOf(palette, { sizePx, weight: 400 });
    ctx.textAlign = 'center';
    const text = `${figure(tick)}${tick === 0 ? ` ${unit.name}` : ''}`;
    ctx.fillText(tick % 1 === 0 ? text : `${tick}`, x, plot.bottom + 5 + sizePx);
  }
}

export function paintValueAxis(chart: Chart): void {
  const { ctx, palette, plot, frame, filled } = chart;
  const boot = (filled > 0 ? frame.series(SERIES.capacity)[0] : undefined) ?? 0;
  // What the machine booted with, unless growth has left it far below.
  const top = boot >= plot.most / 2 ? boot : plot.most / HEADROOM;
  const sizePx = labelPx(chart);
  const tall = plot.bottom - plot.top > 3 * sizePx;
  for (const value of tall ? [0, top / 2, top] : [0, top]) {
    write(ctx, palette, {
      x: plot.left - 7,
      y: yOf(plot, value) + sizePx * 0.36,
      text: figure(value),
      sizePx,
      colour: palette.css.ink3,
      weight: 400,
      right: true,
    });
  }
}

/** Width of a glyph of the page's fonts in sizes of the font, a little more than the mean. */
const MEAN_GLYPH = 0.56;

/** Labels at the lines' ends, pushed apart where lines are close. */
export function paintLabels(chart: Chart): void {
  const { ctx, palette, plot, frame, box } = chart;
  if (box.rightPx < LABEL_ROOM_PX) return;
  const { nslabs, hiwater, used, transientNslabs } = chart.options.figures ?? {
    nslabs: frame.head(HEADER.nslabs),
    hiwater: frame.head(HEADER.hiwater),
    used: frame.head(HEADER.used),
    transientNslabs: frame.head(HEADER.transientNslabs),
  };
  const pile = nslabs + transientNslabs;
  const labels = [
    { text: `capacity ${figure(nslabs)}`, value: nslabs, colour: palette.css.ink2 },
    { text: `peak ${figure(hiwater)}`, value: hiwater, colour: palette.css.ink2 },
    { text: `used ${figure(used)}`, value: used, colour: palette.css.ink },
    ...(transientMost(frame) > 0
      ? [{ text: `transient ${figure(transientNslabs)}`, value: pile, colour: palette.css.ink2 }]
      : []),
    ...ghostLabels(chart),
    ...thresholdLabels(chart),
  ].toSorted((one, other) => other.value - one.value);
  const sizePx = labelPx(chart);
  const step = LABEL_STEP_PX * chart.options.fontScale;
  const ys = spread(
    labels.map(({ value }) => yOf(plot, value)),
    step,
    plot.bottom,
  );
  for (const [index, { text, colour }] of labels.entries()) {
    // A long one ends where the picture ends, and begins over the chart.
    const isLong = text.length * sizePx * MEAN_GLYPH > box.rightPx - 6;
    write(ctx, palette, {
      x: isLong ? box.widthPx - 2 : plot.right + 6,
      y: (ys[index] ?? 0) + sizePx * 0.36,
      text,
      sizePx,
      colour,
      weight: colour === palette.css.ink ? 600 : 400,
      right: isLong,
    });
  }
}
