/** Everything around the rows that is written: titles, axes, gutters, labels of transient pools. */
import { HEADER, RUN_STATES, type FrameView } from '../engine/frame.ts';
import {
  gutterLines,
  gutterSignature,
  isNarrow,
  type GutterLine,
  type LockGlyph,
} from './gutter-words.ts';
import type { HeatmapOptions } from './heatmap-options.ts';
import {
  GUTTER_GAP_PX,
  gutterLinePx,
  isForHall,
  type Block,
  type Box,
  type Gutter,
  type PoolTitle,
} from './layout-types.ts';
import { barWords, titleWords } from './pool-words.ts';
import type { Scene } from './scene.ts';
import { fontOf, Ruler, wipe, write, type TextLine } from './text-layer.ts';
import { toScreen } from './viewport.ts';

const TITLE_PX = 12;
const GUTTER_PX = 11;
const NARROW_PX = 10;
const AXIS_PX = 10;

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly scene: Scene;
  readonly options: HeatmapOptions;
}

/** What was written left of some rows. */
interface Written {
  signature: number;
  /** Reading of each line, to write again only those that changed. */
  lines: string[];
  top: number;
}

/** Numbers that run are written again so often: faster ones cannot be read. */
const TEXT_EVERY_MS = 200;
/** Room that the longest label of a transient pool takes, at font scale 1. */
const MOST_LABEL_PX = 165;
/** A line of a gutter may be so much wider than its box: the space before a column is as wide. */
const SPILL_PX = 3;

export class Chrome {
  readonly #ruler = new Ruler();
  #gutters: Written[] = [];
  #bars: string[] = [];
  #writtenMs = -Infinity;

  /** Forgets what was written: the canvas is bare. */
  reset(): void {
    this.#gutters = [];
    this.#bars = [];
    this.#writtenMs = -Infinity;
  }

  /** Writes what never changes within a scene. */
  paintFixed(pen: Pen): void {
    paintAxes(pen);
    paintReserved(pen);
    for (const title of pen.scene.key.layout.titles) this.#paintTitle(pen, title);
  }

  /**
   * Writes what reads otherwise than at the last call. While the run plays that waits for its turn;
   * a picture that stands is exact.
   */
  paint(pen: Pen): void {
    const { nowMs = performance.now() } = pen.options;
    const isPlaying = RUN_STATES[pen.frame.head(HEADER.runState)] === 'playing';
    const isDue = !isPlaying || nowMs - this.#writtenMs >= TEXT_EVERY_MS;
    const { gutters, blocks } = pen.scene.key.layout;
    let bar = 0;
    for (const block of blocks) {
      if (block.barPx !== null && !block.isBare) this.#paintBarLabel(pen, block, bar++, isDue);
    }
    if (!isDue) return;
    this.#writtenMs = nowMs;
    for (const [index, gutter] of gutters.entries()) {
      if (gutter.room !== 'none') this.#paintGutter(pen, gutter, index);
    }
  }

  #paintGutter(pen: Pen, gutter: Gutter, index: number): void {
    const signature = gutterSignature(gutter, pen.frame);
    const before = this.#gutters[index];
    if (before?.signature === signature) return;
    const { scene } = pen;
    const { layout, viewport } = scene.key;
    const isPresent = isForHall(layout.style.fontScale);
    const linePx = gutterLinePx(layout.style.fontScale);
    const lines = gutterLines(gutter, pen.frame);
    const height = gutter.heightPx * viewport.scale;
    const { x, y } = toScreen(viewport, gutter.x, gutter.y);
    // Zoomed in, the text stays with the rows that are in view.
    const top = Math.max(y, Math.min(2, y + height - lines.length * linePx));
    const isShort = gutter.room === 'number' && height < linePx;
    const first = isShort ? top + height / 2 + linePx * 0.3 : top + (isPresent ? 18 : 9.5);
    const written = {
      signature,
      lines: lines.map(({ text, glyph }) => `${text}${glyph ?? ''}`),
      top,
    };
    this.#gutters[index] = written;
    const right = x - GUTTER_GAP_PX;
    for (const [row, line] of lines.entries()) {
      if (before?.lines[row] === written.lines[row]) continue;
      const at = { right, y: first + row * linePx, linePx, gutter };
      this.#writeGutterLine(pen, line, at);
    }
  }

  #writeGutterLine(
    pen: Pen,
    line: GutterLine,
    at: { right: number; y: number; linePx: number; gutter: Gutter },
  ): void {
    const { ctx, scene } = pen;
    const { palette, layout } = scene.key;
    const { right, y, linePx, gutter } = at;
    const isPresent = isForHall(layout.style.fontScale);
    const clear = { x: right - gutter.textPx, y: y - linePx * 0.78, widthPx: gutter.textPx + 1 };
    wipe(ctx, palette, { ...clear, heightPx: linePx });
    const sizePx = isPresent ? 19 : isNarrow(gutter) ? NARROW_PX : GUTTER_PX;
    const colour = line.strong ? palette.css.ink : palette.css.ink3;
    const weight = line.strong ? 600 : 400;
    const text: TextLine = { x: right, y, text: line.text, sizePx, colour, weight, right: true };
    const width = this.#ruler.widthOf(ctx, fontOf(palette, text), line.text);
    const isCut = isPresent && width > Math.min(right, gutter.textPx + SPILL_PX);
    write(ctx, palette, isCut ? { ...text, text: line.short } : text);
    if (isCut || (!line.before && !line.glyph)) return;
    if (line.before) {
      const before = { ...text, x: right - width - 2, text: line.before.trimEnd() };
      write(ctx, palette, { ...before, colour: palette.css.ink3, weight: 400 });
    }
    if (line.glyph) paintGlyph(ctx, line.glyph, right - width - 7, y - 3.5, colour);
  }

  #paintTitle(pen: Pen, title: PoolTitle): void {
    const { ctx, frame, scene, options } = pen;
    const { palette, layout, viewport } = scene.key;
    const { x, y } = toScreen(viewport, title.x, title.y);
    const main = layout.blocks.find(({ kind }) => kind === title.kind);
    const drawing = {
      perPixel: main ? Math.round(1 / (main.cellW * viewport.scale * scene.key.dpr)) : 1,
      segments: main ? main.lineSlots / 128 : 1,
    };
    const words = titleWords(title, frame, options, drawing);
    const sizePx = Math.round(TITLE_PX * layout.style.fontScale);
    const base = { y: y + sizePx, sizePx, right: false } as const;
    const name: TextLine = { ...base, x, text: words.name, colour: palette.css.ink, weight: 600 };
    write(ctx, palette, name);
    const behind = x + this.#ruler.widthOf(ctx, fontOf(palette, name), words.name) + 6;
    const rest = { ...base, x: behind, colour: palette.css.ink2, weight: 400 } as const;
    const room = x + title.widthPx - behind;
    const font = fontOf(palette, rest);
    const text = words.wordings.find((wording) => this.#ruler.widthOf(ctx, font, wording) <= room);
    if (text) write(ctx, palette, { ...rest, text });
  }

  /**
   * The label right of a transient pool's bar. Where there is no room it stands on the bar's end, and
   * is written with every picture: the bar below is painted anew without it.
   */
  #paintBarLabel(pen: Pen, block: Block, index: number, isDue: boolean): void {
    const { ctx, scene } = pen;
    const { palette, layout, viewport } = scene.key;
    const sizePx = Math.round(GUTTER_PX * layout.style.fontScale);
    const end = toScreen(viewport, block.x + block.nslots * block.cellW, block.y);
    const room = layout.widthPx - end.x - 14;
    const isBeside = room > MOST_LABEL_PX * layout.style.fontScale;
    if (isBeside && !isDue) return;
    const wordings = barWords(block, pen.frame, pen.options.deviceNames);
    const text = (isBeside ? wordings[0] : wordings.at(-1)) ?? '';
    if (isBeside && text === this.#bars[index]) return;
    this.#bars[index] = text;
    const middle = end.y + ((block.barPx ?? 0) * viewport.scale) / 2;
    const width = this.#ruler.widthOf(ctx, fontOf(palette, { sizePx, weight: 400 }), text);
    const left = isBeside ? end.x + 10 : end.x - width - 6;
    const widthPx = isBeside ? room : width + 6;
    wipe(ctx, palette, { x: left - 3, y: middle - sizePx / 2 - 1, widthPx, heightPx: sizePx + 2 });
    const line = { x: left, y: middle + sizePx * 0.36, sizePx, weight: 400, right: false } as const;
    write(ctx, palette, { ...line, text, colour: palette.css.ink3 });
  }
}

/** The lock: an empty ring, a disc, or half of one. */
function paintGlyph(
  ctx: CanvasRenderingContext2D,
  glyph: LockGlyph,
  x: number,
  y: number,
  colour: string,
): void {
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
  ctx.stroke();
  if (glyph === 'free') return;
  ctx.beginPath();
  if (glyph === 'held') ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
  else ctx.arc(x, y, 3.5, Math.PI / 2, (3 * Math.PI) / 2);
  ctx.fill();
}

/** Numbers over a column; the last one says what a row is worth. */
function paintAxes({ ctx, scene }: Pen): void {
  const { layout, palette, viewport } = scene.key;
  for (const axis of layout.axes) {
    const { x, y } = toScreen(viewport, axis.x, axis.y);
    const step = axis.cellW * viewport.scale;
    const isWide = axis.lineSlots * step >= 250;
    const last = axis.lineSlots;
    const text = (slot: number) =>
      slot === 0
        ? isWide
          ? 'slot 0'
          : '0'
        : slot < last
          ? `${slot}`
          : axis.lineSlots * step >= 320
            ? `${last} = 256 KiB`
            : `${last}`;
    const shown = isWide ? [0, 1, 2, 3, 4] : [0, 4];
    for (const quarter of shown) {
      const slot = (quarter * last) / 4;
      const align = quarter === 0 ? 'left' : quarter === 4 ? 'right' : 'center';
      ctx.font = `400 ${AXIS_PX}px ${palette.sans}`;
      ctx.fillStyle = palette.css.ink3;
      ctx.textBaseline = 'alphabetic';
      ctx.textAlign = align;
      ctx.fillText(text(slot), x + slot * step, y + 9);
    }
  }
}

/** The place kept for dynamic pools. */
function paintReserved({ ctx, scene }: Pen): void {
  const { layout, palette, viewport } = scene.key;
  const box: Box | null = layout.reserved;
  if (!box) return;
  const { x, y } = toScreen(viewport, box.x, box.y);
  ctx.strokeStyle = palette.css.line;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  const { scale } = viewport;
  ctx.strokeRect(x + 0.5, y + 0.5, box.widthPx * scale - 1, box.heightPx * scale - 1);
  ctx.setLineDash([]);
}
