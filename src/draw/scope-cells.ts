/** The slots of a lane: who holds them, or how many are free from each on; and what the map takes. */
import type { ExplainedSearch, SeenArea } from '../engine/explained.ts';
import {
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  OWNER_PADDING,
  OWNER_THROTTLED,
} from '../engine/frame.ts';
import { cellX, type Lane, type LanePlace } from './scope-lane.ts';
import { px, type Pen } from './scope-marks.ts';

const SLOT_BYTES = 2048;
const BUS_EVERY = 8;
const NUMBER_EVERY = 4;
/** Of a bold letter, on average. */
const LETTER_PX = 6.6;

/** What is drawn. */
export interface CellsOf {
  readonly search: ExplainedSearch;
  readonly area: SeenArea;
  readonly lane: Lane;
  /** The picture stands at the run that was found. */
  readonly isTaken: boolean;
  readonly names: readonly string[];
}

const count = (value: number) => value.toLocaleString('en-US');

/** Draws the slots of a lane with their numbers, and the run that is taken. */
export function paintCells(pen: Pen, of: CellsOf, place: LanePlace): void {
  const { area, lane } = of;
  const { walk } = area;
  const slots = Array.from(
    { length: Math.min(lane.cells, walk.areaSlots - lane.at) },
    (_, cell) => ({ at: lane.at + cell, x: cellX(place, lane, lane.at + cell) }),
  );
  // Words may be wider than their slot: they come after all slots.
  for (const { at, x } of slots) paintSlot(pen, of, at, x, place);
  for (const { at, x } of slots) {
    paintWords(pen, of, at, x, place);
    paintNumbers(pen, of, at, x, place);
  }
  paintEnd(pen, of, place);
  if (walk.found >= 0 && of.isTaken) paintFit(pen, of, place);
}

function paintSlot(
  pen: Pen,
  { area, lane }: CellsOf,
  at: number,
  x: number,
  place: LanePlace,
): void {
  const byte = area.owner?.[at] ?? 0;
  const cell = cellX(place, lane, at + 1) - x;
  if (byte === 0) {
    pen.rect(x, place.y, cell - 1, place.tall, 'free');
    return;
  }
  const width = cell - ((byte & OWNER_LAST) === 0 ? 0 : 2);
  pen.rect(x, place.y, width, place.tall, (byte & OWNER_DEVICE_MASK) - 1);
  if ((byte & OWNER_PADDING) !== 0) hatch(pen, x, width, place);
  if ((byte & OWNER_THROTTLED) !== 0) pen.rect(x, place.y, width, place.tall / 8, 'lid');
}

function paintWords(pen: Pen, of: CellsOf, at: number, x: number, place: LanePlace): void {
  if ((of.area.owner?.[at] ?? 0) === 0) paintList(pen, of, at, x, place);
  else paintHolder(pen, of, at, x, place);
}

/** `list` of a free slot. */
function paintList(pen: Pen, of: CellsOf, at: number, x: number, place: LanePlace): void {
  const fit = of.area.walk.found - of.area.walk.areaStart;
  const isIn = of.isTaken && at >= fit && at < fit + of.search.request.slots;
  pen.text(x + place.cell / 2, place.y + 28 * pen.scale, String(of.area.list?.[at] ?? 0), {
    size: 12,
    mono: true,
    anchor: 'middle',
    tone: isIn ? 'ink' : 'ink2',
    bold: isIn,
  });
}

/** Whose a run is, at the first of its slots in sight. */
function paintHolder(pen: Pen, of: CellsOf, at: number, x: number, place: LanePlace): void {
  const { area, lane, names } = of;
  const { owner } = area;
  const byte = owner?.[at] ?? 0;
  const isFirst = (byte & OWNER_FIRST) !== 0;
  if (!isFirst && at !== lane.at) return;
  const name = names[(byte & OWNER_DEVICE_MASK) - 1] ?? 'unknown';
  const run = runFrom(owner, at);
  const shown = Math.min(run, lane.at + lane.cells - at);
  const room = shown * place.cell - 6;
  const long = isFirst ? name : `‹ ${name}, one buffer from further left`;
  const text = [long, `‹ ${name}`, name, name.slice(0, 4)].find(
    (words, row) => words.length * LETTER_PX * pen.scale <= room && !(isFirst && row === 1),
  );
  if (text === undefined) return;
  const y = place.y + 16 * pen.scale;
  pen.text(x + 4, y, text, { size: 12, bold: true, tone: 'well' });
  if (!isFirst || shown < 3) return;
  pen.text(x + 4, y + 15 * pen.scale, `${count(run)} slots`, { tone: 'well' });
}

/** Slots from here to the end of the mapping. */
function runFrom(owner: Uint8Array | null, at: number): number {
  if (owner === null) return 1;
  const length = owner.subarray(at).findIndex((byte) => (byte & OWNER_LAST) !== 0);
  return length < 0 ? owner.length - at : length + 1;
}

function hatch(pen: Pen, x: number, width: number, { y, tall }: LanePlace): void {
  const lines: string[] = [];
  for (let top = 0; top < tall + width; top += 7) {
    const from = Math.min(top, tall);
    const right = Math.min(width, top);
    lines.push(`M${px(x + top - from)} ${px(y + from)}L${px(x + right)} ${px(y + top - right)}`);
  }
  pen.line(lines.join(''), 'bg', 2);
}

function paintNumbers(pen: Pen, of: CellsOf, at: number, x: number, place: LanePlace): void {
  const { walk, base } = of.area;
  const slot = walk.areaStart + at;
  const isFit = slot === walk.found && of.isTaken;
  const y = place.y + place.tall + 12 * pen.scale;
  const isNamed = slot % NUMBER_EVERY === 0 || isFit;
  pen.text(x + place.cell / 2, y, isNamed ? count(slot) : '·', {
    size: 10,
    anchor: 'middle',
    bold: isFit,
    tone: isFit ? 'accent' : 'ink3',
  });
  const hasRoom = at - of.lane.at + 4 <= of.lane.cells;
  if (slot % BUS_EVERY !== 0 || !hasRoom) return;
  const bus = (base + slot * SLOT_BYTES).toString(16).padStart(9, '0');
  pen.text(x + 2, y + 13 * pen.scale, `bus 0x${bus}`, { mono: true });
}

/** The wall at the area's end. */
function paintEnd(pen: Pen, { area, lane }: CellsOf, place: LanePlace): void {
  const { areaSlots } = area.walk;
  if (lane.at + lane.cells < areaSlots) return;
  const x = place.x + (areaSlots - lane.at) * place.cell + 0.5;
  const { scale } = pen;
  pen.line(`M${px(x)} ${px(place.y - 4)}v${px(place.tall + 12)}`, 'ink', 2);
  const words = [`end of`, `area`, count(areaSlots)];
  words.forEach((word, row) => {
    const tone = row === 0 ? 'ink' : 'ink3';
    pen.text(x + 20, place.y + (14 + 14 * row) * scale, word, { tone });
  });
}

/** The run that was found: its frame, and `list` as it is afterwards. */
function paintFit(pen: Pen, { search, area, lane }: CellsOf, place: LanePlace): void {
  const { slots } = search.request;
  const fit = area.walk.found - area.walk.areaStart;
  const from = Math.max(fit, lane.at);
  const to = Math.min(fit + slots, lane.at + lane.cells, area.walk.areaSlots);
  if (to <= from) return;
  const { scale } = pen;
  const x = cellX(place, lane, from);
  const end = cellX(place, lane, to) - 1;
  const top = px(place.y - 2);
  const bottom = px(place.y + place.tall + 2);
  const left =
    from === fit ? `M${px(x - 1)} ${bottom}V${top}` : `M${px(x)} ${bottom}M${px(x)} ${top}`;
  const right = to === fit + slots ? `V${bottom}` : `M${px(end)} ${bottom}`;
  pen.line(`${left}H${px(end)}${right}H${px(x - 1)}`, 'accent', 2.5);
  const hidden = slots - (to - fit);
  if (hidden > 0) {
    const side = place.x + lane.cells * place.cell + 8;
    pen.text(side, place.y + 20 * scale, `+${count(hidden)} more`, { tone: 'accent', bold: true });
    pen.text(side, place.y + 34 * scale, `${count(slots)} taken`);
  }
  paintAfter(pen, search, area, lane, place);
}

/** What `list` is once the run is taken. */
function paintAfter(
  pen: Pen,
  { renumbered }: ExplainedSearch,
  { walk }: SeenArea,
  lane: Lane,
  place: LanePlace,
): void {
  if (renumbered === null) return;
  const y = place.y + place.tall + 42 * pen.scale;
  pen.text(14, y, 'list then', { tone: 'ink2' });
  renumbered.after.forEach((list, into) => {
    const at = renumbered.from + into - walk.areaStart;
    if (at < lane.at || at >= lane.at + lane.cells) return;
    const x = place.x + (at - lane.at + 0.5) * place.cell;
    const isChanged = list !== renumbered.before[into];
    pen.text(x, y, String(list), {
      size: 12,
      mono: true,
      anchor: 'middle',
      tone: isChanged ? 'ink' : 'ink3',
      bold: isChanged,
    });
  });
}
