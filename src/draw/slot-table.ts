/**
 * Look-up tables from a slot's byte to its pixels, made once for a palette, a colour mode and a
 * legend filter.
 */
import {
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  OWNER_PADDING,
  OWNER_THROTTLED,
  SHADED_MODES,
  type ColourMode,
} from '../engine/frame.ts';
import { mix, over } from './colour.ts';
import { ageClass, ageShare, ALLOCATED_HUE, runClass, runShare } from './legend.ts';
import { deviceHue, HUES, rampColour, type Palette } from './palette.ts';

/** Bits of `SlotTable.special`: a slot whose pixels are not all alike. */
export const SPECIAL = { padding: 1, throttled: 2, notch: 4, doubleNotch: 8, arrow: 16 } as const;

export interface SlotTable {
  /** The table reads the shade bytes; else the owner bytes. */
  readonly shaded: boolean;
  /** A slot's pixels by its byte. */
  readonly body: Uint32Array;
  /** Its last pixel when a mapping ends there, by the same byte. */
  readonly edge: Uint32Array;
  /** What a pixel that several slots share takes from each: patterns count as their mean. */
  readonly mean: Uint32Array;
  /** Mean of two neighbours, by their two bytes read as one little-endian word, masked. */
  readonly pairs: Uint32Array;
  /** The bits of four bytes that decide a mean: fewer bits, fewer places in the table to read. */
  readonly mask: number;
  /** `SPECIAL` bits by owner byte. */
  readonly special: Uint8Array;
  readonly free: number;
  /** What stands between free cells once they are wide. */
  readonly ground: number;
  readonly lid: number;
}

/** How much of itself a class keeps that the legend switched off. */
const OFF_SHARE = 0.25;

/** What decides the mean of owner bytes: device and padding, and, where it is filtered, throttled. */
const OWNER_BITS = OWNER_DEVICE_MASK | OWNER_PADDING;
const FOUR_BYTES = 0x0101_0101;
/** Subsets of the other classes: their bits, by key. */
const SUBSETS = [
  ['padding', OWNER_PADDING],
  ['throttled', OWNER_THROTTLED],
] as const;

/** The filter: whether a slot counts as switched off. */
interface Filter {
  readonly off: ReadonlySet<string>;
  /** Everything but this subset is off: it shows in full. 0 where no subset stands alone. */
  readonly alone: number;
}

function isOff({ off, alone }: Filter, key: string, owner: number): boolean {
  if (alone !== 0 && (owner & alone) !== 0) return false;
  if (SUBSETS.some(([subset, bit]) => (owner & bit) !== 0 && off.has(subset))) return true;
  return off.has(key);
}

/** Key and full colour of a byte. */
interface Class {
  readonly key: string;
  readonly colour: number;
}

type Classify = (byte: number, palette: Palette) => Class;

function freeClass(palette: Palette): Class {
  return { key: 'free', colour: palette.packed.free };
}

const byDevice: Classify = (byte, palette) => {
  const device = (byte & OWNER_DEVICE_MASK) - 1;
  if (device < 0) return freeClass(palette);
  return { key: `device:${device}`, colour: deviceHue(palette, device).packed };
};

const byState: Classify = (byte, palette) =>
  byte & OWNER_DEVICE_MASK ? { key: 'used', colour: palette.packed.ink3 } : freeClass(palette);

const byAge: Classify = (byte, palette) =>
  byte === 0
    ? freeClass(palette)
    : { key: `age:${ageClass(byte)}`, colour: rampColour(palette, ageShare(byte)) };

const byFreeRun: Classify = (byte, palette) =>
  byte === 0
    ? { key: 'used', colour: palette.packed.well }
    : { key: `run:${runClass(byte)}`, colour: rampColour(palette, runShare(byte)) };

const byDirection: Classify = (byte, palette) => {
  if (byte === 0) return freeClass(palette);
  const { ink2, ink3, line2 } = palette.packed;
  const colour = [ink3, ink2, line2, deviceHue(palette, ALLOCATED_HUE).packed][byte - 1] ?? ink3;
  return { key: `direction:${byte}`, colour };
};

const byRequest: Classify = (byte, palette) => {
  if (byte === 0) return freeClass(palette);
  return { key: `request:${byte}`, colour: deviceHue(palette, (byte - 1) % HUES).packed };
};

function byArea(area: number): Classify {
  return (byte, palette) =>
    byte & OWNER_DEVICE_MASK
      ? { key: `area:${area}`, colour: deviceHue(palette, area).packed }
      : freeClass(palette);
}

const CLASSIFY: Record<Exclude<ColourMode, 'area'>, Classify> = {
  device: byDevice,
  state: byState,
  age: byAge,
  direction: byDirection,
  'free-run': byFreeRun,
  request: byRequest,
};

function specials(mode: ColourMode): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, owner) => {
    const device = (owner & OWNER_DEVICE_MASK) - 1;
    if (device < 0 || mode === 'free-run') return 0;
    const notches = mode === 'device' && device < 14 ? Math.floor(device / HUES) : 0;
    return (
      (owner & OWNER_PADDING ? SPECIAL.padding : 0) |
      (owner & OWNER_THROTTLED ? SPECIAL.throttled : 0) |
      (notches > 0 ? SPECIAL.notch : 0) |
      (notches > 1 ? SPECIAL.doubleNotch : 0) |
      (mode === 'direction' && owner & OWNER_FIRST ? SPECIAL.arrow : 0)
    );
  });
}

/** Mean of two packed colours, channel by channel, without taking them apart. */
function halfway(one: number, other: number): number {
  return ((one & other) + (((one ^ other) & 0xfefefefe) >>> 1)) >>> 0;
}

function pairsOf(mean: Uint32Array): Uint32Array {
  const pairs = new Uint32Array(65_536);
  for (let high = 0; high < 256; high++) {
    const colour = mean[high] ?? 0;
    for (let low = 0; low < 256; low++) pairs[(high << 8) | low] = halfway(mean[low] ?? 0, colour);
  }
  return pairs;
}

function makeTable(
  mode: ColourMode,
  classify: Classify,
  palette: Palette,
  filter: Filter,
): SlotTable {
  const shaded = SHADED_MODES.includes(mode);
  const { free, bg, lid } = palette.packed;
  const body = new Uint32Array(256);
  const edge = new Uint32Array(256);
  const mean = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const { key, colour } = classify(byte, palette);
    const ground = key === 'free' ? bg : free;
    const owner = shaded ? 0 : byte;
    const full = isOff(filter, key, owner) ? mix(ground, colour, OFF_SHARE) : colour;
    body[byte] = full;
    edge[byte] = over(full, palette.edge);
    mean[byte] = owner & OWNER_PADDING ? mix(free, full, 0.5) : full;
    // Ends are looked up by owner byte alone where nothing else decides the colour.
    if (!shaded && !(byte & OWNER_LAST)) edge[byte] = full;
  }
  const pairs = pairsOf(mean);
  const bits = isThrottleFiltered(filter) ? OWNER_BITS | OWNER_THROTTLED : OWNER_BITS;
  const mask = shaded ? -1 : bits * FOUR_BYTES;
  return { shaded, body, edge, mean, pairs, mask, special: specials(mode), free, ground: bg, lid };
}

function isThrottleFiltered({ off, alone }: Filter): boolean {
  return off.has('throttled') || alone === OWNER_THROTTLED;
}

/** Free slots are off and a subset is not: it was isolated. */
function filterOf(off: ReadonlySet<string>): Filter {
  const subset = off.has('free') ? SUBSETS.find(([key]) => !off.has(key)) : undefined;
  return { off, alone: subset?.[1] ?? 0 };
}

/** The tables of a mode: one, or one for each of six areas in turn. */
export function slotTables(
  mode: ColourMode,
  palette: Palette,
  off: ReadonlySet<string>,
): readonly SlotTable[] {
  const filter = filterOf(off);
  if (mode !== 'area') return [makeTable(mode, CLASSIFY[mode], palette, filter)];
  return Array.from({ length: HUES }, (_, area) => makeTable(mode, byArea(area), palette, filter));
}
