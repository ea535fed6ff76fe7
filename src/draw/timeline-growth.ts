/**
 * Attempts to grow on the timeline, in a lane of their own: a hollow triangle while one is under way,
 * a solid one for a pool got at once, a half one for a pool of a smaller order, a diamond for a
 * transient pool, an accent cross for a failure. Marks that would touch are one, with their number.
 */
import { HEADER } from '../engine/frame.ts';
import { figure } from './figures.ts';
import { fontOf, write } from './text-layer.ts';
import { labelPx, xOf, type Chart, type GrowthMoment } from './timeline-chart.ts';

/** What a mark says, the most telling last: a group shows the most telling of its own. */
export const GROWTH_MARKS = ['transient', 'attempt', 'grown', 'halved', 'failed'] as const;
/** One of `GROWTH_MARKS`. */
export type GrowthMark = (typeof GROWTH_MARKS)[number];

/** Marks in one place. */
export interface MarkGroup {
  readonly x: number;
  mark: GrowthMark;
  count: number;
}

/** Marks nearer than this are one, CSS px. */
const APART_PX = 12;

/** What an attempt had come to by `nowNs`. */
export function markOf(
  { timeNs, costNs, by, slots, tries }: GrowthMoment,
  nowNs: number,
): GrowthMark {
  if (by !== 'transient' && timeNs + costNs > nowNs) return 'attempt';
  if (slots === 0) return 'failed';
  if (by === 'transient') return 'transient';
  return tries.some(({ path }) => path === 'failed') ? 'halved' : 'grown';
}

/** Groups from left to right; `widthOf` gives the room that a group's number takes. */
export function groupMarks(
  marks: readonly { readonly x: number; readonly mark: GrowthMark }[],
  apartPx: number,
  widthOf: (count: number) => number,
): MarkGroup[] {
  const groups: MarkGroup[] = [];
  for (const { x, mark } of marks) {
    const last = groups.at(-1);
    if (last === undefined || x - last.x >= apartPx + (last.count > 1 ? widthOf(last.count) : 0)) {
      groups.push({ x, mark, count: 1 });
      continue;
    }
    last.count++;
    if (GROWTH_MARKS.indexOf(mark) > GROWTH_MARKS.indexOf(last.mark)) last.mark = mark;
  }
  return groups;
}

/** Corners of the marks, in halves of their size; a cross is two lines. */
const UP = [0, -1, 1, 0.8, -1, 0.8];
const HALF = [0, -1, 0, 0.8, -1, 0.8];
const DIAMOND = [0, -1, 0.8, 0, 0, 1, -0.8, 0];

function trace(
  { ctx }: Chart,
  corners: readonly number[],
  x: number,
  y: number,
  half: number,
): void {
  ctx.beginPath();
  for (let at = 0; at < corners.length; at += 2) {
    const [cornerX = 0, cornerY = 0] = corners.slice(at, at + 2);
    if (at === 0) ctx.moveTo(x + cornerX * half, y + cornerY * half);
    else ctx.lineTo(x + cornerX * half, y + cornerY * half);
  }
  ctx.closePath();
}

function paintMark(chart: Chart, mark: GrowthMark, x: number, y: number): void {
  const { ctx, palette, options } = chart;
  const half = 4 * options.fontScale;
  ctx.strokeStyle = mark === 'failed' ? palette.css.accent : palette.css.ink;
  ctx.fillStyle = palette.css.ink;
  ctx.lineWidth = (mark === 'failed' ? 1.75 : 1.25) * options.fontScale;
  if (mark === 'failed') {
    const arm = half * 0.8;
    ctx.beginPath();
    ctx.moveTo(x - arm, y - arm);
    ctx.lineTo(x + arm, y + arm);
    ctx.moveTo(x + arm, y - arm);
    ctx.lineTo(x - arm, y + arm);
  } else if (mark === 'transient') trace(chart, DIAMOND, x, y, half);
  else {
    if (mark === 'halved') {
      trace(chart, HALF, x, y, half);
      ctx.fill();
    }
    trace(chart, UP, x, y, half);
    if (mark === 'grown') ctx.fill();
  }
  ctx.stroke();
}

/** The lane's words: what all marks together are. */
function sumOf(marks: readonly { readonly mark: GrowthMark }[]): string {
  const words = { transient: 'transient', attempt: 'under way', grown: 'grown', halved: 'halved' };
  return [...GROWTH_MARKS]
    .toReversed()
    .map((mark) => [marks.filter((one) => one.mark === mark).length, mark] as const)
    .filter(([count]) => count > 0)
    .map(([count, mark]) => `${figure(count)} ${mark === 'failed' ? mark : words[mark]}`)
    .join(', ');
}

/** Where there is room for the lane's words: behind the last mark, else before the first. */
function writeSum(chart: Chart, text: string, from: number, to: number, baseY: number): void {
  const { ctx, palette, plot, options } = chart;
  const look = { sizePx: labelPx(chart), weight: 400, colour: palette.css.ink2 } as const;
  ctx.font = fontOf(palette, look);
  const gap = 8 * options.fontScale;
  const widthPx = ctx.measureText(text).width;
  const isBehind = to + gap + widthPx <= chart.box.widthPx;
  if (!isBehind && from - gap - widthPx < plot.left) return;
  const x = isBehind ? to + gap : from - gap;
  write(ctx, palette, { ...look, x, y: baseY, text, right: !isBehind });
}

/** Paints the groups with their numbers, around `y`. @returns where the last one ends. */
function paintGroups(
  chart: Chart,
  groups: readonly MarkGroup[],
  { y, gap, widthOf }: { y: number; gap: number; widthOf: (count: number) => number },
): number {
  const { ctx, palette, plot } = chart;
  const look = { sizePx: labelPx(chart), weight: 600, colour: palette.css.ink2 } as const;
  const baseY = y + look.sizePx * 0.36;
  let right = plot.left;
  for (const { x, mark, count } of groups) {
    const widthPx = count === 1 ? 0 : widthOf(count);
    const before = right;
    paintMark(chart, mark, x, y);
    right = x + gap;
    if (count === 1) continue;
    const text = figure(count);
    // Behind the plot are the lines' names: there the number stands before its mark, if it can.
    if (right + widthPx <= plot.right) {
      write(ctx, palette, { ...look, x: right, y: baseY, text, right: false });
      right += widthPx;
    } else if (x - gap - widthPx >= before) {
      write(ctx, palette, { ...look, x: x - gap, y: baseY, text, right: true });
    }
  }
  return right;
}

/** Paints the lane, where the box has one. */
export function paintGrowth(chart: Chart): void {
  const { ctx, box, options, palette, plot, frame } = chart;
  const { growthPx = 0, throttlePx = 0 } = box;
  const nowNs = frame.head(HEADER.timeNs);
  const moments = (options.growth ?? []).filter(({ timeNs }) => timeNs <= nowNs);
  if (growthPx === 0 || moments.length === 0) return;
  const y = Math.round(plot.top - throttlePx - growthPx / 2);
  const marks = moments.map((moment) => ({
    x: xOf(chart, moment.timeNs),
    mark: markOf(moment, nowNs),
  }));
  const sizePx = labelPx(chart);
  ctx.font = fontOf(palette, { sizePx, weight: 600 });
  const gap = 7 * options.fontScale;
  const widthOf = (count: number) => Math.ceil(ctx.measureText(figure(count)).width);
  const groups = groupMarks(marks, APART_PX * options.fontScale, widthOf);
  const right = paintGroups(chart, groups, { y, gap, widthOf });
  writeSum(chart, sumOf(marks), (groups[0]?.x ?? 0) - gap, right, y + sizePx * 0.36);
}
