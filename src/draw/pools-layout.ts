/**
 * Lays the pools panel out: `layoutPools(poolShapes(frame), box, style)`, whenever the shapes, the
 * box or the style changed.
 *
 * One line is one segment of the pool (128 slots), areas are blocks of lines, blocks flow over
 * columns. Dynamic and transient pools have a strip of fixed height on top, if the machine may grow.
 * The largest cells that fit are taken; a pool beyond a pixel a slot shares its pixels out evenly.
 */
import { POOL, POOL_KINDS, type FrameView } from '../engine/frame.ts';
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import { wallPx } from './block-metrics.ts';
import { columnsWorth, dealOut, hasGap, piecesOf, type Fit, type Piece } from './fit.ts';
import {
  columnsOf,
  fitAll,
  planOf,
  stackedPx,
  STRIP_CELL_PX,
  stripPlace,
  stripPx,
  type Columns,
  type Plan,
  type StripSize,
} from './layout-plan.ts';
import {
  GUTTER_GAP_PX,
  gutterLinePx,
  type Axis,
  type Block,
  type Gutter,
  type GutterRoom,
  type PanelBox,
  type PoolShape,
  type PoolsLayout,
  type PoolsStyle,
  type PoolTitle,
} from './layout-types.ts';
import {
  layoutDynamic,
  layoutTransient,
  poolBlock,
  type Placed,
  type Strip,
  type StripPlace,
} from './strip.ts';

/** The pools of a frame, in its order. */
export function poolShapes(frame: FrameView): PoolShape[] {
  return Array.from({ length: frame.counts.pools }, (_, row) => ({
    id: frame.pool(row, POOL.id),
    kind: POOL_KINDS[frame.pool(row, POOL.kind)] ?? 'default',
    nslabs: frame.pool(row, POOL.nslabs),
    nareas: frame.pool(row, POOL.nareas),
    areaNslabs: frame.pool(row, POOL.areaNslabs),
    slotOffset: frame.pool(row, POOL.slotOffset),
    areaOffset: frame.pool(row, POOL.areaOffset),
  }));
}

/** Whether a layout for `one` still holds for the pools of `frame`. Allocates nothing. */
export function sameShapes(one: readonly PoolShape[], frame: FrameView): boolean {
  if (one.length !== frame.counts.pools) return false;
  return one.every(
    (shape, row) =>
      shape.id === frame.pool(row, POOL.id) &&
      shape.nslabs === frame.pool(row, POOL.nslabs) &&
      shape.areaNslabs === frame.pool(row, POOL.areaNslabs) &&
      shape.slotOffset === frame.pool(row, POOL.slotOffset) &&
      shape.areaOffset === frame.pool(row, POOL.areaOffset) &&
      shape.kind === POOL_KINDS[frame.pool(row, POOL.kind)],
  );
}

function layoutStrip(plan: Plan, columns: Columns, size: StripSize): Strip[] {
  if (!plan.hasStrip) return [];
  const place = stripPlace(plan, columns, size);
  const dynamic = layoutDynamic(plan.dynamic, place);
  const wide = columns.cellW >= STRIP_CELL_PX;
  const half = Math.floor(plan.box.widthPx / 2 - plan.measures.margin);
  const beside = wide ? columns.step : half;
  const bars: StripPlace = size.stacked
    ? {
        ...place,
        y: place.y + place.titlePx + place.rowsPx + 4,
        rowsPx: stackedPx(plan) - place.titlePx,
      }
    : {
        ...place,
        x: place.x + beside,
        titleX: place.x + beside,
        titleWidthPx: place.titleWidthPx - plan.style.gutterPx,
      };
  return [dynamic, layoutTransient(plan.transient, bars, plan.style.fontScale)];
}

function roomFor(heightPx: number, plan: Plan): GutterRoom {
  if (plan.style.gutterPx === 0) return 'none';
  const linePx = gutterLinePx(plan.style.fontScale);
  if (plan.measures.axisPx > 0 && heightPx >= 8.5 * linePx) return 'full';
  if (plan.measures.axisPx > 0 && heightPx >= 6.8 * linePx) return 'most';
  if (heightPx >= 4 * linePx || (plan.measures.axisPx === 0 && heightPx >= 2 * linePx)) {
    return 'half';
  }
  return heightPx >= linePx - 1 ? 'number' : 'none';
}

function pieceBlock(placed: Placed, piece: Piece, at: Pick<Block, 'x' | 'y'>, look: Look): Block {
  const { cellW, pitch } = look.columns;
  const lineSlots = SEGMENT_SLOTS * look.fit.segments;
  const firstSlot = piece.firstRow * SEGMENT_SLOTS;
  const nslots = Math.min(piece.rows * SEGMENT_SLOTS, placed.pool.nslabs - firstSlot);
  return {
    ...poolBlock(placed, { ...at, cellW, pitch, lineSlots }),
    firstSlot,
    nslots,
    lines: Math.ceil(nslots / lineSlots),
  };
}

interface Look {
  readonly plan: Plan;
  readonly fit: Fit;
  readonly columns: Columns;
}

interface Column {
  readonly blocks: readonly Block[];
  readonly gutters: readonly Gutter[];
  readonly bottom: number;
}

/** Below this height of a block only every so many have their number written. */
const NUMBER_PX = 13;

function layoutColumn(
  placed: Placed,
  pieces: readonly Piece[],
  at: Pick<Block, 'x' | 'y'>,
  look: Look,
): Column {
  const { measures } = look.plan;
  const blocks: Block[] = [];
  const gutters: Gutter[] = [];
  let { y } = at;
  let numberedTo = -Infinity;
  for (const [index, piece] of pieces.entries()) {
    if (index > 0 && hasGap(piece)) y += measures.areaGap;
    const block = pieceBlock(placed, piece, { x: at.x, y }, look);
    const heightPx = block.lines * block.pitch - wallPx(block.pitch);
    let room = roomFor(heightPx, look.plan);
    if (room === 'none' && look.plan.style.gutterPx > 0 && y >= numberedTo) room = 'number';
    if (room !== 'none') numberedTo = y + NUMBER_PX;
    blocks.push(block);
    gutters.push({
      x: at.x,
      y,
      heightPx,
      textPx: look.fit.gutter + Math.min(look.fit.columnGap, 12) - GUTTER_GAP_PX - 1,
      pool: placed.row,
      firstArea: Math.max(0, piece.area),
      areas: piece.area < 0 ? placed.pool.nareas : 1,
      fromRow: piece.cut ? piece.firstRow : -1,
      room,
      wholePool: piece.area < 0,
      folded: 0,
    });
    y += block.lines * block.pitch;
  }
  return { blocks, gutters, bottom: y };
}

interface Band {
  readonly columns: readonly Column[];
  readonly title: PoolTitle;
  readonly axes: readonly Axis[];
  readonly bottom: number;
}

/** One main pool: title, axis over the first one, columns of areas. */
function layoutPool(placed: Placed, top: number, withAxis: boolean, look: Look): Band {
  const { fit, columns, plan } = look;
  const axisPx = withAxis ? plan.measures.axisPx : 0;
  const y = top + plan.measures.titlePx + axisPx;
  const parts = columnsWorth(placed.pool, fit.columns);
  const dealt = dealOut(piecesOf(placed.pool, parts, fit.segments), parts);
  const laid = dealt.map((pieces, index) =>
    layoutColumn(
      placed,
      pieces,
      { x: columns.left + columns.gutter + index * columns.step, y },
      look,
    ),
  );
  const first = columns.left + columns.gutter;
  const { cellW } = columns;
  const lineSlots = SEGMENT_SLOTS * fit.segments;
  return {
    columns: laid,
    title: {
      x: columns.left,
      y: top,
      widthPx: columns.widthPx,
      kind: placed.pool.kind,
      pools: [placed.row],
      hidden: 0,
    },
    axes: laid.map((_, index) => ({
      x: first + index * columns.step,
      y: y - 13,
      cellW,
      lineSlots,
    })),
    bottom: Math.max(...laid.map(({ bottom }) => bottom)),
  };
}

function layoutMain(look: Look, top: number): Band[] {
  const bands: Band[] = [];
  let y = top;
  for (const placed of look.plan.main) {
    const band = layoutPool(placed, y, bands.length === 0, look);
    bands.push(band);
    y = band.bottom + look.plan.measures.poolGap;
  }
  return bands;
}

/** See the head of this file. Pure: the same input gives the same layout. */
export function layoutPools(
  pools: readonly PoolShape[],
  box: PanelBox,
  style: PoolsStyle,
): PoolsLayout {
  const plan = planOf(pools, box, style);
  const { fit, size } = fitAll(plan);
  const look = { plan, fit, columns: columnsOf(plan, fit) };
  const strips = layoutStrip(plan, look.columns, size);
  const top = stripPx(plan, size);
  const bands = layoutMain(look, top);
  const columns = bands.flatMap((band) => band.columns);
  return {
    widthPx: box.widthPx,
    heightPx: Math.ceil(Math.max(top, ...bands.map(({ bottom }) => bottom))),
    style,
    blocks: [...strips, ...columns].flatMap(({ blocks }) => blocks),
    gutters: [...strips, ...columns].flatMap(({ gutters }) => gutters),
    titles: [...strips.flatMap(({ titles }) => titles), ...bands.map(({ title }) => title)],
    axes: plan.measures.axisPx > 0 ? bands.slice(0, 1).flatMap(({ axes }) => axes) : [],
    reserved: strips.find(({ reserved }) => reserved)?.reserved ?? null,
    cellW: look.columns.cellW,
  };
}
