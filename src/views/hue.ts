/**
 * Which of the theme's six hues a device wears. A name that several scenarios use wears the same hue
 * in all of them; the others take what is left. Hues come again after six, and a name always stands
 * beside them.
 */
import type { MachineSummary } from '../store/reports.ts';
import { page } from '../store/the-page.ts';

const HUES = 6;
const KNOWN: Readonly<Record<string, number>> = {
  nvme0: 0,
  nvme1: 1,
  eth0: 2,
  vda: 3,
  vdb: 3,
  sda: 4,
};

/** The hues of the first six devices, in their order; what is left over follows. */
export function huesFor(names: readonly string[]): readonly number[] {
  const hues: (number | undefined)[] = [];
  for (const name of names.slice(0, HUES)) {
    const known = KNOWN[name];
    hues.push(known === undefined || hues.includes(known) ? undefined : known);
  }
  const left = Array.from({ length: HUES }, (_, hue) => hue).filter((hue) => !hues.includes(hue));
  return Array.from({ length: HUES }, (_, row) => hues[row] ?? left.shift() ?? row);
}

let machine: MachineSummary | null = null;
let worn: readonly number[] = huesFor([]);

/** The hues of the machine that is loaded; the same array for the same machine. */
export function currentHues(): readonly number[] {
  if (page.state.machine !== machine) {
    ({ machine } = page.state);
    const hues = huesFor(machine?.devices.map(({ name }) => name) ?? []);
    if (hues.some((hue, row) => hue !== worn[row])) worn = hues;
  }
  return worn;
}

/** The hue of a device as CSS. */
export function hueOf(device: number): string {
  return device < 0 ? 'var(--ink3)' : `var(--d${currentHues()[device % HUES] ?? 0})`;
}
