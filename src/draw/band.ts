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

/** Pixels two neighbours of a band may lie apart before it is drawn as two lines with a fill. */
const THIN_PX = 1;

function isThin(plot: Plot, { low, high }: Columns): boolean {
  const unit = (plot.bottom - plot.top) / Math.max(1, plot.most);
  for (let column = 0; column < low.length; column++) {
    if (((high[column] as number) - (low[column] as number)) * unit > THIN_PX) return false;
  }
  return true;
}

/** Begins a path along the upper edge. */
function traceAbove(ctx: CanvasRenderingContext2D, plot: Plot, high: Float32Array): void {
  const count = high.length;
  const step = (plot.right - plot.left) / count;
  ctx.beginPath();
  ctx.moveTo(plot.left, yOf(plot, high[0] as number));
  for (let column = 0; column < count; column++) {
    ctx.lineTo(plot.left + (column + 0.5) * step, yOf(plot, high[column] as number));
  }
  ctx.lineTo(plot.right, yOf(plot, high[count - 1] as number));
}

/** Goes back along the lower edge and closes the path. */
function traceBelow(ctx: CanvasRenderingContext2D, plot: Plot, low: Float32Array): void {
  const step = (plot.right - plot.left) / low.length;
  for (let column = low.length - 1; column >= 0; column--) {
    ctx.lineTo(plot.left + (column + 0.5) * step, yOf(plot, low[column] as number));
  }
  ctx.closePath();
}

function paintLine(
  ctx: CanvasRenderingContext2D,
  plot: Plot,
  { low, high }: Columns,
  colour: string,
): void {
  traceAbove(ctx, plot, high);
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colour;
  if (!isThin(plot, { low, high })) {
    traceBelow(ctx, plot, low);
    ctx.fillStyle = colour;
    ctx.fill();
  }
  ctx.stroke();
}

/** Paints columns evenly over the plot's width. */
export function paintBand(
  ctx: CanvasRenderingContext2D,
  plot: Plot,
  columns: Columns,
  look: BandLook,
): void {
  if (columns.high.length === 0) return;
  if (look.wash) {
    traceAbove(ctx, plot, columns.high);
    ctx.lineTo(plot.right, plot.bottom);
    ctx.lineTo(plot.left, plot.bottom);
    ctx.fillStyle = look.wash;
    ctx.fill();
  }
  ctx.lineWidth = look.widthPx;
  if (look.line) paintLine(ctx, plot, columns, look.line);
}
