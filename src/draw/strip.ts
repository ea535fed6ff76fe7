/**
 * The strip above the main pools: dynamic pools, newest on top, and transient pools as bars. Its
 * height is fixed by the machine, so nothing below moves when a pool appears.
 */
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import { wallPx } from './block-metrics.ts';
import type { Block, Box, Gutter, GutterRoom, PoolShape, PoolTitle } from './layout-types.ts';

/** Where the strip may draw, world px. */
export interface StripPlace {
  /** Left edge of the rows, and where the title begins. */
  readonly x: number;
  readonly titleX: number;
  readonly y: number;
  readonly titlePx: number;
  /** Height of a line of text in the gutter. */
  readonly linePx: number;
  /** Height for rows, under the title. */
  readonly rowsPx: number;
  readonly cellW: number;
  /** Device pixels of a line at most. */
  readonly pitchDevice: number;
  readonly dpr: number;
  readonly titleWidthPx: number;
}

export interface Strip {
  readonly blocks: readonly Block[];
  readonly gutters: readonly Gutter[];
  readonly titles: readonly PoolTitle[];
  readonly reserved: Box | null;
}

/** A pool and its row in the frame's table. */
export interface Placed {
  readonly pool: PoolShape;
  readonly row: number;
}

export function poolBlock(
  { pool, row }: Placed,
  at: Pick<Block, 'x' | 'y' | 'cellW' | 'pitch' | 'lineSlots'>,
): Block {
  return {
    ...at,
    pool: row,
    poolId: pool.id,
    kind: pool.kind,
    firstSlot: 0,
    nslots: pool.nslabs,
    lines: Math.ceil(pool.nslabs / at.lineSlots),
    barPx: null,
    areaNslabs: pool.areaNslabs,
    areaOffset: pool.areaOffset,
    nareas: pool.nareas,
    slotOffset: pool.slotOffset,
  };
}

/** Pools shown with all their rows; older ones fold to one line each. */
const NEWEST = 3;
const POOL_GAP = 3;

const rowsOf = (pool: PoolShape) => Math.ceil(pool.nslabs / SEGMENT_SLOTS);

/** Share of the strip that folded pools take at most. */
const FOLD_SHARE = 0.4;

/** Pitch of the folded lines and how many of them there is room for in `roomPx`. */
function foldPlan(folded: number, roomPx: number, dpr: number): { pitch: number; shown: number } {
  const room = Math.floor(roomPx * dpr);
  if (folded === 0 || room < 1) return { pitch: 0, shown: 0 };
  const pitch = Math.max(1, Math.min(Math.round(4 * dpr), Math.floor(room / folded)));
  return { pitch: pitch / dpr, shown: Math.min(folded, Math.floor(room / pitch)) };
}

/** Text may reach so far into the gap below its pool. */
const OVERHANG_PX = 2;

/** Lines of text beside a pool: none where `heightPx` has not even room for one. */
function roomFor(heightPx: number, linePx: number): GutterRoom {
  const lines = Math.floor((heightPx + OVERHANG_PX) / linePx);
  if (lines >= 4) return 'full';
  if (lines >= 2) return 'half';
  return lines === 1 ? 'number' : 'none';
}

const LINES: Readonly<Record<GutterRoom, number>> = {
  full: 4,
  most: 4,
  half: 2,
  number: 1,
  none: 0,
};

/**
 * The column of text beside the strip, given away from the top. Text of a pool too low for a line
 * stands on its middle, if nothing is written there and it keeps within the strip.
 */
class GutterColumn {
  readonly #linePx: number;
  readonly #bottom: number;
  #writtenTo: number;

  constructor({ y, titlePx, rowsPx, linePx }: StripPlace) {
    this.#linePx = linePx;
    this.#writtenTo = y + titlePx - OVERHANG_PX;
    this.#bottom = y + titlePx + rowsPx + OVERHANG_PX;
  }

  /** The room of the pool that is next. */
  at(topPx: number, heightPx: number): GutterRoom {
    const room = roomFor(heightPx, this.#linePx);
    const isLow = room === 'none';
    const from = isLow ? topPx + (heightPx - this.#linePx) / 2 : topPx;
    const to = from + LINES[isLow ? 'number' : room] * this.#linePx;
    const isFree = from + OVERHANG_PX >= this.#writtenTo && to <= this.#bottom + OVERHANG_PX;
    if (!isFree) return 'none';
    this.#writtenTo = to;
    return isLow ? 'number' : room;
  }
}

/** Text beside a pool of the strip: "79.2 %" and "12 older" are the widest, in so many lines' height. */
const GUTTER_TEXT_LINES = 50 / 13;
const MOST_TEXT_PX = 72;

function poolGutter(block: Block, heightPx: number, linePx: number, room: GutterRoom): Gutter {
  return {
    x: block.x,
    y: block.y,
    heightPx,
    textPx: Math.min(GUTTER_TEXT_LINES * linePx, MOST_TEXT_PX),
    pool: block.pool,
    firstArea: 0,
    areas: block.nareas,
    fromRow: -1,
    room,
    wholePool: true,
    folded: 0,
  };
}

/** How the strip's height is shared out. */
interface Shares {
  readonly open: readonly Placed[];
  readonly folded: readonly Placed[];
  readonly foldPitch: number;
  readonly foldsShown: number;
  readonly pitch: number;
}

/** Shares the height with `count` pools in full; their pitch is 0 when that is too many. */
function shareOut(newestFirst: readonly Placed[], count: number, place: StripPlace): Shares {
  const open = newestFirst.slice(0, count);
  const folded = newestFirst.slice(count);
  const gaps = (open.length - 1 + (folded.length > 0 ? 1 : 0)) * POOL_GAP;
  const rows = open.reduce((sum, { pool }) => sum + rowsOf(pool), 0);
  const spare = place.rowsPx - gaps - rows / place.dpr;
  const plan = foldPlan(folded.length, Math.min(FOLD_SHARE * place.rowsPx, spare), place.dpr);
  const room = place.rowsPx - gaps - plan.pitch * plan.shown;
  const device = Math.floor((room * place.dpr) / Math.max(1, rows));
  const pitch = Math.max(0, Math.min(place.pitchDevice, device)) / place.dpr;
  return { open, folded, foldPitch: plan.pitch, foldsShown: plan.shown, pitch };
}

/** As many of the newest pools in full as there is a pixel a row for. */
function sharesOf(newestFirst: readonly Placed[], place: StripPlace): Shares {
  let count = NEWEST;
  let shares = shareOut(newestFirst, count, place);
  while (shares.pitch === 0 && count > 0) shares = shareOut(newestFirst, --count, place);
  return shares;
}

/** Lays dynamic pools out; `pools` in the frame's order, oldest first. */
export function layoutDynamic(pools: readonly Placed[], place: StripPlace): Strip {
  const newestFirst = pools.toReversed();
  const { open, folded, foldPitch, foldsShown, pitch } = sharesOf(newestFirst, place);
  const { linePx } = place;
  const hasGutter = place.x > place.titleX;
  const room = new GutterColumn(place);
  const blocks: Block[] = [];
  const gutters: Gutter[] = [];
  let y = place.y + place.titlePx;
  for (const placed of open) {
    const at = { x: place.x, y, cellW: place.cellW, pitch, lineSlots: SEGMENT_SLOTS };
    const block = poolBlock(placed, at);
    const heightPx = block.lines * pitch - wallPx(pitch);
    blocks.push(block);
    gutters.push(poolGutter(block, heightPx, linePx, hasGutter ? room.at(y, heightPx) : 'none'));
    y += block.lines * pitch + POOL_GAP;
  }
  const firstFold = blocks.length;
  for (const placed of folded.slice(0, foldsShown)) {
    const lineSlots = placed.pool.nslabs;
    const cellW = (place.cellW * SEGMENT_SLOTS) / lineSlots;
    blocks.push(poolBlock(placed, { x: place.x, y, cellW, pitch: foldPitch, lineSlots }));
    y += foldPitch;
  }
  const fold = blocks[firstFold];
  if (fold) {
    const heightPx = foldPitch * foldsShown;
    const gutter = poolGutter(
      fold,
      heightPx,
      linePx,
      hasGutter ? room.at(fold.y, heightPx) : 'none',
    );
    gutters.push({ ...gutter, areas: 0, folded: folded.length });
  }
  return {
    blocks,
    gutters,
    titles: [
      {
        x: place.titleX,
        y: place.y,
        widthPx: place.titleWidthPx,
        kind: 'dynamic',
        pools: newestFirst.map(({ row }) => row),
        hidden: folded.length - foldsShown,
      },
    ],
    reserved:
      pools.length > 0
        ? null
        : {
            x: place.x,
            y: place.y + place.titlePx,
            widthPx: place.cellW * SEGMENT_SLOTS,
            heightPx: place.rowsPx - 1,
          },
  };
}

/** Height of a bar and of its line with the label at its right, at font scale 1. */
const BAR_PX = 5;
export const BAR_LINE_PX = 12;

/** Space between bars that stand in one line. */
const BAR_GAP_PX = 3;
/** So far bars may reach into the margin on their right, as far as that is wide. */
const SPILL_PX = 10;

/** Many bars without labels: several in a line, at slot scale as ever. */
function packed(pools: readonly Placed[], place: StripPlace, fontScale: number): Block[] {
  const barPx = Math.round(BAR_PX * fontScale);
  const linePx = barPx + BAR_GAP_PX;
  const lines = Math.max(1, Math.floor((place.rowsPx - BAR_GAP_PX) / linePx));
  const endX = place.x + SEGMENT_SLOTS * place.cellW + Math.min(SPILL_PX, place.titleX);
  const blocks: Block[] = [];
  let x = place.x;
  let line = 0;
  for (const placed of pools) {
    const lineSlots = Math.max(1, placed.pool.nslabs);
    const cellW = place.cellW * Math.min(1, SEGMENT_SLOTS / lineSlots);
    if (x > place.x && x + cellW * lineSlots > endX) {
      x = place.x;
      line++;
    }
    if (line === lines) break;
    const y = place.y + place.titlePx + line * linePx + BAR_GAP_PX;
    const block = poolBlock(placed, { x, y, cellW, pitch: linePx, lineSlots });
    blocks.push({ ...block, barPx, isBare: true });
    x += cellW * lineSlots + BAR_GAP_PX;
  }
  return blocks;
}

/** Lays transient pools out, one bar each, as many as there is room for. */
export function layoutTransient(
  pools: readonly Placed[],
  place: StripPlace,
  fontScale: number,
): Strip {
  const linePx = Math.round(BAR_LINE_PX * fontScale);
  const shown = Math.max(1, Math.floor(place.rowsPx / linePx));
  const labelled = pools.slice(0, shown).map((placed, index): Block => {
    const lineSlots = Math.max(1, placed.pool.nslabs);
    // A bar stays at slot scale; one longer than a segment is squeezed into the column.
    const cellW = place.cellW * Math.min(1, SEGMENT_SLOTS / lineSlots);
    const y = place.y + place.titlePx + index * linePx + 3;
    const block = poolBlock(placed, { x: place.x, y, cellW, pitch: linePx, lineSlots });
    return { ...block, barPx: Math.round(BAR_PX * fontScale) };
  });
  const blocks = pools.length > shown ? packed(pools, place, fontScale) : labelled;
  return {
    blocks,
    gutters: [],
    titles: [
      {
        x: place.titleX,
        y: place.y,
        widthPx: place.titleWidthPx,
        kind: 'transient',
        pools: pools.map(({ row }) => row),
        hidden: pools.length - blocks.length,
      },
    ],
    reserved: null,
  };
}
