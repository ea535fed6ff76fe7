/**
 * What the colours mean, and how much there is of each: the legend is the filter too. Its keys are
 * what `HeatmapOptions.off` names.
 */
import {
  AREA,
  COLOUR_MODES,
  DEVICE,
  HEADER,
  OWNER_THROTTLED,
  POOL,
  type ColourMode,
  type FrameView,
} from '../engine/frame.ts';
import { cssOf } from './colour.ts';
import { deviceHue, HUES, rampColour, type Palette, type Token } from './palette.ts';

/** How a swatch is filled besides its colour. */
export type SwatchPattern =
  'plain' | 'padding' | 'throttled' | 'to-device' | 'from-device' | 'allocated';

type Paint =
  | { readonly kind: 'token'; readonly token: Token }
  | { readonly kind: 'device'; readonly device: number }
  | { readonly kind: 'ramp'; readonly share: number };

export interface LegendEntry {
  readonly key: string;
  readonly name: string;
  readonly pattern: SwatchPattern;
  /** Notches of a hue that is used again: 0, 1 or 2. */
  readonly notches: number;
  /** Counted among the others already: stands behind the divider "of these". */
  readonly subset: boolean;
  readonly paint: Paint;
}

/** Slots counted among the others already. */
const SUBSETS: ReadonlySet<string> = new Set(['padding', 'throttled']);

function entry(
  key: string,
  name: string,
  paint: Paint,
  pattern: SwatchPattern = 'plain',
): LegendEntry {
  const notches = paint.kind === 'device' ? Math.floor(paint.device / HUES) : 0;
  return { key, name, pattern, notches, subset: SUBSETS.has(key), paint };
}

const token = (name: Token): Paint => ({ kind: 'token', token: name });
const hue = (device: number): Paint => ({ kind: 'device', device });
const ramp = (share: number): Paint => ({ kind: 'ramp', share });

const FREE = entry('free', 'free', token('free'));
const PADDING = entry('padding', 'padding', token('ink2'), 'padding');
const THROTTLED = entry('throttled', 'throttled', token('ink3'), 'throttled');
/** A hue that few machines give to a device. */
export const ALLOCATED_HUE = 4;
const USED = entry('used', 'used', token('ink3'));
const ALLOCATED = entry('direction:4', 'allocated (dma_alloc)', hue(ALLOCATED_HUE), 'allocated');

/** Decades of age, from 1 us on. */
export const AGES = [
  '1–10 µs',
  '10–100 µs',
  '0.1–1 ms',
  '1–10 ms',
  '10–100 ms',
  '0.1–1 s',
  '1–10 s',
];
/** Free runs by powers of two. */
export const RUNS = ['1', '2–3', '4–7', '8–15', '16–31', '32–63', '64–127', '128'];

/** Ramp share of an age byte (1 to 255). */
export function ageShare(shade: number): number {
  return (shade - 1) / 254;
}

/** Ramp share of a `list` value (1 to 128). */
export function runShare(list: number): number {
  return Math.log2(Math.max(1, list)) / 7;
}

/** Index into `AGES`. */
export function ageClass(shade: number): number {
  return Math.min(AGES.length - 1, Math.floor(ageShare(shade) * AGES.length));
}

/** Index into `RUNS`. */
export function runClass(list: number): number {
  return Math.min(RUNS.length - 1, Math.floor(Math.log2(Math.max(1, list))));
}

function deviceEntries(names: readonly string[]): LegendEntry[] {
  return names.map((name, device) => entry(`device:${device}`, name, hue(device)));
}

const SIX = [0, 1, 2, 3, 4, 5] as const;

const ENTRIES: Record<ColourMode, (deviceNames: readonly string[]) => LegendEntry[]> = {
  device: (names) => [...deviceEntries(names), FREE, PADDING],
  state: () => [USED, FREE, PADDING],
  age: () => [
    ...AGES.map((name, index) => entry(`age:${index}`, name, ramp((index + 0.5) / AGES.length))),
    FREE,
  ],
  direction: () => [
    entry('direction:2', 'to device', token('ink2'), 'to-device'),
    entry('direction:3', 'from device', token('line2'), 'from-device'),
    entry('direction:1', 'both ways', token('ink3')),
    FREE,
  ],
  'free-run': () => [
    ...RUNS.map((name, index) => entry(`run:${index}`, name, ramp(index / (RUNS.length - 1)))),
    entry('used', 'used', token('well')),
  ],
  area: () => [...SIX.map((index) => entry(`area:${index}`, areaName(index), hue(index))), FREE],
  request: () => [
    ...SIX.map((index) => entry(`request:${index + 1}`, `${index + 1}`, hue(index))),
    FREE,
  ],
};

/** Modes that read owner bytes and show subsets of them. */
const WITH_SUBSETS: ReadonlySet<ColourMode> = new Set(['device', 'state']);

/**
 * The legend of a mode, summands first. `throttles`: requests may be throttled on this machine;
 * `allocates`: a driver may have memory of its own in its pools.
 */
export function legendEntries(
  mode: ColourMode,
  deviceNames: readonly string[],
  { throttles = false, allocates = false } = {},
): LegendEntry[] {
  const entries = ENTRIES[mode](deviceNames);
  if (allocates && mode === 'direction') return [ALLOCATED, ...entries];
  return throttles && WITH_SUBSETS.has(mode) ? [...entries, THROTTLED] : entries;
}

function areaName(index: number): string {
  return `area ${index}, ${index + 6}, …`;
}

/** The colour of an entry's swatch. */
export function legendColour({ paint }: LegendEntry, palette: Palette): string {
  if (paint.kind === 'token') return palette.css[paint.token];
  if (paint.kind === 'device') return deviceHue(palette, paint.device).css;
  return cssOf(rampColour(palette, paint.share));
}

/** The keys to switch off so that `key` stands alone among its like; subsets only hide subsets. */
export function isolate(entries: readonly LegendEntry[], key: string): Set<string> {
  const chosen = entries.find((one) => one.key === key);
  const others = entries.filter((one) => one.key !== key && (chosen?.subset || !one.subset));
  return new Set(others.map((one) => one.key));
}

/** The mode a frame was written in. */
export function modeOf(frame: FrameView): ColourMode {
  return COLOUR_MODES[frame.head(HEADER.colourMode)] ?? 'device';
}

function tally(bytes: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return counts;
}

function shadeKey(mode: ColourMode, shade: number): string {
  if (shade === 0) return mode === 'free-run' ? 'used' : 'free';
  if (mode === 'age') return `age:${ageClass(shade)}`;
  if (mode === 'free-run') return `run:${runClass(shade)}`;
  return `${mode}:${shade}`;
}

/** Slots in use, over all pools. */
function usedSlots(frame: FrameView): number {
  let used = 0;
  for (let row = 0; row < frame.counts.pools; row++) used += frame.pool(row, POOL.used);
  return used;
}

function throttledSlots(owner: Uint8Array): number {
  let slots = 0;
  for (let slot = 0; slot < owner.length; slot++) {
    if ((owner[slot] as number) & OWNER_THROTTLED) slots++;
  }
  return slots;
}

function countDevices(frame: FrameView, counts: Map<string, number>): void {
  for (let row = 0; row < frame.counts.devices; row++) {
    counts.set(`device:${row}`, frame.device(row, DEVICE.slots));
  }
}

function countAreas(frame: FrameView, counts: Map<string, number>): void {
  for (let row = 0; row < frame.counts.pools; row++) {
    const first = frame.pool(row, POOL.areaOffset);
    for (let area = 0; area < frame.pool(row, POOL.nareas); area++) {
      const key = `area:${area % HUES}`;
      counts.set(key, (counts.get(key) ?? 0) + frame.area(first + area, AREA.used));
    }
  }
}

function countShades(frame: FrameView, mode: ColourMode, counts: Map<string, number>): void {
  for (const [shade, slots] of tally(frame.shade).entries()) {
    if (slots === 0) continue;
    const key = shadeKey(mode, shade);
    counts.set(key, (counts.get(key) ?? 0) + slots);
  }
}

/**
 * Slots of every class of the frame's own mode, by legend key. Device, state and area modes read
 * tables; the others look at every slot, so ask at the pace of text, not of pictures.
 */
export function legendCounts(frame: FrameView): Map<string, number> {
  const counts = new Map<string, number>();
  const mode = modeOf(frame);
  if (frame.shade.length > 0) {
    countShades(frame, mode, counts);
    return counts;
  }
  const used = usedSlots(frame);
  counts.set('used', used);
  counts.set('free', frame.counts.slots - used);
  counts.set('padding', frame.head(HEADER.paddingSlots));
  if (frame.head(HEADER.policy) > 0) counts.set('throttled', throttledSlots(frame.owner));
  if (mode === 'device') countDevices(frame, counts);
  if (mode === 'area') countAreas(frame, counts);
  return counts;
}
