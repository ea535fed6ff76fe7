/** Numbers as the canvases write them: exact, thousands marked, unit after. */
import { SLOT_BYTES } from '../model/geometry.ts';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 22,937. */
export function figure(value: number): string {
  return WHOLE.format(value);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Slots as memory: 64 MiB, 1.1 MiB, 2 KiB. */
export function memoryOf(slots: number): string {
  let scaled = slots * SLOT_BYTES;
  let unit = 0;
  while (scaled >= 1024 && unit < UNITS.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${scaled.toFixed(1).replace(/\.0$/, '')} ${UNITS[unit]}`;
}

/** A share with a space before the sign; a dash when there is no whole. */
export function percentOf(part: number, whole: number, digits: 0 | 1 = 1): string {
  return whole > 0 ? `${((part / whole) * 100).toFixed(digits)} %` : '–';
}

/** A span of virtual time in the unit that keeps it short: 850 ns, 1.2 µs, 7.6 ms, 325 ms. */
export function spanOf(ns: number): string {
  const steps = [
    [1e3, 'ns'],
    [1e6, 'µs'],
    [1e9, 'ms'],
    [Infinity, 's'],
  ] as const;
  let size = 1;
  for (const [below, unit] of steps) {
    if (ns < below) {
      const value = ns / size;
      return `${value >= 100 || size === 1 ? Math.round(value) : Number(value.toFixed(1))} ${unit}`;
    }
    size = below;
  }
  return '–';
}

/** Nine digits at least, so that addresses in a row line up. */
export function addressOf(bytes: number): string {
  return `0x${bytes.toString(16).padStart(9, '0')}`;
}
