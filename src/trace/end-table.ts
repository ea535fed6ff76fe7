/**
 * The kernel's own slot table as it stood when a recording ended (`NAME.slots-end.json`).
 *
 * Two shapes: one pool (`base`, `nslabs`, `areas`, `slots`), or a list of `pools` in search order.
 * Rows are [index, list, alloc_size (signed), pad_slots, orig], and in a kernel with throttling
 * [..., throttled]; more columns pass unread. Slots not listed are free and initial.
 */
import { at } from '../model/array.ts';
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import type { Pool } from '../model/pool.ts';
import type { SlotTable } from '../model/slot-table.ts';
import { NO_ADDRESS } from '../model/units.ts';
import { quoted, TraceFault } from './fault.ts';
import { addressOf, Fields } from './fields.ts';
import { SLOT_LIMIT } from './header-check.ts';
import { parseObject, readLines } from './read-lines.ts';
import { compareMarks, endThrottle, type EndThrottle } from './throttle-end.ts';

const POOLS_LIMIT = 2 ** 16;
const AREA_LIMIT = 2 ** 16;

export interface EndTable {
  readonly used: number | null;
  readonly hiwater: number | null;
  /** The throttle; null in a kernel without one. */
  readonly throttle: EndThrottle | null;
  /** In search order. */
  readonly pools: readonly EndPool[];
}

interface EndPool {
  readonly base: number;
  readonly nslabs: number;
  readonly areas: readonly { readonly used: number; readonly index: number }[];
  /** Listed slots and their fields, parallel. */
  readonly slots: Uint32Array;
  readonly list: Uint16Array;
  readonly allocSize: Float64Array;
  readonly padSlots: Uint16Array;
  readonly origAddr: Float64Array;
  /** Marks of throttled mappings; null in a kernel without a throttle. */
  readonly throttled: Uint8Array | null;
}

/** Whether a file is an end table: it names no format and has the kernel's counters. */
export function isEndTable(fields: Fields): boolean {
  return !fields.has('format') && fields.has('total_used') && fields.has('used_hiwater');
}

/** Reads and checks an end table. @throws TraceFault with one sentence. */
export async function readEndTable(bytes: Uint8Array): Promise<EndTable> {
  const lines: string[] = [];
  for await (const batch of readLines(bytes)) lines.push(...batch.lines);
  const fields = new Fields().aim(parseObject(lines.join('\n'), 1), 1, 'end table ');
  const pools = fields.has('pools') ? fields.objects('pools', POOLS_LIMIT) : [fields];
  const count = (name: string) =>
    fields.has(name) ? fields.whole(name, 0, Number.MAX_SAFE_INTEGER) : null;
  const throttle = endThrottle(fields);
  return {
    used: count('total_used'),
    hiwater: count('used_hiwater'),
    throttle,
    pools: pools.map((pool) => endPool(pool, throttle !== null)),
  };
}

function endPool(fields: Fields, hasMarks: boolean): EndPool {
  const nslabs = fields.whole('nslabs', 1, SLOT_LIMIT);
  const rows = fields.list('slots', nslabs);
  const areas = fields.objects('areas', AREA_LIMIT).map((area) => ({
    used: area.whole('used', 0, SLOT_LIMIT),
    index: area.whole('index', 0, SLOT_LIMIT),
  }));
  const pool = {
    base: fields.address('base'),
    nslabs,
    areas,
    slots: new Uint32Array(rows.length),
    list: new Uint16Array(rows.length),
    allocSize: new Float64Array(rows.length),
    padSlots: new Uint16Array(rows.length),
    origAddr: new Float64Array(rows.length),
    throttled: hasMarks ? new Uint8Array(rows.length) : null,
  };
  for (const [index, row] of rows.entries()) readRow(pool, index, row);
  return pool;
}

function readRow(pool: EndPool, index: number, row: unknown): void {
  const cells: readonly unknown[] = Array.isArray(row) ? row : [];
  const whole = (column: number, min: number, max: number): number => {
    const value = cells[column];
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    throw new TraceFault(
      `The end table's row ${index} has ${quoted(value)} in column ${column}, expected a whole number from ${min} to ${max}.`,
    );
  };
  pool.slots[index] = whole(0, 0, pool.nslabs - 1);
  pool.list[index] = whole(1, 0, SEGMENT_SLOTS);
  pool.allocSize[index] = whole(2, -(2 ** 32), 2 ** 32);
  pool.padSlots[index] = whole(3, 0, SEGMENT_SLOTS);
  if (pool.throttled !== null) pool.throttled[index] = whole(5, 0, 1);
  const orig = cells[4];
  const addr = orig === null ? NO_ADDRESS : addressOf(orig);
  if (orig !== null && addr === -1) {
    throw new TraceFault(
      `The end table's row ${index} has ${quoted(orig)} in column 4, expected an address or null.`,
    );
  }
  pool.origAddr[index] = addr;
}

/** What differs between the model's pools, in search order, and the kernel's; a sentence each. */
export interface EndDifferences {
  /** Pools, use and slots. */
  readonly state: readonly string[];
  /** Hints of areas, which move on with every map that comes after the recording. */
  readonly hints: readonly HintDifference[];
}

export interface HintDifference {
  readonly pool: Pool;
  readonly area: number;
  readonly sentence: string;
}

/** Compares the model's pools with the kernel's. */
export function compareEndTable(table: EndTable, head: Pool | null): EndDifferences {
  const state: string[] = [];
  const hints: HintDifference[] = [];
  let pool = head;
  for (const said of table.pools) {
    if (pool === null || pool.base !== said.base || pool.nslabs !== said.nslabs) {
      const got = pool === null ? 'none' : `0x${pool.base.toString(16)}`;
      state.push(`end table: expected a pool at 0x${said.base.toString(16)}, got ${got}`);
      return { state, hints };
    }
    state.push(...compareUse(said, pool));
    hints.push(...compareHints(said, pool));
    state.push(...compareSlots(said, pool.table));
    if (said.throttled !== null) state.push(...compareMarks(pool, said.slots, said.throttled));
    pool = pool.next;
  }
  if (pool !== null) state.push(`end table: expected no pool at 0x${pool.base.toString(16)}`);
  return { state, hints };
}

function compareUse({ areas }: EndPool, { areaUsed }: Pool): string[] {
  const sentences: string[] = [];
  if (areas.length !== areaUsed.length) {
    sentences.push(`end table: areas: expected ${areas.length}, got ${areaUsed.length}`);
  }
  for (const [area, { used }] of areas.entries()) {
    const got = areaUsed[area];
    if (got !== undefined && got !== used) {
      sentences.push(`end table: area ${area}, used: expected ${used}, got ${got}`);
    }
  }
  return sentences;
}

function compareHints({ areas }: EndPool, pool: Pool): HintDifference[] {
  const differences: HintDifference[] = [];
  for (const [area, { index }] of areas.entries()) {
    const got = pool.areaIndex[area];
    if (got === undefined || got === index) continue;
    const sentence = `end table: area ${area}, index: expected ${index}, got ${got}`;
    differences.push({ pool, area, sentence });
  }
  return differences;
}

function compareSlots(said: EndPool, table: SlotTable): string[] {
  const { slots, list, allocSize, padSlots, origAddr } = said;
  let row = 0;
  let different = 0;
  let first = '';
  for (let slot = 0; slot < said.nslabs; slot++) {
    while (row < slots.length && at(slots, row) < slot) row++;
    const expected =
      slots[row] === slot
        ? {
            list: at(list, row),
            size: at(allocSize, row),
            pad: at(padSlots, row),
            orig: at(origAddr, row),
          }
        : { list: initialList(slot, said.nslabs), size: 0, pad: 0, orig: NO_ADDRESS };
    if (
      table.list(slot) === expected.list &&
      table.allocSize(slot) === expected.size &&
      table.padSlots(slot) === expected.pad &&
      table.origAddr(slot) === expected.orig
    ) {
      continue;
    }
    if (different++ === 0) {
      first = `slot ${slot}: expected ${described(expected)}, got ${described(fieldsOf(table, slot))}`;
    }
  }
  return different === 0 ? [] : [`end table: ${different} slots differ, ${first}`];
}

/** The kernel's four fields of one slot. */
interface SlotFields {
  readonly list: number;
  readonly size: number;
  readonly pad: number;
  readonly orig: number;
}

function fieldsOf(table: SlotTable, slot: number): SlotFields {
  const [size, pad] = [table.allocSize(slot), table.padSlots(slot)];
  return { list: table.list(slot), size, pad, orig: table.origAddr(slot) };
}

function initialList(slot: number, nslabs: number): number {
  return Math.min(SEGMENT_SLOTS - (slot % SEGMENT_SLOTS), nslabs - slot);
}

function described({ list, size, pad, orig }: SlotFields): string {
  const addr = orig === NO_ADDRESS ? 'none' : `0x${orig.toString(16)}`;
  return `list ${list}, alloc_size ${size}, pad_slots ${pad}, orig ${addr}`;
}
