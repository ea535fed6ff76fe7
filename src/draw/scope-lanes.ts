/**
 * Stretches of an area, drawn slot by slot: where the search began, where it went on after the wrap,
 * and where it ended. Each free slot says its `list`; above the slots stand the tries, their verdicts
 * and the strides between them.
 */
import type { ExplainedSearch, SeenArea } from '../engine/explained.ts';
import type { Look } from '../model/area-walk.ts';
import { paintCells } from './scope-cells.ts';
import type { Lane, LanePlace } from './scope-lane.ts';
import { Pen, px, type Drawing } from './scope-marks.ts';
import { longestRun } from './scope-steps.ts';

export interface LanesBox {
  readonly width: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly scale: number;
  /** Names of the devices, by index. */
  readonly names: readonly string[];
}

/** Where the picture stands. */
export interface Stands {
  /** Position in the walk's looks. */
  readonly upTo: number;
  /** Slots looked at in the areas before: tries are counted on. */
  readonly before: number;
}

/** Heights, as designed; all grow with the letters. */
const HEAD_PX = 38;
const CELL_PX = 46;
const FOOT_PX = 30;
const AFTER_PX = 22;
/** More room below a lane that the line of the wrap runs through. */
const WRAP_PX = 20;
const GAP_PX = 26;
const CELL_WIDTH_PX = 35;
const BEFORE_HINT = 6;
const BEFORE_FIT = 9;

/** How many slots of a lane there is room for. */
export function laneCells({ width, leftPx, rightPx, scale }: LanesBox): number {
  return Math.max(6, Math.floor((width - leftPx - rightPx) / (CELL_WIDTH_PX * scale)));
}

const count = (value: number) => value.toLocaleString('en-US');

/** A stretch of `cells` slots in which `at` has `before` slots before it, as far as there is room. */
function windowAt(at: number, before: number, cells: number, areaSlots: number): number {
  // In a narrow window less comes before it: it has to be seen itself.
  const few = Math.min(before, Math.floor(cells / 4));
  return Math.max(0, Math.min(at - few, areaSlots - cells));
}

/** Moves a stretch, by whole stretches, to where `at` is in it. */
function scrolled(from: number, at: number, cells: number, areaSlots: number): number {
  if (at >= from && at < from + cells) return from;
  const pages = Math.floor((at - from) / (cells - 2));
  return Math.max(0, Math.min(from + pages * (cells - 2), areaSlots - cells));
}

/**
 * The lanes of one area: one to three.
 *
 * @param upTo position in the walk's looks that the picture stands at.
 */
export function lanesOf(area: SeenArea, upTo: number, cells: number): readonly Lane[] {
  const { walk } = area;
  const { areaSlots, areaStart, wrapAt, index } = walk;
  const shown = Math.min(cells, areaSlots);
  const look = upTo >= walk.looks.length - 1 ? undefined : walk.looks[upTo];
  const at = look === undefined ? -1 : look.slot + look.count - 1 - areaStart;
  const isWrapped = wrapAt >= 0 && upTo >= wrapAt;
  // The lane that the picture stands in goes along.
  const along = (from: number, isHere: boolean) =>
    at >= 0 && isHere ? scrolled(from, at, shown, areaSlots) : from;
  const begin = windowAt(index, BEFORE_HINT, shown, areaSlots);
  const hint = along(begin, !isWrapped);
  const title = hint === begin ? 'The hint' : 'On the way';
  const lanes = [{ title, at: hint, lines: [`index ${count(index)}`, rowOf(hint)] }];
  if (wrapAt >= 0) {
    const start = along(0, isWrapped);
    const name = start === 0 ? 'The wrap' : 'On the way';
    lanes.push({ title: name, at: start, lines: ['goes to 0', rowOf(start)] });
  }
  const end = endOf(area);
  const isSeen = (lane: { at: number }) =>
    end !== null && end.at >= lane.at && end.at < lane.at + shown - 4;
  // A lane that shows the end already needs no second one beside it.
  if (end !== null && (!lanes.some(isSeen) || (walk.found >= 0 && at >= 0))) {
    const from = windowAt(end.at, BEFORE_FIT, shown, areaSlots);
    lanes.push({ title: end.title, at: from, lines: [end.line, rowOf(end.at)] });
  }
  return lanes.map((lane, row) => ({ ...lane, letter: 'ABC'[row] ?? '', cells: shown }));
}

function rowOf(at: number): string {
  return `row ${count(Math.floor(at / 128))}`;
}

/** Where a search ended: at the run it took, or nowhere, and then the longest run is of interest. */
function endOf(area: SeenArea): { title: string; at: number; line: string } | null {
  const { walk } = area;
  if (walk.found >= 0) {
    const at = walk.found - walk.areaStart;
    return { title: 'The fit', at, line: `slot ${count(walk.found)}` };
  }
  const longest = longestRun(area);
  if (longest === null || longest.run === 0) return null;
  return { title: 'Longest', at: longest.at, line: `${count(longest.run)} free` };
}

function middleOf({ x, cell }: LanePlace, lane: Lane, at: number): number {
  return x + (at - lane.at + 0.5) * cell;
}

/** The mark of a verdict: a dash, a bar, a cross, a disc. */
function glyph(pen: Pen, verdict: Look['verdict'], x: number, y: number): void {
  const size = 4 * Math.sqrt(pen.scale);
  if (verdict === 'misaligned') {
    pen.line(`M${px(x - size)} ${px(y)}h${px(2 * size)}`, 'ink', 2);
  } else if (verdict === 'short') {
    const span = 2 * size;
    pen.line(
      `M${px(x - size)} ${px(y - size)}l${px(span)} ${px(span)}m0 ${px(-span)}l${px(-span)} ${px(span)}`,
      'ink',
      1.5,
    );
  } else if (verdict === 'boundary') {
    pen.line(
      `M${px(x - 2)} ${px(y - size)}v${px(2 * size)}M${px(x + 2)} ${px(y - size)}v${px(2 * size)}`,
      'ink',
      2,
    );
  } else {
    const r = px(size + 1);
    const left = px(x - size - 1);
    pen.shapes(
      `M${left} ${px(y)}a${r} ${r} 0 1 0 ${px(2 * size + 2)} 0a${r} ${r} 0 1 0 ${px(-2 * size - 2)} 0z`,
      'accent',
    );
  }
}

/** Tries, verdicts and strides above a lane's cells. */
function paintTries(
  pen: Pen,
  lane: Lane,
  { walk }: SeenArea,
  stands: Stands,
  place: LanePlace,
): void {
  const { upTo, before } = stands;
  const y = place.y - 10 * pen.scale;
  const end = lane.at + lane.cells;
  walk.looks.slice(0, upTo + 1).forEach((look, number) => {
    const from = look.slot - walk.areaStart;
    const last = from + look.count - 1;
    if (last < lane.at || from >= end) return;
    const isNow = number === upTo;
    const tone = look.verdict === 'fits' || isNow ? 'accent' : 'ink2';
    for (let at = Math.max(from, lane.at); at <= Math.min(last, end - 1); at++) {
      const x = middleOf(place, lane, at);
      glyph(pen, look.verdict, x, y);
      const name = count(before + look.probe + 1 + at - from);
      pen.text(x, y - 11 * pen.scale, name, { size: 10, anchor: 'middle', bold: true, tone });
    }
    const next = walk.looks[number + 1];
    if (next === undefined || number === upTo) return;
    const to = next.slot - walk.areaStart;
    if (to > last && last < end) paintStride(pen, lane, place, { last, to, y });
  });
}

/** The arrow from a slot to the next that is looked at, as far as the lane goes. */
function paintStride(
  pen: Pen,
  lane: Lane,
  place: LanePlace,
  { last, to, y }: { last: number; to: number; y: number },
): void {
  const x = middleOf(place, lane, last) + 7 * pen.scale;
  const edge = place.x + lane.cells * place.cell + 6;
  const tip = Math.min(edge, middleOf(place, lane, to) - 8 * pen.scale);
  if (tip - x < 3) return;
  pen.line(`M${px(x)} ${px(y)}H${px(tip)}m-4 -3 4 3-4 3`, 'ink3');
}

/** The line from the area's end to its start, from the first lane to the second. */
function paintWrap(
  pen: Pen,
  [from, to]: readonly LanePlace[],
  [lane]: readonly Lane[],
  { walk }: SeenArea,
): void {
  if (from === undefined || to === undefined || lane === undefined) return;
  const { areaSlots } = walk;
  const isAtEnd = lane.at + lane.cells >= areaSlots;
  const right = from.x + lane.cells * from.cell + (isAtEnd ? 14 : 22);
  const y = from.y - 10 * pen.scale;
  const low = from.y + from.tall + (FOOT_PX + WRAP_PX) * pen.scale;
  const left = to.x - 16;
  const start = px(right - (isAtEnd ? 12 : 8));
  const into = to.y - 10 * pen.scale;
  const tip = px(to.x + to.cell / 2 - 10 * pen.scale);
  pen.line(
    `M${start} ${px(y)}H${px(right)}V${px(low)}H${px(left)}V${px(into)}H${tip}m-5 -4 5 4-5 4`,
    'accent',
    1.5,
  );
  const short = 'past the end: the index becomes 0';
  const long = `${short}, not index modulo ${count(areaSlots)}`;
  const words = long.length * 6.4 * pen.scale < right - left ? long : short;
  pen.text((left + right) / 2, low - 5, words, { tone: 'accent', bold: true, anchor: 'middle' });
}

/**
 * Draws the lanes.
 *
 * @param at where the picture stands.
 */
export function lanesDrawing(
  search: ExplainedSearch,
  area: SeenArea,
  lanes: readonly Lane[],
  at: Stands,
  box: LanesBox,
): Drawing {
  const pen = new Pen(box.scale);
  const { scale, leftPx, width } = box;
  const isTaken = isTakenAt(area, at);
  const places: LanePlace[] = [];
  let y = HEAD_PX * scale;
  for (const lane of lanes) {
    const cell = (width - leftPx - box.rightPx) / Math.max(lane.cells, laneCells(box));
    const place = { x: leftPx, y, cell, tall: CELL_PX * scale };
    places.push(place);
    paintLaneName(pen, lane, place);
    paintCells(pen, { search, area, lane, isTaken, names: box.names }, place);
    paintTries(pen, lane, area, at, place);
    const more = moreBelow(search, area, lane, at, places.length);
    const next = lanes[places.length];
    const foot = { ...place, y: y + more * scale };
    if (next !== undefined) paintMore(pen, [lane, next], area, at, foot);
    y += (CELL_PX + FOOT_PX + more + GAP_PX + HEAD_PX) * scale;
  }
  if (isWrappedAt(area, at)) paintWrap(pen, places, lanes, area);
  const height = y - (GAP_PX + HEAD_PX - 10) * scale;
  return { width, height, marks: pen.marks };
}

function isTakenAt({ walk }: SeenArea, { upTo }: Stands): boolean {
  return walk.found >= 0 && upTo >= walk.looks.length - 1;
}

function isWrappedAt({ walk }: SeenArea, { upTo }: Stands): boolean {
  return walk.wrapAt >= 0 && upTo >= walk.wrapAt;
}

/** What a lane needs below it, besides its numbers: `list` as it will be, and the line of the wrap. */
function moreBelow(
  { request }: ExplainedSearch,
  area: SeenArea,
  lane: Lane,
  at: Stands,
  row: number,
): number {
  const fit = area.walk.found - area.walk.areaStart;
  const hasFit = fit < lane.at + lane.cells && fit + request.slots > lane.at;
  const after = isTakenAt(area, at) && hasFit ? AFTER_PX : 0;
  return after + (isWrappedAt(area, at) && row === 1 ? WRAP_PX : 0);
}

/** Between two lanes: the tries that neither shows. */
function paintMore(
  pen: Pen,
  [one, other]: readonly [Lane, Lane],
  { walk }: SeenArea,
  { upTo, before }: Stands,
  place: LanePlace,
): void {
  const isIn = (lane: Lane, look: Look) => {
    const at = look.slot - walk.areaStart;
    return at + look.count > lane.at && at < lane.at + lane.cells;
  };
  const seen = walk.looks.slice(0, upTo + 1);
  const last = seen.findLastIndex((look) => isIn(one, look) && !isIn(other, look));
  const next = seen.findIndex((look, at) => at > last && isIn(other, look));
  const hidden = seen.slice(last + 1, next);
  const [first] = hidden;
  const end = hidden.at(-1);
  if (last < 0 || next < 0 || first === undefined || end === undefined) return;
  const from = before + first.probe + 1;
  const to = before + end.probe + end.count;
  const why = hidden.every(({ verdict }) => verdict === 'short') ? ', every one too short' : '';
  const words = `tries ${count(from)} to ${count(to)}: ${count(to - from + 1)} more slots${why}`;
  const y = place.y + place.tall + 46 * pen.scale;
  pen.text(place.x, y, words, { tone: 'ink2' });
}

function paintLaneName(pen: Pen, { letter, title, lines }: Lane, { y }: LanePlace): void {
  const { scale } = pen;
  pen.text(14, y + 12 * scale, letter, { size: 13, bold: true, tone: 'ink' });
  pen.text(14, y + 28 * scale, title, { tone: 'ink' });
  lines.forEach((line, row) => pen.text(14, y + (42 + 14 * row) * scale, line));
}
