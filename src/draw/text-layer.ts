/**
 * Text on the ground between the rows. Every line has its own box, cleared and written again only
 * when it reads otherwise: writing is what a canvas is slowest at.
 */
import type { Palette } from './palette.ts';
import type { Box } from './layout-types.ts';

/** A line of text. Lengths in CSS px. */
export interface TextLine {
  /** Where it begins, or ends when `right`. */
  readonly x: number;
  /** Its base line. */
  readonly y: number;
  readonly text: string;
  readonly sizePx: number;
  readonly colour: string;
  readonly weight: 400 | 500 | 600;
  readonly right: boolean;
  readonly mono?: boolean;
}

export function fontOf(
  palette: Palette,
  line: Pick<TextLine, 'sizePx' | 'weight' | 'mono'>,
): string {
  return `${line.weight} ${line.sizePx}px ${line.mono ? palette.mono : palette.sans}`;
}

/** Width of a text in a font; remembered, since a canvas is slow at it. */
export class Ruler {
  readonly #widths = new Map<string, number>();

  widthOf(ctx: CanvasRenderingContext2D, font: string, text: string): number {
    const key = `${font}|${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    // Ages and counts never end: forgetting now and then keeps the map small.
    if (this.#widths.size > 2000) this.#widths.clear();
    ctx.font = font;
    const { width } = ctx.measureText(text);
    this.#widths.set(key, width);
    return width;
  }
}

/** Writes a line as it stands. */
export function write(ctx: CanvasRenderingContext2D, palette: Palette, line: TextLine): void {
  ctx.font = fontOf(palette, line);
  ctx.fillStyle = line.colour;
  ctx.textAlign = line.right ? 'right' : 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(line.text, line.x, line.y);
}

/** Clears a box to the ground. */
export function wipe(ctx: CanvasRenderingContext2D, palette: Palette, box: Box): void {
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(box.x, box.y, box.widthPx, box.heightPx);
}
