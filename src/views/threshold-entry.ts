/** A threshold in words, and words read as a threshold: slots, memory, or percent of the capacity. */
import { SLOT_BYTES } from '../model/geometry.ts';
import { count, percent, slotBytes } from './words.ts';

/** All three units, for whoever listens: 22,937 slots, 44.8 MiB, 65.9 % of the capacity. */
export function thresholdWords(slots: number, capacity: number, standard: number): string {
  const isBeyond = slots > capacity ? ', more than there is' : '';
  const isDefault = slots === standard ? ', the default' : '';
  return `${count(slots)} slots, ${slotBytes(slots)}, ${percent(slots, capacity)} of the capacity${isBeyond}${isDefault}`;
}

export type Entry =
  | { readonly kind: 'slots'; readonly slots: number }
  | { readonly kind: 'fault'; readonly sentence: string };

const fault = (sentence: string): Entry => ({ kind: 'fault', sentence });

const BYTES_IN: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
/** A number with its thousands marked or not, then what it counts. */
const SHAPE = /^(\d[\d,_ ]*(?:\.\d+)?)\s*(slots?|%|([kmg])(?:i?b)?)?$/i;

/** Whole slots in what was meant, rounded down as the kernel rounds. */
function slotsIn(value: number, unit: string, scale: string, capacity: number): number {
  if (unit === '%') return Math.floor((capacity * value) / 100);
  const bytes = BYTES_IN[scale.toLowerCase()];
  return Math.floor(bytes === undefined ? value : (value * bytes) / SLOT_BYTES);
}

/** Reads `20000`, `20,000 slots`, `40 MiB`, `70 %`. A bad entry gets one sentence. */
export function readThreshold(text: string, capacity: number): Entry {
  const [, number = '', unit = '', scale = ''] = SHAPE.exec(text.trim()) ?? [];
  if (number === '') {
    const seen = text.trim() === '' ? 'Nothing' : `“${text.trim().slice(0, 20)}”`;
    return fault(`${seen} is no threshold; write slots, MiB or percent, as 20000, 40 MiB or 70 %.`);
  }
  const slots = slotsIn(Number(number.replaceAll(/[,_ ]/g, '')), unit, scale, capacity);
  if (slots > capacity) {
    return fault(`That is ${count(slots)} slots; this memory has ${count(capacity)}.`);
  }
  return { kind: 'slots', slots };
}
