/** The 512 pages of one pageblock: free blocks by their order, used ones by what they are for. */
import { isPatterned, LARGEST, mapColours } from './memory-colours.ts';
import type { Palette } from './palette.ts';
import { cssOf } from './colour.ts';
import {
  ABSENT,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_PAGES,
  PINNED,
  TAIL,
  USE_MASK,
  USED_MOVABLE,
} from '../model/page-map.ts';

/** Pages in a row, and rows. */
export const PAGE_COLUMNS = 32;
export const PAGE_ROWS = PAGEBLOCK_PAGES / PAGE_COLUMNS;

/** What a block of pages is. */
export type PageUse = 'free' | 'unmovable' | 'movable' | 'reclaimable' | 'pinned' | 'absent';

/** A block: where it begins in the pageblock, and how much of it lies there. */
export interface PageBlock {
  readonly first: number;
  readonly pages: number;
  /** Order of the whole block, which may reach beyond the pageblock. */
  readonly order: number;
  readonly use: PageUse;
}

/** The blocks of a pageblock's states, in order. */
export function pageBlocks(states: Uint8Array): PageBlock[] {
  const blocks: PageBlock[] = [];
  for (let first = 0; first < states.length;) {
    const what = states[first] ?? ABSENT;
    const order = what === ABSENT || what === TAIL ? 0 : what & ORDER_MASK;
    const pages = Math.min(2 ** order, states.length - first);
    blocks.push({ first, pages, order, use: whatFor(what) });
    first += pages;
  }
  return blocks;
}

function whatFor(what: number): PageUse {
  const use = what & USE_MASK;
  if (use === FREE) return 'free';
  if (use === USED_MOVABLE) return 'movable';
  if (use === PINNED) return 'pinned';
  if (use === 0) return 'absent';
  return use === 0x40 ? 'reclaimable' : 'unmovable';
}

/** The block that holds a page. */
export function blockOfPage(blocks: readonly PageBlock[], page: number): PageBlock | undefined {
  return blocks.find(({ first, pages }) => page >= first && page < first + pages);
}

/** What is painted. */
export interface PagesPicture {
  readonly blocks: readonly PageBlock[];
  /** Whether a page belongs to a bounce pool or a coherent pool. */
  readonly isPooled: (page: number) => boolean;
  readonly palette: Palette;
  readonly dpr: number;
  /** CSS px from one page to the next. */
  readonly pitchPx: number;
  /** -1: none. */
  readonly pointed: number;
  readonly isFocused: boolean;
}

/** Kinds of cells whose look used pages have. */
const KIND_OF_USE = { unmovable: 0, movable: 1, reclaimable: 2, pinned: 5 } as const;

/** Paints the pages; the canvas is 32 by 16 of them. */
export function paintPages(ctx: CanvasRenderingContext2D, picture: PagesPicture): void {
  const { palette, dpr, pitchPx, blocks, pointed } = picture;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(0, 0, PAGE_COLUMNS * pitchPx, PAGE_ROWS * pitchPx);
  for (const block of blocks) paintBlock(ctx, picture, block);
  if (pointed < 0) return;
  ctx.strokeStyle = picture.isFocused ? palette.css.accent : palette.css.ink;
  ctx.lineWidth = 2;
  const { x, y } = placeOf(pointed, pitchPx);
  ctx.strokeRect(x, y, pitchPx - 1, pitchPx - 1);
}

/** Pages of a block touch each other; a gap stands before the next. */
function paintBlock(ctx: CanvasRenderingContext2D, picture: PagesPicture, block: PageBlock): void {
  const { first, pages, use } = block;
  if (use === 'absent') return;
  const { fill, over, kind } = lookOf(use, picture.palette);
  const { pitchPx } = picture;
  for (let page = first; page < first + pages; page++) {
    const { x, y } = placeOf(page, pitchPx);
    const isEnd = page === first + pages - 1 || (page + 1) % PAGE_COLUMNS === 0;
    const isPooled = picture.isPooled(page);
    ctx.fillStyle = isPooled ? picture.palette.css.ink : fill;
    ctx.fillRect(x, y, pitchPx - (isEnd ? 1 : 0), pitchPx - 1);
    if (kind >= 0 && !isPooled) hatch(ctx, { x, y, pitchPx, kind, over });
  }
  if (use === 'free') writeOrder(ctx, picture, block);
}

/** Colours of a use, and the kind whose pattern it has; -1: none. */
function lookOf(use: Exclude<PageUse, 'absent'>, palette: Palette) {
  if (use === 'free') return { fill: palette.css.free, over: '', kind: -1 };
  const colours = mapColours(palette);
  const kind = KIND_OF_USE[use];
  const look = kind * LARGEST;
  return { fill: cssOf(colours.fill[look] ?? 0), over: cssOf(colours.pattern[look] ?? 0), kind };
}

function writeOrder(
  ctx: CanvasRenderingContext2D,
  { palette, pitchPx }: PagesPicture,
  { first, order }: PageBlock,
): void {
  const { x, y } = placeOf(first, pitchPx);
  ctx.fillStyle = palette.css.ink;
  ctx.font = `600 ${Math.min(10, pitchPx - 2)}px ${palette.sans}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(String(order), x + 2, y + pitchPx - 3);
}

interface Hatch {
  readonly x: number;
  readonly y: number;
  readonly pitchPx: number;
  readonly kind: number;
  readonly over: string;
}

function hatch(ctx: CanvasRenderingContext2D, { x, y, pitchPx, kind, over }: Hatch): void {
  ctx.fillStyle = over;
  for (let row = 0; row < pitchPx - 2; row++) {
    for (let column = 0; column < pitchPx - 1; column++) {
      if (isPatterned(kind, column, row)) ctx.fillRect(x + column, y + row, 1, 1);
    }
  }
}

function placeOf(page: number, pitchPx: number): { readonly x: number; readonly y: number } {
  return { x: (page % PAGE_COLUMNS) * pitchPx, y: Math.floor(page / PAGE_COLUMNS) * pitchPx };
}
