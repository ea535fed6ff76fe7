/**
 * Attempts to grow on the timeline, in a lane of their own: a hollow triangle while one is under way,
 * a solid one for a pool got at once, a half one for a pool of a smaller order, a diamond for a
 * transient pool, an accent cross for a failure; a bar under it says that pages were converted. Marks
 * that would touch are one, with their number.
 */
import { HEADER, SERIES } from '../engine/frame.ts';
import { GROWTH_TOTAL_FIELDS, GROWTH_TOTALS, growthOutcome } from '../engine/growth-totals.ts';
import { figure } from './figures.ts';
import { fontOf, write } from './text-layer.ts';
import { labelPx, xOf, type Chart, type GrowthMoment } from './timeline-chart.ts';

/** What a mark says, the most telling last: a group shows the most telling of its own. */
const GROWTH_MARKS = ['converted', 'transient', 'attempt', 'grown', 'halved', 'failed'] as const;
/** One of `GROWTH_MARKS`. */
export type GrowthMark = (typeof GROWTH_MARKS)[number];

/** What happened at one place. */
export interface PlacedMark {
  readonly x: number;
  readonly mark: GrowthMark;
  /** Attempts, and calls that converted pages; where there are only these, `mark` is 'converted'. */
  readonly count: number;
  readonly conversions: number;
}

/** Marks in one place. */
export interface MarkGroup {
  readonly x: number;
  mark: GrowthMark;
  count: number;
  conversions: number;
}

/** How many of each kind there were. */
export type MarkCounts = Record<GrowthMark, number>;

/** Marks nearer than this are one, CSS px. */
const APART_PX = 12;

/** Marks by `GROWTH_TOTALS`; the rest of those are no outcomes. */
const MARK_OF_OUTCOME: readonly GrowthMark[] = ['grown', 'halved', 'failed', 'transient', 'failed'];

/** What an attempt had come to by `nowNs`. */
export function markOf(moment: GrowthMoment, nowNs: number): GrowthMark {
  const { timeNs, costNs, by } = moment;
  if (by !== 'transient' && timeNs + costNs > nowNs) return 'attempt';
  return MARK_OF_OUTCOME[growthOutcome(moment)] ?? 'attempt';
}

/** The history's counts by bucket, less what is known one by one. */
class Rest {
  readonly #rows: readonly Float32Array[];
  readonly #filled: number;
  readonly #bucketNs: number;

  constructor({ frame, filled }: Pick<Chart, 'frame' | 'filled'>, kept: readonly GrowthMoment[]) {
    this.#filled = filled;
    this.#bucketNs = frame.head(HEADER.bucketNs);
    this.#rows = Array.from({ length: GROWTH_TOTAL_FIELDS }, (_, field) =>
      frame.series(SERIES.grown + field).slice(0, filled),
    );
    for (const moment of kept) {
      this.#take(growthOutcome(moment), moment.timeNs, 1);
      this.#take(GROWTH_TOTALS.conversions, moment.timeNs, moment.converted[0]);
    }
  }

  /** Every bucket with something left, as one mark in its middle. */
  marks(chart: Pick<Chart, 'plot' | 'spanNs' | 'past'>, counts: MarkCounts): PlacedMark[] {
    const marks: PlacedMark[] = [];
    for (let bucket = 0; bucket < this.#filled; bucket++) {
      const found = this.#at(bucket, counts);
      if (found === null) continue;
      const x = Math.min(chart.past.right, xOf(chart, (bucket + 0.5) * this.#bucketNs));
      marks.push({ x, ...found });
    }
    return marks;
  }

  #take(field: number, timeNs: number, amount: number): void {
    const row = this.#rows[field];
    const bucket = Math.floor(timeNs / this.#bucketNs);
    if (row !== undefined && bucket < row.length) {
      row[bucket] = Math.max(0, (row[bucket] as number) - amount);
    }
  }

  #at(bucket: number, counts: MarkCounts): Omit<PlacedMark, 'x'> | null {
    const conversions = this.#rows[GROWTH_TOTALS.conversions]?.[bucket] ?? 0;
    let mark: GrowthMark = 'converted';
    let count = 0;
    for (const [outcome, name] of MARK_OF_OUTCOME.entries()) {
      const here = this.#rows[outcome]?.[bucket] ?? 0;
      if (here === 0) continue;
      counts[name] += here;
      count += here;
      if (isMoreTelling(name, mark)) mark = name;
    }
    counts.converted += conversions;
    return count + conversions > 0 ? { mark, count, conversions } : null;
  }
}

function isMoreTelling(one: GrowthMark, other: GrowthMark): boolean {
  return GROWTH_MARKS.indexOf(one) > GROWTH_MARKS.indexOf(other);
}

/** All attempts of a run up to its present moment, from left to right, and how many of each kind. */
export interface MarkLane {
  readonly marks: readonly PlacedMark[];
  readonly counts: MarkCounts;
}

/**
 * Places every attempt: the newest, of which everything is known, at their own moments, all others
 * by the buckets of the history. None is left out, and the cost is that of the buckets.
 */
export function markLane(
  chart: Pick<Chart, 'frame' | 'filled' | 'plot' | 'past' | 'spanNs' | 'options'>,
): MarkLane {
  const nowNs = chart.frame.head(HEADER.timeNs);
  const kept = (chart.options.growth ?? []).filter(({ timeNs }) => timeNs <= nowNs);
  const counts: MarkCounts = {
    converted: 0,
    transient: 0,
    attempt: 0,
    grown: 0,
    halved: 0,
    failed: 0,
  };
  const rest = new Rest(chart, kept).marks(chart, counts);
  const exact = kept.map((moment): PlacedMark => {
    const mark = markOf(moment, nowNs);
    const [conversions] = moment.converted;
    counts[mark]++;
    counts.converted += conversions;
    return { x: xOf(chart, moment.timeNs), mark, count: 1, conversions };
  });
  return { marks: [...rest, ...exact].toSorted((one, other) => one.x - other.x), counts };
}

/** Groups from left to right; `widthOf` gives the room that a group's number takes. */
export function groupMarks(
  marks: readonly PlacedMark[],
  apartPx: number,
  widthOf: (count: number) => number,
): MarkGroup[] {
  const groups: MarkGroup[] = [];
  for (const { x, mark, count, conversions } of marks) {
    const last = groups.at(-1);
    const numberPx = last && last.count > 1 ? widthOf(last.count) : 0;
    if (last === undefined || x - last.x >= apartPx + numberPx) {
      groups.push({ x, mark, count, conversions });
      continue;
    }
    last.count += count;
    last.conversions += conversions;
    if (isMoreTelling(mark, last.mark)) last.mark = mark;
  }
  return groups;
}

/** A number in at most four signs: 9,999, then 10k, 999k, 1.2M. */
export function shortFigure(value: number): string {
  if (value < 10_000) return figure(value);
  if (value < 999_500) return `${Math.round(value / 1000)}k`;
  const millions = value / 1e6;
  return `${millions < 9.95 ? millions.toFixed(1).replace('.0', '') : Math.round(millions)}M`;
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

/** The bar under a mark: pages were converted. Alone, where that was all. */
function paintConverted(
  { ctx, palette, options }: Chart,
  x: number,
  y: number,
  lower: number,
): void {
  const half = 4 * options.fontScale;
  const thick = Math.max(1.5, 1.5 * options.fontScale);
  ctx.fillStyle = palette.css.ink;
  ctx.fillRect(x - half, y + lower * half, 2 * half, thick);
}

function paintMark(chart: Chart, mark: GrowthMark, x: number, y: number): void {
  const { ctx, palette, options } = chart;
  const half = 4 * options.fontScale;
  if (mark === 'converted') return;
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

const WORDS: Readonly<Record<GrowthMark, string>> = {
  failed: 'failed',
  halved: 'halved',
  grown: 'grown',
  attempt: 'under way',
  transient: 'transient',
  converted: 'conversions',
};

/** The lane's words: what all marks together are. */
function sumOf(counts: MarkCounts): string {
  return [...GROWTH_MARKS]
    .toReversed()
    .filter((mark) => counts[mark] > 0)
    .map((mark) => {
      const isOne = mark === 'converted' && counts[mark] === 1;
      return `${figure(counts[mark])} ${isOne ? 'conversion' : WORDS[mark]}`;
    })
    .join(', ');
}

/** Where there is room for the lane's words: behind the last mark, else before the first. */
function writeSum(chart: Chart, text: string, from: number, to: number, baseY: number): void {
  const { ctx, palette, plot, options } = chart;
  const look = { sizePx: labelPx(chart), weight: 400, colour: palette.css.ink2 } as const;
  ctx.font = fontOf(palette, look);
  const gap = 8 * options.fontScale;
  const widthPx = ctx.measureText(text).width;
  // Behind the plot are the lines' names.
  const isBehind = to + gap + widthPx <= plot.right;
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
  for (const { x, mark, count, conversions } of groups) {
    const widthPx = count < 2 ? 0 : widthOf(count);
    const before = right;
    paintMark(chart, mark, x, y);
    if (conversions > 0) paintConverted(chart, x, y, mark === 'converted' ? 0 : 1.2);
    right = x + gap;
    if (count < 2) continue;
    const text = shortFigure(count);
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
  const { ctx, box, options, palette, plot } = chart;
  const { growthPx = 0, throttlePx = 0 } = box;
  if (growthPx === 0) return;
  const { marks, counts } = markLane(chart);
  if (marks.length === 0) return;
  const y = Math.round(plot.top - throttlePx - growthPx / 2);
  const sizePx = labelPx(chart);
  ctx.font = fontOf(palette, { sizePx, weight: 600 });
  const gap = 7 * options.fontScale;
  const widths = new Map<number, number>();
  const widthOf = (count: number) => {
    const { length } = shortFigure(count);
    const known = widths.get(length);
    if (known !== undefined) return known;
    const width = Math.ceil(ctx.measureText('8'.repeat(length)).width);
    widths.set(length, width);
    return width;
  };
  const groups = groupMarks(marks, APART_PX * options.fontScale, widthOf);
  const right = paintGroups(chart, groups, { y, gap, widthOf });
  writeSum(chart, sumOf(counts), (groups[0]?.x ?? 0) - gap, right, y + sizePx * 0.36);
}
