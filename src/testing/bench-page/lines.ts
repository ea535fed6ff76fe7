/** A series of 100,000 points against the least a canvas could do for it. */
import { paintBand, yOf, type Plot } from '../../draw/band.ts';
import { minMaxColumns } from '../../draw/min-max-columns.ts';
import type { Painter } from './drawing.ts';
import { lehmer } from './full-pool.ts';

const POINTS = 100_000;
const WIDTH = 984;
const HEIGHT = 124;
const PLOT: Plot = { left: 0, right: WIDTH, top: 19, bottom: 106, most: 40_000 };

function points(): Float32Array {
  const random = lehmer(7);
  let value = 16_000;
  return Float32Array.from({ length: POINTS }, () => {
    value = Math.max(0, Math.min(36_000, value + (random() - 0.5) * 800));
    return value;
  });
}

function contextOf(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.append(canvas);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new RangeError('the browser has no 2D canvas');
  return context;
}

/** Makes the browser paint now what it would put off to the end of the frame. */
function flush(context: CanvasRenderingContext2D): void {
  context.getImageData(0, 0, 1, 1);
}

/** As the timeline paints its line. */
function asPainted(values: Float32Array): Painter {
  const context = contextOf();
  return () => {
    context.clearRect(0, 0, WIDTH, HEIGHT);
    paintBand(context, PLOT, minMaxColumns(values, values, POINTS, WIDTH), {
      line: '#eef1f2',
      widthPx: 1.25,
      wash: 'rgb(238 241 242 / 0.13)',
    });
    flush(context);
  };
}

/** The least and the most of every pixel column as one box each. */
function byHand(values: Float32Array): Painter {
  const context = contextOf();
  const each = POINTS / WIDTH;
  return () => {
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = '#eef1f2';
    for (let column = 0; column < WIDTH; column++) {
      let least = Infinity;
      let most = -Infinity;
      const to = Math.floor((column + 1) * each);
      for (let point = Math.floor(column * each); point < to; point++) {
        const value = values[point] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      const top = yOf(PLOT, most);
      context.fillRect(column, top, 1, Math.max(1, yOf(PLOT, least) - top));
    }
    flush(context);
  };
}

export interface LinePainters {
  readonly asPainted: Painter;
  readonly byHand: Painter;
}

export function linePainters(): LinePainters {
  const values = points();
  return { asPainted: asPainted(values), byHand: byHand(values) };
}
