/** Numbers and quantities as the page writes them: exact number first, unit after. */
import { SLOT_BYTES } from '../model/geometry.ts';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count with thousands marked: 22,937. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** "1 slot", "2 slots". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** With so many decimals, less those that say nothing. */
function shortened(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units, one decimal where it says something: 44.8 MiB, 64 KiB, 1,536 B. */
export function bytes(value: number): string {
  if (Math.abs(value) < 2048 && value % 1024 !== 0) return `${count(value)} B`;
  let unit = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 1024 && unit < UNITS.length - 1) {
    scaled /= 1024;
    unit++;
  }
  const text = Math.abs(scaled) >= 100 ? count(Math.round(scaled)) : shortened(scaled, 1);
  return `${text} ${UNITS[unit]}`;
}

/** Slots as memory: 34.0 MiB stays 34 MiB. */
export function slotBytes(slots: number): string {
  return bytes(slots * SLOT_BYTES);
}

/** A share in percent with one decimal; a dash when there is no whole. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : '–';
}

/** A duration in the unit that keeps it short: 850 ns, 1.2 µs, 7.6 ms, 325 ms, 1.25 s. */
export function duration(ns: number): string {
  if (ns < 1000) return `${count(ns)} ns`;
  if (ns < 1e6) return `${shortened(ns / 1e3, ns < 1e5 ? 1 : 0)} µs`;
  if (ns < 1e9) return `${shortened(ns / 1e6, ns < 1e8 ? 1 : 0)} ms`;
  return `${shortened(ns / 1e9, 2)} s`;
}

/** The clock: virtual time in ms, to the microsecond. */
export function clock(ns: number): string {
  const [whole = '0', part = '000'] = (ns / 1e6).toFixed(3).split('.');
  return `${count(Number(whole))}.${part} ms`;
}

/** A rate a second, short: 820/s, 61.2k/s, 1.8M/s. */
export function rate(perSecond: number): string {
  if (perSecond < 1000) return `${count(perSecond)}/s`;
  if (perSecond < 1e6) return `${shortened(perSecond / 1e3, perSecond < 1e5 ? 1 : 0)}k/s`;
  return `${shortened(perSecond / 1e6, 1)}M/s`;
}

/** An address as the kernel prints it, at least nine digits so that columns line up. */
export function hex(address: number, digits = 9): string {
  return `0x${address.toString(16).padStart(digits, '0')}`;
}

/** A kernel log time stamp: seconds and microseconds, as `dmesg` pads them. */
export function stamp(ns: number): string {
  return `[${(ns / 1e9).toFixed(6).padStart(12, ' ')}]`;
}
