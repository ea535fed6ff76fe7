/** A series as a band from its lowest to its highest, a line where both are the same. */
import type { Columns } from './min-max-columns.ts';

/** Where a series is plotted: CSS px. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Value at `top`; 0 is at `bottom`. */
  readonly most: number;
}

export interface BandLook {
  /** Null for a wash alone. */
  readonly line: string | null;
  readonly widthPx: number;
  /** Fills from the highest down to 0; null for none. */
  readonly wash: string | null;
}

export function yOf(plot: Plot, value: number): number {
  return plot.bottom - ((plot.bottom - plot.top) * value) / Math.max(1, plot.most);
}

/** Edges of a band in pixels, top and bottom of each column. */
interface Edges {
  readonly top: Float32Array;
  readonly bottom: Float32Array;
}

/**
 * The band as tall as its line is wide at least, each column reaching to the one before it: a leap
 * between two columns is a stroke and no gap.
 */
function edgesOf(plot: Plot, { low, high }: Columns, widthPx: number): Edges {
  const top = new Float32Array(high.length);
  const bottom = new Float32Array(high.length);
  for (let column = 0; column < high.length; column++) {
    const before = Math.max(0, column - 1);
    const most = Math.max(high[column] as number, low[before] as number);
    const least = Math.min(low[column] as number, high[before] as number);
    top[column] = yOf(plot, most) - widthPx / 2;
    bottom[column] = yOf(plot, least) + widthPx / 2;
  }
  return { top, bottom };
}

/** Begins a path along the upper edge, column by column. */
function traceTop(ctx: CanvasRenderingContext2D, plot: Plot, ys: Float32Array): void {
  const step = (plot.right - plot.left) / ys.length;
  ctx.beginPath();
  for (let column = 0; column < ys.length; column++) {
    const y = ys[column] as number;
    ctx.lineTo(plot.left + column * step, y);
    ctx.lineTo(plot.left + (column + 1) * step, y);
  }
}

/** Goes back along the lower edge and closes the path. */
function traceBottom(ctx: CanvasRenderingContext2D, plot: Plot, ys: Float32Array): void {
  const step = (plot.right - plot.left) / ys.length;
  for (let column = ys.length - 1; column >= 0; column--) {
    const y = ys[column] as number;
    ctx.lineTo(plot.left + (column + 1) * step, y);
    ctx.lineTo(plot.left + column * step, y);
  }
  ctx.closePath();
}

/**
 * Paints columns evenly over the plot's width, a device pixel each at best. The line is a filled
 * shape: stroking a thousand points takes a browser ten times as long.
 */
export function paintBand(
  ctx: CanvasRenderingContext2D,
  plot: Plot,
  columns: Columns,
  look: BandLook,
): void {
  if (columns.high.length === 0) return;
  const { top, bottom } = edgesOf(plot, columns, look.widthPx);
  if (look.wash) {
    traceTop(ctx, plot, top);
    ctx.lineTo(plot.right, plot.bottom);
    ctx.lineTo(plot.left, plot.bottom);
    ctx.fillStyle = look.wash;
    ctx.fill();
  }
  if (look.line) {
    traceTop(ctx, plot, top);
    traceBottom(ctx, plot, bottom);
    ctx.fillStyle = look.line;
    ctx.fill();
  }
}
