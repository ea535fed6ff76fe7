/** What the narrator's sentences are made of. */
import type { DeviceReadout, Readout } from '../store/readout.ts';
import type { DeviceSummary, MachineSummary } from '../store/reports.ts';

export interface Sentence {
  readonly text: string;
  /** The word to stress, usually a device's name; part of `text`. */
  readonly stress: string | null;
  /** Whether what it says of the moment still holds; left out where it says nothing that passes. */
  readonly holds?: (now: Readout) => boolean;
}

export const say = (text: string, stress: string | null = null): Sentence => ({ text, stress });

/** A sentence on how much is free, or on who waits: true as long as the same words would be said. */
export function sayNow(
  text: string,
  stress: string | null,
  words: (now: Readout) => string,
  readout: Readout,
): Sentence {
  const said = words(readout);
  return { text, stress, holds: (now) => words(now) === said };
}

/** A device with everything that is known of it now. */
export interface Named {
  readonly name: string;
  readonly device: DeviceReadout;
  /** Null where the machine has no such device: a frame just behind its report. */
  readonly summary: DeviceSummary | null;
  /** Its failed maps of late. */
  readonly failures: number;
  /** Slots it held of late, on average. */
  readonly slots: number;
}

export function named(readout: Readout, machine: MachineSummary): Named[] {
  return readout.devices.map((device, row) => ({
    name: machine.devices[row]?.name ?? `device ${row}`,
    device,
    summary: machine.devices[row] ?? null,
    failures: readout.recent.failuresBy[row] ?? 0,
    slots: readout.recent.slotsBy[row] ?? 0,
  }));
}

/** A share of a whole in words a listener can follow. */
export function shareWords(part: number, whole: number): string {
  const share = whole > 0 ? part / whole : 0;
  if (share <= 0) return 'none';
  if (share < 0.2) return 'a small part';
  if (share < 0.3) return 'a quarter';
  if (share < 0.42) return 'a third';
  if (share < 0.58) return 'half';
  if (share < 0.72) return 'two thirds';
  if (share < 0.9) return 'most';
  return share < 1 ? 'nearly all' : 'all';
}

export const freeWords = ({ slots, used }: Readout) => shareWords(slots - used, slots);

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
