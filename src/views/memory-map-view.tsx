import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import {
  drawnCell,
  layoutMemory,
  mapCellAt,
  stepCell,
  type MapLayout,
  type MapStep,
} from '../draw/memory-layout.ts';
import { paintMemoryMap } from '../draw/memory-map.ts';
import { readPalette, type Palette } from '../draw/palette.ts';
import type { MemoryColumns } from '../engine/memory-news.ts';
import type { MemoryNews } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { grid } from './grid-controls.ts';
import { mapSummary, readCell, zoneLabel } from './memory-words.ts';
import { useCanvas, type Surface } from './use-canvas.ts';

const STEPS: Readonly<Record<string, MapStep>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'row-start',
  End: 'row-end',
  PageDown: 'next',
  PageUp: 'before',
};

const PHONE_PX = 700;
/** What stands above and below the map on a screen that shows all of it. */
const AROUND_PX = 520;
const LEAST_MAP_PX = 220;
const PHONE_MAP_PX = 420;
const LABEL_PX = 11;
const PHONE_LABEL_PX = 12;
const PROJECTOR_LABEL_PX = 18;

let worn = '';
let palette: Palette | null = null;

/** The theme's own hues: those of migrate types are no device's. */
export function mapPalette(): Palette {
  const theme = document.documentElement.dataset['theme'] ?? '';
  if (palette === null || theme !== worn) {
    palette = readPalette(getComputedStyle(document.documentElement));
    worn = theme;
  }
  return palette;
}

/** Width of an element, followed; 0 before it is there. CSS px. */
export function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return { box, width };
}

function labelPxOf(theme: string): number {
  if (window.innerWidth < PHONE_PX) return PHONE_LABEL_PX;
  return theme === 'projector' ? PROJECTOR_LABEL_PX : LABEL_PX;
}

function heightOf(): number {
  if (window.innerWidth < PHONE_PX) return PHONE_MAP_PX;
  return Math.max(LEAST_MAP_PX, window.innerHeight - AROUND_PX);
}

interface MapProps {
  readonly news: MemoryNews;
  readonly columns: MemoryColumns;
  /** Cells where growing would find its memory. */
  readonly targets: readonly number[];
}

/** Exact values of the cell under the pointer or the keyboard. */
function Reading({
  news,
  columns,
  layout,
  cell,
}: Omit<MapProps, 'targets'> & { readonly layout: MapLayout; readonly cell: number }) {
  if (cell < 0) {
    const many =
      layout.perCell > 1
        ? ` One cell stands for ${layout.perCell} pageblocks, in their mean colour; a tick marks 1 MiB or more in one piece.`
        : '';
    return (
      <p className="memory-reading label" data-testid="memory-reading">
        Point at a cell, or walk there by keyboard, to read it; Enter or a click shows its pages.
        {many}
      </p>
    );
  }
  const { first, count } = drawnCell(layout, cell);
  const { head, where, what } = readCell(news, columns, first, count);
  return (
    <p className="memory-reading" data-testid="memory-reading">
      <b>{head}</b> {where}
      <br />
      {what}
    </p>
  );
}

/** The pageblocks as one picture, focusable as a grid that the arrows walk. */
export function MemoryMapView({ news, columns, targets }: MapProps) {
  const opened = page.use((state) => state.memory.cell);
  const theme = page.use((state) => state.theme);
  const [pointed, setPointed] = useState(-1);
  const [isFocused, setFocused] = useState(false);
  const { box, width } = useWidth();
  const summary = useId();
  const labelPx = labelPxOf(theme);
  const { zones } = news;
  // The strips stay where they are while only numbers change.
  const shape = zones.map(({ name, firstCell, cells }) => `${name} ${firstCell} ${cells}`).join();
  const layout = useMemo(
    () => layoutMemory(zones, { widthPx: width, heightPx: heightOf(), labelPx: labelPx + 10 }),
    // oxlint-disable-next-line react/exhaustive-deps
    [shape, width, labelPx],
  );
  const paint = useCallback(
    ({ context, dpr }: Surface) =>
      paintMemoryMap(context, {
        layout,
        columns,
        palette: mapPalette(),
        labels: news.zones.map((zone) => zoneLabel(news, zone)),
        dpr,
        fontPx: labelPx,
        targets,
        pointed,
        opened,
      }),
    // The theme is read from the stylesheet by the painter.
    // oxlint-disable-next-line react/exhaustive-deps
    [news, columns, layout, targets, pointed, opened, labelPx, theme],
  );
  const canvas = useCanvas(paint, Infinity);
  const open = useCallback((cell: number) => page.memory.zoom(cell), []);
  useEffect(() => {
    grid.current = {
      zoom: (direction) => open(direction > 0 ? pointed : -1),
      pan: () => undefined,
      fit: () => open(-1),
    };
    return () => {
      grid.current = null;
    };
  }, [pointed, open]);
  const walk = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    // Pressed after a click: the keyboard is here from now on.
    if (step) setFocused(true);
    if (step) setPointed(stepCell(layout, Math.max(0, pointed), step));
    else if (event.key === 'Enter' && pointed >= 0) open(drawnCell(layout, pointed).first);
    else if (event.key === 'Escape' && opened >= 0) open(-1);
    else return;
    event.preventDefault();
  };
  const shown = Math.min(pointed, news.cells - 1);
  return (
    <>
      <div className="memory-map" ref={box}>
        <canvas
          ref={canvas}
          style={{ height: layout.heightPx }}
          data-grid
          // A canvas is no widget of its own: the arrow keys make it one.
          // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
          role="application"
          tabIndex={0}
          aria-label="Memory map, pageblock by pageblock"
          aria-roledescription="pageblock grid"
          aria-describedby={summary}
          data-testid="memory-map"
          onFocus={(event) => {
            if (!event.target.matches(':focus-visible')) return;
            setFocused(true);
            setPointed(pointed < 0 ? 0 : pointed);
          }}
          onBlur={() => setFocused(false)}
          onKeyDown={walk}
          onPointerMove={({ nativeEvent: { offsetX, offsetY } }) =>
            setPointed(mapCellAt(layout, offsetX, offsetY))
          }
          onPointerLeave={({ pointerType }) => {
            // A finger leaves with every lift; what it touched stays told.
            if (pointerType !== 'touch' && !isFocused) setPointed(-1);
          }}
          onClick={({ nativeEvent }) => {
            const cell = mapCellAt(layout, nativeEvent.offsetX, nativeEvent.offsetY);
            setPointed(cell);
            // The first tap of a finger is its hover; the second one opens.
            const isTouch =
              nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch';
            if (!isTouch || cell === pointed) open(cell === opened ? -1 : cell);
          }}
        />
        <p className="hidden-text" id={summary} data-testid="memory-summary">
          {mapSummary(news, columns)} Arrow keys walk from pageblock to pageblock, Page Up and Page
          Down from zone to zone, Enter shows the pages of one.
        </p>
      </div>
      <Reading news={news} columns={columns} layout={layout} cell={shown} />
      {isFocused && shown >= 0 && (
        <output className="hidden-text">
          {Object.values(
            readCell(news, columns, drawnCell(layout, shown).first, drawnCell(layout, shown).count),
          ).join(', ')}
        </output>
      )}
    </>
  );
}
