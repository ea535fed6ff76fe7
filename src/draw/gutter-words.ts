/** The lines of text left of an area: number, CPUs, lock, used slots, share, time spun. */
import { AREA, HEADER, POOL, type FrameView } from '../engine/frame.ts';
import { figure, percentOf } from './figures.ts';
import type { Gutter } from './layout-types.ts';

/** The glyph in front of a lock's state. */
export type LockGlyph = 'free' | 'held' | 'spun';

export interface GutterLine {
  readonly text: string;
  /** Set in front of the text in the quiet ink, as in "area 3". */
  readonly before: string;
  readonly strong: boolean;
  readonly glyph: LockGlyph | null;
  /** What stands there instead where a hall's large letters leave no room; may be nothing. */
  readonly short: string;
}

const BLANK: GutterLine = { text: '', before: '', strong: false, glyph: null, short: '' };
/** Lines that can be left out where room is short: the glyph says that a CPU spins. */
const SPARE: ReadonlySet<string> = new Set(['', 'spins', 'spin']);
const quiet = (text: string): GutterLine => ({ ...BLANK, text });
const strong = (text: string, before = ''): GutterLine => ({
  ...BLANK,
  text,
  before,
  strong: true,
});

/** CPUs whose own area this is: an area belongs to every CPU that is it modulo the areas. */
export function cpusOf(area: number, nareas: number, cpus: number): string {
  if (area >= cpus) return 'no CPU';
  if (nareas === 1) return cpus === 1 ? 'CPU 0' : `CPU 0–${cpus - 1}`;
  const own = Math.ceil((cpus - area) / nareas);
  if (own === 1) return `CPU ${area}`;
  return own === 2 ? `CPU ${area}, ${area + nareas}` : `CPU ${area}, ${area + nareas}…`;
}

function lockLines(frame: FrameView, row: number, narrow: boolean): GutterLine[] {
  const holder = frame.area(row, AREA.holder);
  const spinners = frame.area(row, AREA.spinners);
  if (holder < 0) return [{ ...quiet('free'), glyph: 'free' }, BLANK];
  if (spinners === 0) return [{ ...strong('held'), glyph: 'held' }, BLANK];
  const first = frame.area(row, AREA.firstSpinner);
  const one = narrow ? `${first}` : `CPU ${first}`;
  const many = narrow ? `${spinners}` : `${spinners} CPUs`;
  const who = spinners === 1 ? one : many;
  return [{ ...strong(who), glyph: 'spun' }, quiet(spinners === 1 ? 'spins' : 'spin')];
}

interface Used {
  readonly used: number;
  readonly slots: number;
}

function usedOf(gutter: Gutter, frame: FrameView): Used {
  const first = frame.pool(gutter.pool, POOL.areaOffset) + gutter.firstArea;
  let used = 0;
  for (let area = 0; area < gutter.areas; area++) used += frame.area(first + area, AREA.used);
  const slots = gutter.wholePool
    ? frame.pool(gutter.pool, POOL.nslabs)
    : frame.pool(gutter.pool, POOL.areaNslabs);
  return { used, slots };
}

function areaName(gutter: Gutter): string {
  if (gutter.areas === 1) return `${gutter.firstArea}`;
  return `${gutter.firstArea}–${gutter.firstArea + gutter.areas - 1}`;
}

/** Text narrower than this (CSS px) is set smaller and shorter. */
const NARROW_TEXT_PX = 42;

export function isNarrow(gutter: Gutter): boolean {
  return gutter.textPx < NARROW_TEXT_PX;
}

function fullLines(gutter: Gutter, frame: FrameView): GutterLine[] {
  const row = frame.pool(gutter.pool, POOL.areaOffset) + gutter.firstArea;
  const { used, slots } = usedOf(gutter, frame);
  const nareas = frame.pool(gutter.pool, POOL.nareas);
  const spun = percentOf(frame.area(row, AREA.spunNs), frame.head(HEADER.timeNs));
  return [
    strong(areaName(gutter), 'area '),
    quiet(cpusOf(gutter.firstArea, nareas, frame.head(HEADER.cpus))),
    ...lockLines(frame, row, isNarrow(gutter)),
    strong(figure(used)),
    quiet(percentOf(used, slots, isNarrow(gutter) ? 0 : 1)),
    BLANK,
    quiet('spun'),
    quiet(spun),
  ];
}

/** A pool of the strip, or one whose areas are no whole rows. */
function poolLines(gutter: Gutter, frame: FrameView): GutterLine[] {
  const { used, slots } = usedOf(gutter, frame);
  const share = quiet(percentOf(used, slots));
  if (gutter.room === 'number') return [quiet(percentOf(used, slots, 0))];
  if (gutter.room === 'half') {
    const head = gutter.areas === 1 ? figure(used) : areaName(gutter);
    return [strong(head), quiet(percentOf(used, slots, 0))];
  }
  const head = gutter.areas === 1 ? [quiet('1 area')] : [quiet('areas'), strong(areaName(gutter))];
  return [...head, gutter.areas === 1 ? strong(figure(used)) : quiet(figure(used)), share];
}

/** The lines of a gutter, from the top. */
export function gutterLines(gutter: Gutter, frame: FrameView): GutterLine[] {
  if (gutter.folded > 0) {
    const older = { ...quiet(`${gutter.folded} older`), short: `+${gutter.folded}` };
    return gutter.room === 'none' ? [] : [older];
  }
  if (gutter.room === 'none') return [];
  if (gutter.fromRow > 0 && !gutter.wholePool && !startsArea(gutter, frame)) {
    return [quiet('from row'), strong(figure(gutter.fromRow))];
  }
  if (gutter.wholePool) return poolLines(gutter, frame);
  if (gutter.room === 'number') return [strong(areaName(gutter))];
  if (gutter.room === 'full') return fullLines(gutter, frame);
  if (gutter.room === 'most')
    return fullLines(gutter, frame).filter(({ text }) => !SPARE.has(text));
  const { used, slots } = usedOf(gutter, frame);
  return [strong(areaName(gutter)), quiet(percentOf(used, slots, 0))];
}

/** Whether a piece of a cut area is its first. */
function startsArea(gutter: Gutter, frame: FrameView): boolean {
  const areaRows = frame.pool(gutter.pool, POOL.areaNslabs) / 128;
  return gutter.fromRow % areaRows === 0;
}

/** A number that changes whenever the lines may read otherwise; cheap to compare. */
export function gutterSignature(gutter: Gutter, frame: FrameView): number {
  const first = frame.pool(gutter.pool, POOL.areaOffset) + gutter.firstArea;
  let sum = 0;
  for (let area = first; area < first + gutter.areas; area++) {
    const lock = (frame.area(area, AREA.holder) < 0 ? 0 : 1) + 2 * frame.area(area, AREA.spinners);
    sum +=
      frame.area(area, AREA.used) + lock * 7e6 + (frame.area(area, AREA.firstSpinner) + 1) * 9e8;
  }
  const timeNs = Math.max(1, frame.head(HEADER.timeNs));
  const spun = Math.round((frame.area(first, AREA.spunNs) / timeNs) * 1000);
  return sum + spun * 2e11;
}
