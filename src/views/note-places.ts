/** Where in the memory a note may stand: over slots of one area that are all free. */
import type { FrameView } from '../engine/frame.ts';
import type { Block, PoolsLayout, PoolsStyle } from '../draw/layout-types.ts';

export interface NotePlace {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  /** What it covers: so many slots of so many lines, from the first one in the owner bytes on. */
  readonly firstSlot: number;
  readonly lines: number;
  readonly lineSlots: number;
  readonly slots: number;
}

/** What a note takes, CSS px at the stage's type size. */
const STAGE_NOTE = { widthPx: 256, heightPx: 57 };
/** The same at the type size of the page. */
function noteSize({ fontScale }: PoolsStyle): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  const { widthPx, heightPx } = STAGE_NOTE;
  return { widthPx: Math.round(widthPx * fontScale), heightPx: Math.round(heightPx * fontScale) };
}

/** Free ground left of it, above and below. */
const AIR_PX = 6;
/** Steps in which a place is tried along a row. */
const STEP_SLOTS = 8;

/** Whether no slot under the note is used. */
export function isPlaceFree(place: NotePlace, frame: FrameView): boolean {
  for (let line = 0; line < place.lines; line++) {
    const from = place.firstSlot + line * place.lineSlots;
    for (let slot = from; slot < from + place.slots; slot++) {
      if (frame.owner[slot] !== 0) return false;
    }
  }
  return true;
}

/** Columns to try, the most pleasing first: a little in from the left, then outwards. */
function columnsFor(room: number): number[] {
  const wanted = Math.min(room, 20);
  const all = Array.from({ length: Math.floor(room / STEP_SLOTS) + 1 }, (_, at) => at * STEP_SLOTS);
  return all.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
}

/** The uppermost place of a block that is free, or null. */
function placeIn(block: Block, frame: FrameView, style: PoolsStyle): NotePlace | null {
  const { widthPx, heightPx } = noteSize(style);
  const lines = Math.ceil((heightPx + 2 * AIR_PX) / block.pitch);
  const slots = Math.ceil((widthPx + 2 * AIR_PX) / block.cellW);
  const columns = columnsFor(block.lineSlots - slots);
  for (let line = 0; line + lines <= Math.floor(block.nslots / block.lineSlots); line++) {
    for (const column of columns) {
      const at = line * block.lineSlots + column;
      const place = {
        x: block.x + column * block.cellW + AIR_PX,
        y: block.y + line * block.pitch + AIR_PX,
        widthPx,
        firstSlot: block.slotOffset + block.firstSlot + at,
        lines,
        lineSlots: block.lineSlots,
        slots,
      };
      if (isPlaceFree(place, frame)) return place;
    }
  }
  return null;
}

/** Side by side below the picture, if the panel is higher than that. */
function placesBelow(layout: PoolsLayout, panelPx: number): NotePlace[] {
  const y = layout.heightPx + 2 * AIR_PX;
  const [first] = layout.blocks;
  const { widthPx, heightPx } = noteSize(layout.style);
  if (!first || y + heightPx > panelPx) return [];
  const step = widthPx + 3 * AIR_PX;
  const room = Math.floor((layout.widthPx - first.x) / step);
  const nothing = { firstSlot: 0, lines: 0, lineSlots: 0, slots: 0 };
  return Array.from({ length: Math.max(0, room) }, (_, at) => ({
    x: first.x + at * step,
    y,
    widthPx,
    ...nothing,
  }));
}

/** So many notes below the picture are enough: those stay, the ones in the rows soon have to go. */
const ENOUGH_BELOW = 3;

/**
 * Places for notes: below the picture, else at most one a block, as blocks stand.
 *
 * @param panelPx height of the panel the picture stands in.
 */
export function placesFor(layout: PoolsLayout, frame: FrameView, panelPx: number): NotePlace[] {
  const below = placesBelow(layout, panelPx);
  if (below.length >= ENOUGH_BELOW) return below;
  const { widthPx } = noteSize(layout.style);
  const within = layout.blocks
    .filter(({ kind, lineSlots, cellW }) => kind === 'default' && lineSlots * cellW > widthPx)
    .map((block) => placeIn(block, frame, layout.style))
    .filter((place) => place !== null);
  return [...within, ...below];
}
