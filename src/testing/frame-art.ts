/**
 * Frames drawn by hand, for tests of what paints them.
 *
 * In the art `.` is a free slot, a letter a slot of a device (`a` the first one), a capital begins a
 * mapping and small letters go on with it: `Aaa.BB` is a mapping of three slots, a free slot, two
 * mappings of one slot. `+` is padding in front of the mapping that follows. Blanks are skipped, and
 * what the art leaves out is free.
 */
import {
  AREA,
  AREA_FIELDS,
  COLOUR_MODES,
  DEVICE,
  FIXED_SERIES,
  FrameView,
  HEADER,
  HISTORY_BUCKETS,
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  OWNER_PADDING,
  POOL,
  POOL_KINDS,
  SHADED_MODES,
  type ColourMode,
  type PoolKind,
} from '../engine/frame.ts';
import { SEGMENT_SLOTS } from '../model/geometry.ts';

export interface PoolArt {
  readonly kind?: PoolKind;
  readonly areas?: number;
  /** Slots; else whatever the art needs, in whole segments an area. */
  readonly nslabs?: number;
  readonly art?: string;
  readonly device?: number;
  /** Restricted pools: index of the region. */
  readonly region?: number;
  readonly bornNs?: number;
}

export interface FrameArt extends PoolArt {
  /** More pools behind the first. */
  readonly more?: readonly PoolArt[];
  readonly devices?: number;
  readonly mode?: ColourMode;
  readonly timeNs?: number;
  readonly endNs?: number;
  readonly cpus?: number;
  readonly bucketNs?: number;
  /** Rows of the waiter and passage tables, and whether a shadow's history follows; all empty. */
  readonly waiters?: number;
  readonly passages?: number;
  readonly shadowed?: boolean;
}

interface Drawn {
  readonly art: PoolArt;
  readonly cells: string;
  readonly nslabs: number;
  readonly areas: number;
}

function measure(art: PoolArt): Drawn {
  const cells = (art.art ?? '').replaceAll(/\s/g, '');
  const areas = art.areas ?? 1;
  const unit = areas * SEGMENT_SLOTS;
  const nslabs = art.nslabs ?? Math.max(1, Math.ceil(cells.length / unit)) * unit;
  return { art, cells, nslabs, areas };
}

function isLetter(cell: string): boolean {
  return /[a-z]/i.test(cell);
}

/** Whether `cell` goes on with the mapping of the cell before it. */
function goesOn(cell: string, before: string): boolean {
  if (cell === '+') return before === '+';
  if (before === '+') return true;
  return cell === cell.toLowerCase() && before.toLowerCase() === cell;
}

/** Device of the cell: padding takes that of the mapping behind it. */
function deviceOf(cells: string, at: number): number {
  let behind = at;
  while (cells[behind] === '+') behind++;
  return (cells[behind] ?? 'a').toLowerCase().charCodeAt(0) - 97;
}

/** The owner byte of the cell at `at`. */
function ownerOf(cells: string, at: number): number {
  const cell = cells[at] ?? '.';
  if (!isLetter(cell) && cell !== '+') return 0;
  const before = cells[at - 1] ?? '.';
  const behind = cells[at + 1] ?? '.';
  const isFirst = before === '.' || !goesOn(cell, before);
  const isLast = cell !== '+' && (!isLetter(behind) || !goesOn(behind, cell));
  return (
    ((deviceOf(cells, at) + 1) & OWNER_DEVICE_MASK) |
    (isFirst ? OWNER_FIRST : 0) |
    (isLast ? OWNER_LAST : 0) |
    (cell === '+' ? OWNER_PADDING : 0)
  );
}

function drawSlots(frame: FrameView, from: number, cells: string): void {
  for (let at = 0; at < cells.length; at++) frame.owner[from + at] = ownerOf(cells, at);
}

/** Longest run of free slots in `from..to`, not across a segment of the pool. */
function longestFree(frame: FrameView, poolFrom: number, from: number, to: number): number {
  let longest = 0;
  let run = 0;
  for (let slot = from; slot < to; slot++) {
    if ((slot - poolFrom) % SEGMENT_SLOTS === 0) run = 0;
    run = frame.owner[slot] === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

interface Place {
  readonly row: number;
  readonly slotOffset: number;
  readonly areaOffset: number;
}

function writeAreas(frame: FrameView, drawn: Drawn, { slotOffset, areaOffset }: Place): number {
  const areaNslabs = drawn.nslabs / drawn.areas;
  let all = 0;
  for (let area = 0; area < drawn.areas; area++) {
    const from = slotOffset + Math.floor(area * areaNslabs);
    const to = slotOffset + Math.floor((area + 1) * areaNslabs);
    let used = 0;
    for (let slot = from; slot < to; slot++) used += frame.owner[slot] === 0 ? 0 : 1;
    const at = (areaOffset + area) * AREA_FIELDS;
    frame.areas[at + AREA.used] = used;
    frame.areas[at + AREA.holder] = -1;
    frame.areas[at + AREA.firstSpinner] = -1;
    frame.areas[at + AREA.longestFreeRun] = longestFree(frame, slotOffset, from, to);
    all += used;
  }
  return all;
}

function writePool(frame: FrameView, drawn: Drawn, place: Place): number {
  drawSlots(frame, place.slotOffset, drawn.cells);
  const used = writeAreas(frame, drawn, place);
  const fields: Record<keyof typeof POOL, number> = {
    id: place.row,
    base: 0x3a80_0000 + place.slotOffset * 2048,
    nslabs: drawn.nslabs,
    nareas: drawn.areas,
    areaNslabs: Math.floor(drawn.nslabs / drawn.areas),
    kind: POOL_KINDS.indexOf(drawn.art.kind ?? 'default'),
    slotOffset: place.slotOffset,
    areaOffset: place.areaOffset,
    used,
    bornNs: drawn.art.bornNs ?? 0,
    device: drawn.art.device ?? -1,
    region: drawn.art.region ?? -1,
    hiwater: used,
    highThrottle: 0,
    lowThrottle: 0,
    highThrottleCount: 0,
    lowThrottleCount: 0,
  };
  const size = frame.pools.length / frame.counts.pools;
  for (const [name, field] of Object.entries(POOL)) {
    frame.pools[place.row * size + field] = fields[name as keyof typeof POOL];
  }
  return used;
}

function writeDevices(frame: FrameView): void {
  const size = frame.devices.length / Math.max(1, frame.counts.devices);
  for (const owner of frame.owner) {
    const device = (owner & OWNER_DEVICE_MASK) - 1;
    if (device < 0 || device >= frame.counts.devices) continue;
    const at = device * size + DEVICE.slots;
    frame.devices[at] = (frame.devices[at] ?? 0) + 1;
  }
}

/** A frame in the state that the art shows; history empty. */
export function frameFrom(art: FrameArt): FrameView {
  const drawn = [art, ...(art.more ?? [])].map(measure);
  const mode = art.mode ?? 'device';
  const frame = FrameView.lay(null, {
    pools: drawn.length,
    areas: drawn.reduce((sum, { areas }) => sum + areas, 0),
    devices: art.devices ?? 4,
    buckets: HISTORY_BUCKETS,
    slots: drawn.reduce((sum, { nslabs }) => sum + nslabs, 0),
    shaded: SHADED_MODES.includes(mode),
    waiters: art.waiters ?? 0,
    passages: art.passages ?? 0,
    shadowed: art.shadowed ?? false,
  });
  let place: Place = { row: 0, slotOffset: 0, areaOffset: 0 };
  let used = 0;
  for (const pool of drawn) {
    used += writePool(frame, pool, place);
    place = {
      row: place.row + 1,
      slotOffset: place.slotOffset + pool.nslabs,
      areaOffset: place.areaOffset + pool.areas,
    };
  }
  writeDevices(frame);
  const { header } = frame;
  header[HEADER.colourMode] = COLOUR_MODES.indexOf(mode);
  header[HEADER.timeNs] = art.timeNs ?? 0;
  header[HEADER.endNs] = art.endNs ?? 0;
  header[HEADER.cpus] = art.cpus ?? 8;
  header[HEADER.used] = used;
  header[HEADER.nslabs] = frame.counts.slots;
  header[HEADER.bucketNs] = art.bucketNs ?? 1000;
  header[HEADER.paddingSlots] = frame.owner.filter((owner) => owner & OWNER_PADDING).length;
  return frame;
}

/** Appends buckets to the history, oldest first: the fixed series, then slots in flight a device. */
export function pushHistory(frame: FrameView, buckets: readonly (readonly number[])[]): void {
  let filled = frame.head(HEADER.bucketsFilled);
  for (const bucket of buckets) {
    for (let series = 0; series < FIXED_SERIES + frame.counts.devices; series++) {
      frame.series(series)[filled] = bucket[series] ?? 0;
    }
    filled++;
  }
  frame.header[HEADER.bucketsFilled] = filled;
}
