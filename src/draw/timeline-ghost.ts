/**
 * The ghost on the timeline: what runs beside the run, as a dashed line with its name at the end, and
 * its failed maps as a second row of crosses. It may stand at another moment than the run and have
 * buckets of another width: everything is placed by time.
 */
import { HEADER, SERIES } from '../engine/frame.ts';
import { yOf, type Plot } from './band.ts';
import { figure } from './figures.ts';
import { minMaxColumns } from './min-max-columns.ts';
import { xOf, type Chart } from './timeline-chart.ts';
import { paintFailures, paintFailureRow } from './timeline-failures.ts';

/** Dashes and the gaps between them, CSS px. */
const DASH_PX = 2;
const GAP_PX = 2.5;

/**
 * A dashed line as boxes in one path, each as tall as the line's way through its column: dashes are
 * counted along the time, and filling a thousand boxes is a tenth of stroking a dashed line.
 */
function fillDashes(chart: Chart, plot: Plot, high: Float32Array): void {
  const { ctx, options, palette } = chart;
  const widthPx = 1.25 * Math.max(1, options.fontScale * 0.9);
  const step = (plot.right - plot.left) / high.length;
  ctx.beginPath();
  let before = yOf(plot, high[0] ?? 0);
  for (let column = 0; column < high.length; column++) {
    const y = yOf(plot, high[column] as number);
    if ((column * step) % (DASH_PX + GAP_PX) < DASH_PX) {
      const top = Math.min(y, before) - widthPx / 2;
      ctx.rect(plot.left + column * step, top, step, Math.abs(y - before) + widthPx);
    }
    before = y;
  }
  ctx.fillStyle = palette.css.ink2;
  ctx.fill();
}

/** The line through its highest values: they are what a policy is about. */
function paintLine(chart: Chart): void {
  const { frame, plot, options } = chart;
  const filled = frame.head(HEADER.shadowBucketsFilled);
  const past = { ...plot, right: xOf(chart, frame.head(HEADER.shadowTimeNs)) };
  const columns = Math.ceil((past.right - past.left) * options.dpr);
  if (filled === 0 || columns < 1) return;
  const across = frame.head(HEADER.shadowTimeNs) / frame.head(HEADER.shadowBucketNs);
  const low = frame.shadowSeries(SERIES.usedMin);
  const high = frame.shadowSeries(SERIES.usedMax);
  fillDashes(chart, past, minMaxColumns(low, high, filled, columns, across).high);
}

/** Paints the ghost's line, if there is one. */
export function paintGhost(chart: Chart): void {
  if (chart.frame.counts.shadowed) paintLine(chart);
}

/** Paints the failed maps: of the run alone, or of both, one row each. */
export function paintFailureRows(chart: Chart): void {
  const { frame, options, palette } = chart;
  const { ghost } = options;
  if (ghost === undefined || !frame.counts.shadowed) {
    paintFailures(chart, 1, null);
    return;
  }
  paintFailures(chart, 2, ghost.runName);
  paintFailureRow(chart, {
    series: frame.shadowSeries(SERIES.failures),
    filled: frame.head(HEADER.shadowBucketsFilled),
    bucketNs: frame.head(HEADER.shadowBucketNs),
    row: 1,
    rows: 2,
    failed: ghost.failedMaps,
    name: ghost.name,
    colour: palette.css.ink2,
  });
}

/** The label at the ghost's end: its present use, or how far it has come. */
export function ghostLabels({ frame, options, palette }: Chart): {
  readonly text: string;
  readonly value: number;
  readonly colour: string;
}[] {
  const { ghost } = options;
  if (ghost === undefined || !frame.counts.shadowed) return [];
  const { name, used, progress } = ghost;
  const text = progress < 1 ? `${name} ${Math.floor(progress * 100)} %` : `${name} ${figure(used)}`;
  return [{ text, value: used, colour: palette.css.ink2 }];
}
