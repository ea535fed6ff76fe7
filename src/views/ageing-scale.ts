/** The dial of the uptime: 0, then a step of a twentieth of a decade from 1 h to 10,000 h. */
import { count } from './words.ts';

/** Steps to a decade. */
const DECADE = 20;
/** The last position. */
export const UPTIME_MAX = 4 * DECADE + 1;

const HOURS_A_DAY = 24;
const TWO_DAYS = 48;

/** Hours at a position of the dial, with three digits that count: no two positions are the same. */
export function uptimeAt(position: number): number {
  if (position <= 0) return 0;
  return Number((10 ** ((position - 1) / DECADE)).toPrecision(3));
}

/** Position nearest to so many hours. */
export function positionOf(hours: number): number {
  if (hours < 1) return 0;
  return Math.min(UPTIME_MAX, Math.round(1 + DECADE * Math.log10(hours)));
}

/** 0 h, 1.1 h, 36 h, 30 days. */
export function uptimeWords(hours: number): string {
  if (hours < TWO_DAYS) return `${Number(hours.toFixed(1))} h`;
  return `${count(Math.round(hours / HOURS_A_DAY))} days`;
}
