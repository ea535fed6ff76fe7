import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';
import {
  blockOfPage,
  PAGE_COLUMNS,
  PAGE_ROWS,
  pageBlocks,
  paintPages,
} from '../draw/memory-pages.ts';
import { blocksOfCell } from '../engine/memory-cells.ts';
import type { MemoryNews } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { mapPalette, useWidth } from './memory-map-view.tsx';
import { freeBlockWords, pageWords } from './memory-words.ts';
import { useCanvas, type Surface } from './use-canvas.ts';
import { count } from './words.ts';

const BLOCK_PAGES = 512;
const PAGE_BYTES = 4096;
const MOST_PITCH_PX = 15;

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -PAGE_COLUMNS,
  ArrowDown: PAGE_COLUMNS,
};

/** Whether a page frame belongs to a pool of either sort. */
function isPooledIn({ pools, coherent }: MemoryNews, pfn: number): boolean {
  const at = pfn * PAGE_BYTES;
  return (
    pools.some(({ base, bytes }) => at >= base && at < base + bytes) ||
    coherent.some(({ blocks }) =>
      blocks.some(({ pfn: first, pages }) => pfn >= first && pfn < first + pages),
    )
  );
}

interface PagesProps {
  readonly news: MemoryNews;
  readonly cell: number;
  readonly states: Uint8Array;
}

/** One pageblock, page by page. */
function Pages({ news, cell, states }: PagesProps) {
  const theme = page.use((state) => state.theme);
  const [pointed, setPointed] = useState(-1);
  const [isFocused, setFocused] = useState(false);
  const { box, width } = useWidth();
  const blocks = useMemo(() => pageBlocks(states), [states]);
  const { block } = blocksOfCell(news.stretches, cell);
  const pfn = block * BLOCK_PAGES;
  const pitchPx = Math.max(4, Math.min(MOST_PITCH_PX, Math.floor(width / PAGE_COLUMNS)));
  const paint = useCallback(
    ({ context, dpr }: Surface) =>
      paintPages(context, {
        blocks,
        isPooled: (at) => isPooledIn(news, pfn + at),
        palette: mapPalette(),
        dpr,
        pitchPx,
        pointed,
        isFocused,
      }),
    // oxlint-disable-next-line react/exhaustive-deps
    [blocks, news, pfn, pitchPx, pointed, isFocused, theme],
  );
  const canvas = useCanvas(paint, Infinity);
  const walk = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.key === 'Escape') page.memory.zoom(-1);
    else if (step === undefined) return;
    else setPointed(Math.max(0, Math.min(BLOCK_PAGES - 1, Math.max(pointed, 0) + step)));
    event.preventDefault();
  };
  const under = pointed < 0 ? undefined : blockOfPage(blocks, pointed);
  const words =
    under === undefined
      ? `${freeBlockWords(blocks)}. A number is the order of a free block.`
      : pageWords(pfn, pointed, under, isPooledIn(news, pfn + pointed));
  return (
    <div className="memory-pages-box" ref={box}>
      <canvas
        ref={canvas}
        style={{ width: PAGE_COLUMNS * pitchPx, height: PAGE_ROWS * pitchPx }}
        data-grid
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
        role="application"
        tabIndex={0}
        aria-label={`Pages of pageblock ${count(block)}; ${freeBlockWords(blocks)}`}
        aria-roledescription="page grid"
        data-testid="memory-pages"
        onFocus={(event) => {
          if (!event.target.matches(':focus-visible')) return;
          setFocused(true);
          setPointed(Math.max(0, pointed));
        }}
        onBlur={() => setFocused(false)}
        onKeyDown={walk}
        onPointerMove={({ nativeEvent: { offsetX, offsetY } }) => {
          const at = Math.floor(offsetY / pitchPx) * PAGE_COLUMNS + Math.floor(offsetX / pitchPx);
          setPointed(at >= 0 && at < BLOCK_PAGES ? at : -1);
        }}
        onPointerLeave={() => {
          if (!isFocused) setPointed(-1);
        }}
      />
      <p className="memory-reading" data-testid="page-reading">
        {words}
      </p>
      {isFocused && under !== undefined && <output className="hidden-text">{words}</output>}
    </div>
  );
}

/** The pages of the pageblock that was opened, or why there are none. */
export function MemoryPagesView({ news }: { readonly news: MemoryNews }) {
  const cell = page.use((state) => state.memory.cell);
  const pages = page.use((state) => state.memory.pages);
  if (cell < 0 || cell >= news.cells) return null;
  const { block } = blocksOfCell(news.stretches, cell);
  return (
    <section className="memory-pages" aria-label={`Pageblock ${count(block)}`}>
      <h3>
        Pageblock {count(block)}, page by page{' '}
        <button type="button" className="quiet" onClick={() => page.memory.zoom(-1)}>
          Close
        </button>
      </h3>
      {pages === null ? (
        <p className="label">The page allocator has no pages here.</p>
      ) : (
        <Pages news={news} cell={pages.cell} states={pages.states} />
      )}
    </section>
  );
}
