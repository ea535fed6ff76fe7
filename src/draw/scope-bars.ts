/** `list` at each try of one area's search, against what the request needs. */
import type { ExplainedSearch, SeenArea } from '../engine/explained.ts';
import { Pen, px, type Drawing, type Tone } from './scope-marks.ts';

export interface BarsBox {
  readonly width: number;
  readonly height: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly scale: number;
}

const TOP_PX = 18;
/** Between two numbers at the axis. */
const NUMBER_PX = 46;

interface Bar {
  readonly list: number;
  readonly tone: Tone;
}

/** A bar a look; where there is not a pixel for each, the highest of those that share one. */
function barsOf({ walk }: SeenArea, columns: number): readonly Bar[] {
  const perBar = Math.max(1, Math.ceil(walk.looks.length / columns));
  const bars: Bar[] = [];
  for (let from = 0; from < walk.looks.length; from += perBar) {
    const looks = walk.looks.slice(from, from + perBar);
    const list = Math.max(...looks.map(({ run }) => run));
    const isFit = looks.some(({ verdict }) => verdict === 'fits');
    const isShort = looks.some(({ verdict }) => verdict === 'short');
    bars.push({ list, tone: isFit ? 'accent' : isShort ? 'ink3' : 'line2' });
  }
  return bars;
}

/** A round step between numbers, so that they do not touch. */
function numberStep(bars: number, barPx: number, scale: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
  return steps.find((step) => step * barPx >= NUMBER_PX * scale) ?? bars;
}

/**
 * Draws the bars of one area.
 *
 * @param upTo position in the walk's looks that the picture stands at.
 * @param before slots looked at in the areas before, which the numbers go on from.
 */
export function barsDrawing(
  search: ExplainedSearch,
  area: SeenArea,
  upTo: number,
  before: number,
  box: BarsBox,
): Drawing {
  const { width, height, leftPx, rightPx, scale } = box;
  const pen = new Pen(scale);
  const { walk } = area;
  const { slots } = search.request;
  const right = width - rightPx;
  const bottom = height - 18 * scale;
  const top = TOP_PX * scale;
  const bars = barsOf(area, Math.floor((right - leftPx) / 2));
  const barPx = Math.min(40, (right - leftPx) / Math.max(1, bars.length));
  const most = Math.max(slots * 1.2, ...bars.map(({ list }) => list));
  const yOf = (list: number) => bottom - (bottom - top) * (list / most);
  pen.text(14, 12 * scale, 'list at each try');
  const perBar = Math.max(1, walk.looks.length / Math.max(1, bars.length));
  const now = Math.floor(upTo / Math.ceil(perBar));
  for (const tone of ['line2', 'ink3', 'accent'] as const) {
    const shapes = bars.map((bar, at) => {
      if (bar.tone !== tone || at > now) return '';
      const gap = barPx > 4 ? 1.5 : barPx > 2 ? 0.5 : 0;
      const x = leftPx + at * barPx;
      const y = Math.min(bottom - 1, yOf(bar.list));
      return `M${px(x)} ${px(bottom)}V${px(y)}h${px(barPx - gap)}V${px(bottom)}z`;
    });
    pen.shapes(shapes.join(''), tone);
  }
  pen.line(`M${leftPx} ${px(bottom + 0.5)}H${right}`, 'line2');
  const need = Math.round(yOf(slots)) + 0.5;
  pen.line(`M${leftPx} ${need}H${right}`, 'accent', 1.5);
  pen.text(right + 8, need + 4, `needs ${slots}`, { tone: 'accent', bold: true });
  pen.text(leftPx - 8, need + 4, `${slots}`, { anchor: 'end' });
  pen.text(leftPx - 8, bottom + 3, '0', { anchor: 'end' });
  if (walk.wrapAt >= 0) {
    const x = Math.round(leftPx + (walk.wrapAt / Math.ceil(perBar)) * barPx) - 0.5;
    pen.line(`M${x} ${top - 8}V${px(bottom + 5)}`, 'accent', 1, '2 2');
    const isLate = x > right - 90 * scale;
    pen.text(isLate ? x - 5 : x + 5, top - 4, 'wrap to 0', {
      tone: 'accent',
      anchor: isLate ? 'end' : 'start',
    });
  }
  const step = numberStep(bars.length, barPx, scale);
  for (let at = 0; at < bars.length; at += step) {
    const look = walk.looks[at * Math.ceil(perBar)];
    const x = leftPx + (at + 0.5) * barPx;
    const number = before + (look?.probe ?? 0) + 1;
    pen.text(x, bottom + 14 * scale, number.toLocaleString('en-US'), { anchor: 'middle' });
  }
  if (upTo >= 0 && bars.length > 0) {
    const x = px(leftPx + (Math.min(now, bars.length - 1) + 0.5) * barPx);
    pen.line(`M${x} ${top - 12}V${px(bottom + 5)}`, 'accent', 1.5);
  }
  return { width, height, marks: pen.marks };
}
