/**
 * Marks that a drawing of the microscope is made of: plain data, so that the page and an exported
 * file draw the same. Lengths are CSS pixels; colours are named by what they mean.
 */
import { deviceHue, type Palette, type Token } from './palette.ts';

/** A token of the theme, or the hue of a device by its index. */
export type Tone = Token | number;

export type Mark =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: Tone;
    }
  | {
      readonly kind: 'path';
      /** SVG path data. */
      readonly d: string;
      readonly fill: Tone | null;
      readonly stroke: Tone | null;
      readonly width: number;
      readonly dash: string | null;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly tone: Tone;
      readonly size: number;
      readonly bold: boolean;
      readonly mono: boolean;
      readonly anchor: 'start' | 'middle' | 'end';
    };

/** A finished drawing. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** How a text looks, where it is not plain. */
export interface TextLook {
  readonly tone?: Tone;
  readonly size?: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

const TEXT_PX = 11;

/** A number as path data writes it. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A growing list of marks. */
export class Pen {
  readonly marks: Mark[] = [];
  /** Size of the letters: 1 = as designed, more in a hall. */
  readonly scale: number;

  constructor(scale: number) {
    this.scale = scale;
  }

  rect(x: number, y: number, width: number, height: number, fill: Tone): void {
    this.marks.push({ kind: 'rect', x, y, width, height, fill });
  }

  /** Filled shapes of one tone, as one mark. */
  shapes(d: string, fill: Tone): void {
    if (d !== '') {
      this.marks.push({ kind: 'path', d, fill, stroke: null, width: 0, dash: null });
    }
  }

  line(d: string, stroke: Tone, width = 1, dash: string | null = null): void {
    this.marks.push({ kind: 'path', d, fill: null, stroke, width, dash });
  }

  text(x: number, y: number, text: string, look: TextLook = {}): void {
    const { tone = 'ink3', size = TEXT_PX, bold = false, mono = false, anchor = 'start' } = look;
    const scaled = size * this.scale;
    this.marks.push({ kind: 'text', x, y, text, tone, size: scaled, bold, mono, anchor });
  }
}

/** A tone as CSS. */
export function cssOf(palette: Palette, tone: Tone): string {
  return typeof tone === 'number' ? deviceHue(palette, tone).css : palette.css[tone];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
}

function markText(mark: Mark, palette: Palette): string {
  const colour = (tone: Tone | null) => (tone === null ? 'none' : cssOf(palette, tone));
  if (mark.kind === 'rect') {
    const { x, y, width, height, fill } = mark;
    return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${colour(fill)}"/>`;
  }
  if (mark.kind === 'path') {
    const { d, fill, stroke, width, dash } = mark;
    const dashes = dash === null ? '' : ` stroke-dasharray="${dash}"`;
    return `<path d="${d}" fill="${colour(fill)}" stroke="${colour(stroke)}" stroke-width="${width}"${dashes}/>`;
  }
  const { x, y, text, tone, size, bold, mono, anchor } = mark;
  const family = escaped(mono ? palette.mono : palette.sans);
  const weight = bold ? 600 : 400;
  return (
    `<text x="${px(x)}" y="${px(y)}" fill="${colour(tone)}" font-family="${family}" ` +
    `font-size="${px(size)}" font-weight="${weight}" text-anchor="${anchor}">${escaped(text)}</text>`
  );
}

/**
 * Drawings, one under the other, as the text of an SVG file that needs nothing else: colours and
 * letters are attributes.
 *
 * @param title what a reader who does not see it is told.
 */
export function svgText(drawings: readonly Drawing[], palette: Palette, title: string): string {
  const width = Math.max(...drawings.map((drawing) => drawing.width));
  const height = drawings.reduce((sum, drawing) => sum + drawing.height, 0);
  let top = 0;
  const groups = drawings.map(({ marks, height: tall }) => {
    const group = marks.map((mark) => markText(mark, palette)).join('\n');
    const text = `<g transform="translate(0 ${top})">\n${group}\n</g>`;
    top += tall;
    return text;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${palette.css.bg}"/>`,
    ...groups,
    '</svg>\n',
  ].join('\n');
}
