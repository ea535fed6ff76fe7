/**
 * What a layout is made from, and how its height is shared out between the strip on top and the main
 * pools.
 */
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import { fitMain, fitScore, measuresOf, type Fit, type Measures } from './fit.ts';
import { gutterLinePx, type PanelBox, type PoolShape, type PoolsStyle } from './layout-types.ts';
import { BAR_LINE_PX, type Placed, type StripPlace } from './strip.ts';

/** Everything a layout is made from, passed down. */
export interface Plan {
  readonly box: PanelBox;
  readonly style: PoolsStyle;
  readonly measures: Measures;
  readonly main: readonly Placed[];
  readonly dynamic: readonly Placed[];
  readonly transient: readonly Placed[];
  readonly hasStrip: boolean;
}

/** Rows of the largest dynamic pool: one block of the page allocator, 4 MiB. */
const MOST_DYNAMIC_ROWS = 16;
/** Transient pools shown where they stand below the dynamic ones. */
const STACKED_BARS = 2;

export function planOf(pools: readonly PoolShape[], box: PanelBox, style: PoolsStyle): Plan {
  const placed = pools.map((pool, row) => ({ pool, row }));
  const of = (...kinds: string[]) => placed.filter(({ pool }) => kinds.includes(pool.kind));
  const dynamic = of('dynamic');
  const transient = of('transient');
  return {
    box,
    style,
    measures: measuresOf(style),
    main: of('default', 'restricted'),
    dynamic,
    transient,
    hasStrip: style.dynamic || dynamic.length + transient.length > 0,
  };
}

/** Line pitch of the strip, CSS px: that of the stage, or larger where cells are. */
function stripPitch({ style, measures }: Plan, isWide: boolean): number {
  if (style.compact) return 2;
  if (isWide) return 10;
  return measures.axisPx === 0 ? 3 : 4;
}

/** Height of the strip's rows for so many pools of full size. */
function stripRowsPx(plan: Plan, places: number, isWide: boolean): number {
  const boot = plan.main.find(({ pool }) => pool.kind === 'default')?.pool;
  const expected = Math.ceil((boot?.nslabs ?? Infinity) / SEGMENT_SLOTS);
  // A pool grown larger than the one of the boot is none the kernel makes today; it fits all the same.
  const grown = plan.dynamic.map(({ pool }) => Math.ceil(pool.nslabs / SEGMENT_SLOTS));
  const rows = Math.max(Math.min(MOST_DYNAMIC_ROWS, expected), ...grown);
  const pitch = stripPitch(plan, isWide);
  return Math.max(4 * BAR_LINE_PX, rows * pitch * places);
}

/** Height of bars that stand below the dynamic pools. */
export function stackedPx({ measures, style }: Plan): number {
  return measures.titlePx + Math.round(STACKED_BARS * BAR_LINE_PX * style.fontScale) + 4;
}

export interface StripSize {
  readonly rowsPx: number;
  /** Transient pools stand below the dynamic ones, not beside them. */
  readonly stacked: boolean;
}

export function stripPx(plan: Plan, size: StripSize): number {
  if (!plan.hasStrip) return 0;
  const { titlePx, poolGap } = plan.measures;
  return titlePx + size.rowsPx + poolGap + (size.stacked ? stackedPx(plan) : 0);
}

function fitWith(plan: Plan, size: StripSize): Fit {
  const heightPx = plan.box.heightPx - stripPx(plan, size);
  const pools = plan.main.map(({ pool }) => pool);
  return fitMain({ pools, box: plan.box, heightPx, style: plan.style, measures: plan.measures });
}

interface Sized {
  readonly fit: Fit;
  readonly size: StripSize;
}

/** Room for three dynamic pools if that takes nothing from the main ones, else for one. */
function search(plan: Plan): Sized {
  const sized = (places: number, stacked: boolean) => {
    const isWide = stacked && !plan.style.compact;
    const size = { rowsPx: stripRowsPx(plan, places, isWide), stacked };
    return { size, fit: fitWith(plan, size) };
  };
  const beside = sized(1, plan.style.compact);
  const stacked = plan.style.compact || beside.fit.columns === 1;
  const one = stacked ? sized(1, true) : beside;
  const three = sized(3, stacked);
  const score = (fit: Fit) => fitScore(fit, plan.style.dpr).join();
  const isAlike = stacked || three.fit.columns > 1;
  return isAlike && score(three.fit) === score(one.fit) ? three : one;
}

let lastKey = '';
let lastSized: Sized | null = null;

/**
 * How large everything gets. Remembers the last answer: transient pools come and go by the hundred,
 * and leave the main pools as they are.
 */
export function fitAll(plan: Plan): Sized {
  const { box, style, main, hasStrip } = plan;
  const pools = main.map(({ pool }) => [pool.kind, pool.nslabs, pool.nareas, pool.areaNslabs]);
  const grown = plan.dynamic.map(({ pool }) => pool.nslabs);
  const key = JSON.stringify([pools, box.widthPx, box.heightPx, style, hasStrip, grown]);
  if (key === lastKey && lastSized) return lastSized;
  lastSized = search(plan);
  lastKey = key;
  return lastSized;
}

/** World geometry of the columns. */
export interface Columns {
  readonly left: number;
  readonly gutter: number;
  readonly cellW: number;
  readonly pitch: number;
  readonly step: number;
  readonly widthPx: number;
}

export function columnsOf(plan: Plan, fit: Fit): Columns {
  const { dpr } = plan.style;
  const cellW = fit.cellDevice / dpr;
  const rowPx = cellW * SEGMENT_SLOTS * fit.segments;
  const widthPx = fit.columns * (fit.gutter + rowPx) + (fit.columns - 1) * fit.columnGap;
  return {
    left: Math.max(0, Math.floor((plan.box.widthPx - widthPx) / 2)),
    gutter: fit.gutter,
    cellW,
    pitch: fit.pitchDevice / dpr,
    step: fit.gutter + rowPx + fit.columnGap,
    widthPx,
  };
}

/** Smallest cell the strip is drawn with, even beside a pool of a fraction of a pixel a slot. */
export const STRIP_CELL_PX = 2;

export function stripPlace(plan: Plan, columns: Columns, size: StripSize): StripPlace {
  const { style, measures, box } = plan;
  const wide = columns.cellW >= STRIP_CELL_PX;
  const half = (box.widthPx - 2 * measures.margin) / (size.stacked ? 1 : 2) - style.gutterPx - 10;
  const own = Math.max(1, Math.floor((half * style.dpr) / SEGMENT_SLOTS)) / style.dpr;
  const cellW = wide ? columns.cellW : Math.min(3, own);
  const titleX = wide ? columns.left : measures.margin;
  const x = titleX + (wide ? columns.gutter : style.gutterPx);
  const most = stripPitch(plan, columns.cellW >= 5);
  return {
    x,
    titleX,
    y: 0,
    titlePx: measures.titlePx,
    linePx: gutterLinePx(style.fontScale),
    rowsPx: size.rowsPx,
    cellW,
    pitchDevice: Math.round(most * style.dpr),
    dpr: style.dpr,
    titleWidthPx: style.gutterPx + cellW * SEGMENT_SLOTS,
  };
}
