/**
 * Colours as one 32-bit number, so that a slot costs one write of a pixel.
 *
 * Packed means the byte order of `ImageData` read as a little-endian u32: alpha, blue, green, red
 * from the top. Every machine a browser runs on is little-endian.
 */

export interface Rgba {
  /** 0 to 255. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** 0 to 1. */
  readonly alpha: number;
}

const FUNCTION = /^rgba?\(([^)]*)\)$/;

function fromHex(digits: string): Rgba | null {
  if (!/^[0-9a-f]+$/i.test(digits)) return null;
  const wide = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits;
  if (wide.length !== 6 && wide.length !== 8) return null;
  const byte = (at: number) => Number.parseInt(wide.slice(at, at + 2), 16);
  const alpha = wide.length === 8 ? byte(6) / 255 : 1;
  return { red: byte(0), green: byte(2), blue: byte(4), alpha };
}

function fromFunction(parts: string): Rgba | null {
  const numbers = parts
    .split(/[\s,/]+/)
    .filter(Boolean)
    .map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));
  const [red, green, blue, alpha = 1] = numbers;
  if (red === undefined || green === undefined || blue === undefined) return null;
  return numbers.some(Number.isNaN) ? null : { red, green, blue, alpha };
}

/**
 * Reads a CSS colour: hex of any length, `rgb()` or `rgba()` with spaces or commas.
 *
 * @throws RangeError when `text` is none of these.
 */
export function parseColour(text: string): Rgba {
  const trimmed = text.trim();
  const inner = FUNCTION.exec(trimmed)?.[1];
  const colour = trimmed.startsWith('#')
    ? fromHex(trimmed.slice(1))
    : inner === undefined
      ? null
      : fromFunction(inner);
  if (!colour) throw new RangeError(`"${trimmed}" is not a colour this page can paint`);
  return colour;
}

function byteOf(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Packs opaque; `alpha` is dropped, lay the colour `over` its ground first. */
export function pack({ red, green, blue }: Rgba): number {
  return (0xff000000 | (byteOf(blue) << 16) | (byteOf(green) << 8) | byteOf(red)) >>> 0;
}

export function unpack(colour: number): Rgba {
  return {
    red: colour & 255,
    green: (colour >>> 8) & 255,
    blue: (colour >>> 16) & 255,
    alpha: 1,
  };
}

/** `share` of `top` over `ground`, both packed; 0 is ground, 1 is top. */
export function mix(ground: number, top: number, share: number): number {
  const low = unpack(ground);
  const high = unpack(top);
  const between = (from: number, to: number) => from + (to - from) * share;
  return pack({
    red: between(low.red, high.red),
    green: between(low.green, high.green),
    blue: between(low.blue, high.blue),
    alpha: 1,
  });
}

/** A colour with transparency, laid over an opaque packed ground. */
export function over(ground: number, top: Rgba): number {
  return mix(ground, pack(top), top.alpha);
}

export function cssOf(colour: number): string {
  const { red, green, blue } = unpack(colour);
  return `rgb(${red} ${green} ${blue})`;
}
