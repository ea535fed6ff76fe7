/**
 * Capacity on the timeline, stacked: the default pool at the bottom, over it every dynamic pool from
 * its birth on.
 */
import { HEADER, POOL, POOL_KINDS, SERIES, type FrameView } from '../engine/frame.ts';
import { yOf } from './band.ts';
import { highestOf } from './min-max-columns.ts';
import { xOf, type Chart } from './timeline-chart.ts';

/** One pool of the stack. Slots. */
export interface PoolBand {
  readonly from: number;
  readonly to: number;
  readonly bornNs: number;
}

const BOOTED = POOL_KINDS.indexOf('default');
const GROWN = POOL_KINDS.indexOf('dynamic');

/** The pools that count as capacity, from the oldest: what was there at boot is at the bottom. */
export function poolBands(frame: FrameView): PoolBand[] {
  const pools: { readonly nslabs: number; readonly bornNs: number }[] = [];
  for (let row = 0; row < frame.counts.pools; row++) {
    const kind = frame.pool(row, POOL.kind);
    if (kind !== BOOTED && kind !== GROWN) continue;
    // The default pool was there at boot, whenever it was first looked at.
    const bornNs = kind === GROWN ? frame.pool(row, POOL.bornNs) : 0;
    pools.push({ nslabs: frame.pool(row, POOL.nslabs), bornNs });
  }
  let level = 0;
  return pools
    .toSorted((one, other) => one.bornNs - other.bornNs)
    .map(({ nslabs, bornNs }) => {
      level += nslabs;
      return { from: level - nslabs, to: level, bornNs };
    });
}

/** Edges of pools nearer than this are one line: thousands of pools cost what the pixels cost. */
const EDGE_APART_PX = 3;

/** Paints the stack of pools that stay, each with its upper edge as a line. */
export function paintCapacity(chart: Chart): void {
  const { ctx, plot, palette, frame } = chart;
  const bands = poolBands(frame);
  const thick = Math.max(1, Math.round(chart.options.fontScale));
  let paintedTo = plot.bottom;
  let lineY = plot.bottom;
  for (const [index, { to, bornNs }] of bands.entries()) {
    const isLast = index === bands.length - 1;
    const top = Math.round(yOf(plot, to));
    // A pool of less than a pixel is painted with those over it.
    if (!isLast && paintedTo - top < 1) continue;
    const x = xOf(chart, bornNs);
    ctx.fillStyle = index === 0 ? palette.css.cap0 : palette.css.cap1;
    ctx.fillRect(x, top, plot.right - x, paintedTo - top);
    if (isLast || lineY - top >= EDGE_APART_PX) {
      ctx.fillStyle = isLast ? palette.css.ink3 : palette.css.line2;
      ctx.fillRect(x, top, plot.right - x, thick);
      if (index > 0) ctx.fillRect(x, top, thick, paintedTo - top);
      lineY = top;
    }
    paintedTo = top;
  }
}

/** The most slots of transient pools at a time, over the whole run. */
export function transientMost(frame: FrameView): number {
  return highestOf(frame.series(SERIES.transientMax), frame.head(HEADER.bucketsFilled));
}
