/** The shade bytes: what a colour mode needs to know of a slot besides its owner. */
import { OWNER_FIRST, OWNER_LAST, type ColourMode } from './frame.ts';
import type { PoolRecord } from './ledger.ts';
import { NO_ROW, type MappingRows } from './mapping-rows.ts';
import type { Run } from './run.ts';
import { SEGMENT_SLOTS } from '../model/geometry.ts';

/** Mappings take these in turn in the `request` mode. */
const REQUEST_SHADES = 6;
const YOUNGEST_NS = 1000;
/** Decades from 1 us to 10 s. */
const AGE_DECADES = 7;
const AGE_STEPS = 254;
/** Direction shades in the order of DMA directions: both ways, to the device, from it; allocated. */
const DIRECTION_SHADES = [1, 2, 3, 4] as const;

/** Writes the shade bytes of one pool at `offset`. */
export function shadePool(
  shade: Uint8Array,
  offset: number,
  record: PoolRecord,
  mode: ColourMode,
  run: Run,
): void {
  if (mode === 'free-run') shadeFreeRuns(shade, offset, record.owner);
  else shadeMappings(shade, offset, record, mode, run);
}

/** `list` of every slot: free slots up to the next used one, or the segment's end. */
function shadeFreeRuns(shade: Uint8Array, offset: number, owner: Uint8Array): void {
  let run = 0;
  for (let slot = owner.length - 1; slot >= 0; slot--) {
    if (slot % SEGMENT_SLOTS === SEGMENT_SLOTS - 1) run = 0;
    run = owner[slot] === 0 ? run + 1 : 0;
    shade[offset + slot] = run;
  }
}

function shadeMappings(
  shade: Uint8Array,
  offset: number,
  { owner, rowAt }: PoolRecord,
  mode: ColourMode,
  { ledger, timeNs }: Run,
): void {
  let value = 0;
  for (let slot = 0; slot < owner.length; slot++) {
    const byte = owner[slot] as number;
    if ((byte & OWNER_FIRST) !== 0) {
      value = shadeOf(ledger.rows, rowAt[slot] as number, mode, timeNs);
    }
    shade[offset + slot] = value;
    if (byte === 0 || (byte & OWNER_LAST) !== 0) value = 0;
  }
}

function shadeOf(rows: MappingRows, row: number, mode: ColourMode, nowNs: number): number {
  if (row === NO_ROW) return 1;
  if (mode === 'direction') return DIRECTION_SHADES[rows.direction(row)];
  if (mode === 'request') return 1 + (rows.serial(row) % REQUEST_SHADES);
  return ageShade(nowNs - rows.timeNs(row));
}

/** 1 for up to 1 us, 255 for 10 s and more, by the logarithm between. */
export function ageShade(ageNs: number): number {
  if (ageNs <= YOUNGEST_NS) return 1;
  const decades = Math.log10(ageNs / YOUNGEST_NS);
  return 1 + Math.min(AGE_STEPS, Math.round((decades * AGE_STEPS) / AGE_DECADES));
}
