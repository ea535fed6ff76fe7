/** Restricted regions from outside, and who is confined to them, checked field by field. */
import { isRecord, quoted, wholeFault } from './field-check.ts';
import type { RestrictedRegion } from './scenario.ts';
import { PAGE_BYTES } from '../model/geometry.ts';

const MIB = 1_048_576;
const MAX_REGIONS = 8;
const LARGEST_BYTES = 64 * MIB;
/** All regions together take no more of memory than this. */
const MOST_OF_MEMORY = 1 / 4;
/** What a device tree node is called, its address behind an @. */
const NODE_NAME = /^[a-z][a-z0-9_-]*(?:@[0-9a-f]+)?$/;
const MAX_NAME = 31;

/** Faults of `machine.restricted`, a sentence each. */
export function regionFaults(regions: unknown, memoryMiB: unknown): (string | null)[] {
  if (regions === undefined) return [];
  if (!Array.isArray(regions)) {
    return [`machine.restricted is ${quoted(regions)}; it must be a list`];
  }
  if (regions.length > MAX_REGIONS) {
    return [`machine.restricted has ${regions.length} entries; it must have 0 to ${MAX_REGIONS}`];
  }
  const names = new Set<unknown>();
  const faults = regions.flatMap((region: unknown, index) => {
    const at = `machine.restricted[${index}]`;
    if (!isRecord(region)) return [`${at} is ${quoted(region)}; it must be an object`];
    const found = [nameFault(`${at}.name`, region['name'], names), ...sizeFaults(at, region)];
    names.add(region['name']);
    return found;
  });
  const sum = regions.reduce((bytes: number, region: unknown) => bytes + bytesOf(region), 0);
  const most = typeof memoryMiB === 'number' ? memoryMiB * MIB * MOST_OF_MEMORY : Infinity;
  if (sum > most) {
    faults.push(`machine.restricted takes ${sum} bytes; it may take a quarter of memory at most`);
  }
  return faults;
}

/** Faults of devices that name a region which the machine does not have. */
export function confinementFaults(machine: unknown, devices: unknown): (string | null)[] {
  if (!Array.isArray(devices)) return [];
  const regions: unknown = isRecord(machine) ? machine['restricted'] : undefined;
  const names = Array.isArray(regions)
    ? regions.map((region: unknown) => (isRecord(region) ? region['name'] : undefined))
    : [];
  return devices.map((device: unknown, index) => {
    const name = isRecord(device) ? device['restrictedPool'] : undefined;
    if (name === undefined || names.includes(name)) return null;
    return `devices[${index}].restrictedPool is ${quoted(name)}; it must name a region of machine.restricted`;
  });
}

/** Regions built anew from checked ones. */
export function rebuiltRegions(regions: readonly RestrictedRegion[]): readonly RestrictedRegion[] {
  return regions.map(({ name, bytes }) => ({ name, bytes }));
}

function nameFault(at: string, name: unknown, taken: ReadonlySet<unknown>): string | null {
  if (typeof name !== 'string' || name.length > MAX_NAME || !NODE_NAME.test(name)) {
    return `${at} is ${quoted(name)}; it must be the name of a device tree node, at most ${MAX_NAME} characters`;
  }
  return taken.has(name) ? `${at} ${quoted(name)} is taken already` : null;
}

function sizeFaults(at: string, { bytes }: Readonly<Record<string, unknown>>): (string | null)[] {
  const fault = wholeFault(`${at}.bytes`, bytes, PAGE_BYTES, LARGEST_BYTES);
  if (fault !== null) return [fault];
  return Number(bytes) % PAGE_BYTES === 0
    ? []
    : [`${at}.bytes is ${quoted(bytes)}; it must be whole pages of ${PAGE_BYTES} bytes`];
}

function bytesOf(region: unknown): number {
  const bytes = isRecord(region) ? region['bytes'] : undefined;
  return typeof bytes === 'number' ? bytes : 0;
}
