import { PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';
import { parseMask } from '../model/mask.ts';
import { ADDRESS_LIMIT } from '../model/units.ts';
import type { Fields } from './fields.ts';
import type { RecordedDevice, RecordedPool, RecordingHeader } from './recording.ts';
import type { ThrottleHeader } from './throttle-columns.ts';
import {
  announcedThrottle,
  checkThrottleHeader,
  type AnnouncedThrottle,
} from './throttle-header.ts';

/** Most slots of a machine that is replayed, over all its pools: 16 GiB. */
export const SLOT_LIMIT = 2 ** 23;
/** Most areas of a pool: a pool of 2 GiB cut as `swiotlb=08000` cuts it has 8,192. */
export const AREA_LIMIT = 2 ** 16;
/** Most areas of all pools. */
const AREAS_LIMIT = 2 ** 18;
const POOL_LIMIT = 4096;
/** CPUs are numbered below this; the most a kernel is built for. */
export const CPU_LIMIT = 8192;
/** Tasks are numbered below this. */
export const PID_LIMIT = 2 ** 22;
/** Most bytes of one request that is replayed. */
export const SIZE_LIMIT = 2 ** 32 - 1;
const DEVICE_LIMIT = 4096;
const NAME_CHARS = 200;
const COMMAND_LINE_CHARS = 4096;

/** What the header says, before the events told what it leaves open. */
export interface CheckedHeader {
  readonly header: RecordingHeader;
  readonly devices: readonly CheckedDevice[];
  /** Position in `devices` by the number events use. */
  readonly deviceById: ReadonlyMap<number, number>;
  /** The same by the kernel's pointer, as kernel events name a device. */
  readonly deviceByPointer: ReadonlyMap<string, number>;
  /** What the header counts, -1 where it does not. */
  readonly announced: { readonly events: number; readonly maps: number; readonly unmaps: number };
  /** Sentences on what the header says is missing. */
  readonly gaps: readonly string[];
  /** The throttle as the recording began and ended, and null in a kernel without one. */
  readonly throttle: ThrottleHeader | null;
  readonly announcedThrottle: AnnouncedThrottle;
}

/** A device whose `min_align_mask` may still have to be read off the decisions (null). */
export interface CheckedDevice extends Omit<RecordedDevice, 'minAlignMask' | 'inferred'> {
  readonly minAlignMask: number | null;
}

/**
 * Checks line 1 of a `swiotlb-trace` recording, version 1.
 *
 * @throws TraceFault for the first field that is not what it must be.
 */
export function checkHeader(fields: Fields): CheckedHeader {
  const version = fields.whole('version', 0, 1e6);
  if (version !== 1) throw fields.fault('version', '1, the only version known here');
  const start = fields.inner('start');
  const end = fields.present('end') ? fields.inner('end') : null;
  const dynamic = fields.present('pools');
  const pools = dynamic
    ? checkPools(fields)
    : [checkPool(fields.inner('pool'), start, { isDefault: true, room: new Room() })];
  const order = fields.textOr('order', 40, 'return');
  const header: RecordingHeader = {
    kernel: fields.text('kernel', NAME_CHARS),
    commandLine: withoutRecorderWords(fields.textOr('cmdline', COMMAND_LINE_CHARS, '')),
    cpus: fields.whole('cpus', 1, CPU_LIMIT),
    dynamic,
    physLimit: fields.present('physLimit') ? parseMask(fields.hex('physLimit')) : 2 ** 32 - 1,
    order: order === 'lock' ? 'lock' : 'return',
    pools,
    startUsed: counter(start, 'used') ?? 0,
    startHiwater: counter(start, 'hiwater') ?? 0,
    endUsed: counter(end, 'used'),
    endHiwater: counter(end, 'hiwater'),
  };
  return {
    header,
    ...checkDevices(fields),
    announced: {
      events: fields.wholeOr('events', 0, 2 ** 32, -1),
      maps: fields.wholeOr('maps', 0, 2 ** 32, -1),
      unmaps: fields.wholeOr('unmaps', 0, 2 ** 32, -1),
    },
    gaps: [...lossesOf(fields), ...startOf(header)],
    throttle: checkThrottleHeader(fields),
    announcedThrottle: announcedThrottle(fields),
  };
}

/** A counter in slots, or null when it is not recorded. */
function counter(fields: Fields | null, name: string): number | null {
  const value = fields?.wholeOr(name, 0, SLOT_LIMIT, -1) ?? -1;
  return value === -1 ? null : value;
}

/** The command line without the words that only steered the recording set-up. */
function withoutRecorderWords(commandLine: string): string {
  const words = commandLine.split(/\s+/).filter((word) => !word.startsWith('oracle.'));
  return words.join(' ').trim();
}

function checkPools(fields: Fields): RecordedPool[] {
  const all = fields.objects('pools', POOL_LIMIT);
  if (all.length === 0) throw fields.fault('pools', 'at least one pool');
  const room = new Room();
  return all.map((pool) => checkPool(pool, pool, { isDefault: pool.says('default'), room }));
}

/** What is left for further pools; asked before anything is made for one. */
class Room {
  #slots = SLOT_LIMIT;
  #areas = AREAS_LIMIT;

  take(fields: Fields, slots: number, areas: number): void {
    this.#slots -= slots;
    this.#areas -= areas;
    if (this.#slots < 0) throw fields.fault('nslabs', `at most ${SLOT_LIMIT} slots in all pools`);
    if (this.#areas < 0) throw fields.fault('areas', `at most ${AREAS_LIMIT} areas in all pools`);
  }
}

/** One pool; its hints and use stand in `state`. */
function checkPool(
  fields: Fields,
  state: Fields,
  { isDefault, room }: { readonly isDefault: boolean; readonly room: Room },
): RecordedPool {
  const nslabs = fields.whole('nslabs', 1, SLOT_LIMIT);
  const areas = fields.whole('areas', 1, Math.min(AREA_LIMIT, nslabs));
  room.take(fields, nslabs, areas);
  const base = fields.address('base');
  if (base % PAGE_BYTES !== 0) throw fields.fault('base', 'a page-aligned address');
  if (base + nslabs * SLOT_BYTES > ADDRESS_LIMIT) throw fields.fault('base', 'less than 2^52');
  const areaSlots = Math.floor(nslabs / areas);
  if (fields.wholeOr('areaSize', 1, SLOT_LIMIT, areaSlots) !== areaSlots) {
    throw fields.fault('areaSize', `${areaSlots}, which is nslabs / areas`);
  }
  const perArea = (name: string, max: number) =>
    state.isList(name) ? areaNumbers(state, name, areas, max) : new Uint32Array(areas);
  return {
    base,
    nslabs,
    areas,
    isDefault,
    hints: perArea('hints', areaSlots - 1),
    used: perArea('used', nslabs),
  };
}

/** A number per area; null and what is missing at the end are taken as 0. */
function areaNumbers(fields: Fields, name: string, areas: number, max: number): Uint32Array {
  const numbers = new Uint32Array(areas);
  numbers.set(fields.wholesOrNull(name, areas, max).map((value) => value ?? 0));
  return numbers;
}

function checkDevices(fields: Fields): {
  devices: CheckedDevice[];
  deviceById: Map<number, number>;
  deviceByPointer: Map<string, number>;
} {
  const devices: CheckedDevice[] = [];
  const deviceById = new Map<number, number>();
  const deviceByPointer = new Map<string, number>();
  for (const device of fields.objects('devices', DEVICE_LIMIT)) {
    const id = device.whole('id', 0, 2 ** 31);
    if (deviceById.has(id)) throw device.fault('id', 'a number no other device has');
    deviceById.set(id, devices.length);
    deviceByPointer.set(device.textOr('ptr', NAME_CHARS, ''), devices.length);
    devices.push(checkDevice(device));
  }
  return { devices, deviceById, deviceByPointer };
}

function checkDevice(device: Fields): CheckedDevice {
  const segBoundaryMask = device.present('segBoundaryMask') ? device.hex('segBoundaryMask') : '0x0';
  const boundary = parseMask(segBoundaryMask);
  if (boundary !== Infinity && !Number.isInteger(Math.log2(boundary + 1))) {
    throw device.fault('segBoundaryMask', 'a mask of the form 2^k - 1');
  }
  return {
    name: device.text('name', NAME_CHARS),
    driver: device.textOr('driver', NAME_CHARS, ''),
    dmaMask: device.present('dmaMask') ? device.hex('dmaMask') : '0xffffffffffffffff',
    segBoundaryMask,
    minAlignMask: device.present('minAlignMask') ? device.lowMask('minAlignMask') : null,
  };
}

function lossesOf(fields: Fields): string[] {
  if (!fields.present('lost')) return [];
  const lost = fields.inner('lost').positiveNumbers();
  if (lost.length === 0) return [];
  const counts = lost.map(([name, count]) => `${name} ${count}`);
  return [`The recorder lost events: ${counts.join(', ')}.`];
}

function startOf(header: RecordingHeader): string[] {
  const inPools = header.pools.reduce((sum, pool) => sum + sumOf(pool.used), 0);
  const used = Math.max(header.startUsed, inPools);
  if (used === 0) return [];
  return [`The recording began with ${used} slots in use, whose maps it does not show.`];
}

function sumOf(numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
