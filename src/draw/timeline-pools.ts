/** More about the timeline's stack of pools: their sizes as names, and transient pools on top of it. */
import { HEADER, SERIES } from '../engine/frame.ts';
import { yOf } from './band.ts';
import { memoryOf } from './figures.ts';
import { minMaxColumns } from './min-max-columns.ts';
import { fontOf, write } from './text-layer.ts';
import { poolBands, transientMost, type PoolBand } from './timeline-capacity.ts';
import { labelPx, xOf, type Chart } from './timeline-chart.ts';

/** Half the height that a name needs, in text sizes. */
const NAME_ROOM = 0.7;

/** Whether nothing is drawn across a band's middle in some time: neither the use nor its peak. */
function isClear(chart: Chart, band: PoolBand, fromNs: number, toNs: number): boolean {
  const { frame, filled, plot } = chart;
  const bucketNs = frame.head(HEADER.bucketNs);
  const room = labelPx(chart) * NAME_ROOM;
  const middle = (yOf(plot, band.from) + yOf(plot, band.to)) / 2;
  const crosses = (low: number, high: number) =>
    yOf(plot, low) > middle - room && yOf(plot, high) < middle + room;
  const at = (series: number, bucket: number) => frame.series(series)[Math.max(0, bucket)] ?? 0;
  const to = Math.min(filled, Math.ceil(toNs / bucketNs));
  for (let bucket = Math.floor(fromNs / bucketNs); bucket < to; bucket++) {
    if (crosses(at(SERIES.usedMin, bucket), at(SERIES.usedMax, bucket))) return false;
    if (crosses(at(SERIES.hiwater, bucket - 1), at(SERIES.hiwater, bucket))) return false;
  }
  return true;
}

/** Where a band's name has room: in the time to come, else from its birth on. Null where it has none. */
function nameX(chart: Chart, band: PoolBand, widthPx: number): number | null {
  const { plot, past, spanNs } = chart;
  const gap = 4 * chart.options.fontScale;
  const born = xOf(chart, band.bornNs);
  if (plot.right - Math.max(past.right, born) >= widthPx + 2 * gap) {
    return plot.right - gap - widthPx;
  }
  const nsPerPx = spanNs / (plot.right - plot.left);
  if (born + widthPx + 2 * gap > plot.right) return null;
  const toNs = band.bornNs + (widthPx + 2 * gap) * nsPerPx;
  return isClear(chart, band, band.bornNs, toNs) ? born + gap : null;
}

/** Names the pools whose band has room for it. A pool that stands alone is named at the line's end. */
export function paintPoolNames(chart: Chart): void {
  const { ctx, plot, palette, frame } = chart;
  const bands = poolBands(frame);
  if (bands.length < 2) return;
  const look = { sizePx: labelPx(chart), weight: 400, colour: palette.css.ink2 } as const;
  ctx.font = fontOf(palette, look);
  for (const band of bands) {
    const heightPx = yOf(plot, band.from) - yOf(plot, band.to);
    if (heightPx < look.sizePx + 3) continue;
    const text = memoryOf(band.to - band.from);
    const x = nameX(chart, band, Math.ceil(ctx.measureText(text).width));
    if (x === null) continue;
    const y = (yOf(plot, band.from) + yOf(plot, band.to)) / 2 + look.sizePx * 0.36;
    write(ctx, palette, { ...look, x, y, text, right: false });
  }
}

/**
 * Boxes of a series over the capacity, in one path; a slot is a pixel high at least. Columns that are
 * alike share a box: filling a thousand of them takes a browser longer than the rest of the chart.
 */
function tracePiles(chart: Chart, capacity: Float32Array, slots: Float32Array): void {
  const { ctx, plot, past, options } = chart;
  const step = (past.right - past.left) / slots.length;
  const least = 1.5 * options.fontScale;
  const bottomOf = (column: number) => Math.round(yOf(plot, capacity[column] as number));
  const topOf = (column: number) => {
    const top = yOf(plot, (capacity[column] as number) + (slots[column] as number));
    return Math.round(Math.min(bottomOf(column) - least, top));
  };
  ctx.beginPath();
  for (let column = 0; column < slots.length;) {
    const first = column++;
    if (slots[first] === 0) continue;
    const [top, bottom] = [topOf(first), bottomOf(first)];
    const isAlike = (other: number) =>
      slots[other] !== 0 && topOf(other) === top && bottomOf(other) === bottom;
    while (column < slots.length && isAlike(column)) column++;
    ctx.rect(past.left + first * step, top, Math.max(1, (column - first) * step), bottom - top);
  }
}

/** Of transient pools, laid twice over what was there all the time. */
const WASH_ALPHA = 0.3;

/** Transient pools: a wash up to the most at a time, a darker one up to what was there all the time. */
export function paintTransient(chart: Chart): void {
  const { ctx, frame, filled, past, options, palette } = chart;
  const columns = Math.ceil((past.right - past.left) * options.dpr);
  if (filled === 0 || columns < 1 || transientMost(frame) === 0) return;
  const across = frame.head(HEADER.timeNs) / frame.head(HEADER.bucketNs);
  const series = (low: number, high: number) =>
    minMaxColumns(frame.series(low), frame.series(high), filled, columns, across);
  const { low, high } = series(SERIES.transientMin, SERIES.transientMax);
  const capacity = series(SERIES.capacity, SERIES.capacity).high;
  ctx.fillStyle = palette.css.ink2;
  tracePiles(chart, capacity, high);
  ctx.globalAlpha = WASH_ALPHA;
  ctx.fill();
  tracePiles(chart, capacity, low);
  ctx.fill();
  ctx.globalAlpha = 1;
}
