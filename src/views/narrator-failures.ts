/** The narrator on devices that are turned away: who, by what, and what becomes of it. */
import { SEGMENT_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import type { Readout } from '../store/readout.ts';
import { ofConfined } from './narrator-restricted.ts';
import { capital, freeWords, say, sayNow, type Named, type Sentence } from './narrator-words.ts';
import { count, plural } from './words.ts';

/** Failures of one device that gets nothing done any more, before it is called stuck. */
const STUCK_FAILURES = 4;
/** Part of the recent maps that must fail before failures are the story. */
const RATE = 0.01;
/** A device with a smaller part of all failures is not named. */
const NAMED_SHARE = 0.002;
/** Once so much of the memory was taken, and so much of it still is: it is too small. */
const FILLED = 0.9;
const STILL_TAKEN = 0.4;
/** From this part of the memory on it is strange that a map fails. */
const MUCH_FREE = 0.3;
/** So many devices are named; the rest goes without saying. */
const MOST_NAMED = 3;
/** Buffers of up to so many slots are small. */
const SMALL_SLOTS = 4;

const isStuck = ({ device, failures }: Named) =>
  failures > 0 &&
  device.failedMaps >= STUCK_FAILURES &&
  device.ratePerSecond === 0 &&
  device.waiting > 0 &&
  device.waiting >= device.depth;

/** Slots of the largest buffer a device maps; 0 where that is not known. */
function largestNeed({ summary }: Named): number {
  const largest = Math.max(0, ...(summary?.spec?.sizes ?? []).map(({ bytes }) => bytes));
  return Math.min(SEGMENT_SLOTS, Math.ceil(largest / SLOT_BYTES));
}

/** Whose buffers stand in the way of `one`: the other device that has the most of them. */
function inTheWay(one: Named, devices: readonly Named[]): Named | undefined {
  const others = devices.filter((other) => other !== one && other.device.slots > 0);
  return others.toSorted((a, b) => b.device.mappings - a.device.mappings)[0];
}

function buffersOf({ name, device }: Named): string {
  const small = device.slots <= SMALL_SLOTS * device.mappings;
  return `${name}’s ${small ? 'small buffers leave' : 'buffers leave'}`;
}

/** The largest request fits an empty row only, and is never alone in it. */
function ofWholeRow(one: Named): Sentence | null {
  const { name, device, summary } = one;
  const hasHeader = summary?.kind === 'virtio-blk';
  if (!hasHeader || largestNeed(one) < SEGMENT_SLOTS || device.mappings > 1) return null;
  return say(
    `${name} needs the whole row, but its own header takes one slot of it: mapped, failed, undone, tried again.`,
    name,
  );
}

/** A device that gets nothing done: it asks, fails, and asks again. */
export function ofStandstill(readout: Readout, devices: readonly Named[]): Sentence | null {
  const stuck = devices.find(isStuck);
  if (!stuck) return null;
  const { name } = stuck;
  const confined = ofConfined(readout, stuck, `${name} gets nothing done`);
  if (confined) return confined;
  const other = inTheWay(stuck, devices);
  if (other) {
    const longest = plural(readout.longestFreeRun, 'slot');
    return say(
      `${name} gets nothing done: ${buffersOf(other)} no free row long enough; the longest is ${longest}.`,
      name,
    );
  }
  const row = ofWholeRow(stuck);
  if (row) return row;
  return say(
    `${name} asks, fails, waits and asks again: what it holds itself leaves no run long enough.`,
    name,
  );
}

/** What happens to a device that is turned away. */
function fate({ name, device }: Named): string {
  if (device.dropped > 0) return `${name} drops packets`;
  if (device.ioErrors > 0) return `${name} reports errors`;
  const times = device.failedMaps === 1 ? 'once' : `${count(device.failedMaps)} times`;
  const again = device.retried > 0 || device.waiting > 0 ? ' and tries again' : '';
  return `${name} was turned away ${times}${again}`;
}

/** Who is turned away: the most often of late first, then the others as they stand. */
function turnedAway(devices: readonly Named[]): Named[] {
  const all = devices.reduce((sum, { device }) => sum + device.failedMaps, 0);
  const worst = devices.toSorted((a, b) => b.failures - a.failures)[0];
  const others = devices.filter(
    (one) =>
      one !== worst && one.device.failedMaps > 0 && one.device.failedMaps >= NAMED_SHARE * all,
  );
  return worst ? [worst, ...others].slice(0, MOST_NAMED) : [];
}

/** Too little memory, as opposed to memory in pieces. */
function isTooSmall({ recent, slots, hiwater }: Readout): boolean {
  if (recent.nearlyFull) return true;
  return hiwater >= FILLED * slots && recent.used >= STILL_TAKEN * slots;
}

function ofFragments(readout: Readout, worst: Named, other: Named): Sentence {
  const { used, slots } = readout;
  const leave = `${buffersOf(other)} hardly a row that is long enough for it`;
  // Shares swing: where hardly anything is free at this moment, no share is said.
  if (slots - used < MUCH_FREE * slots) {
    return say(`${worst.name} is turned away: ${leave}.`, worst.name);
  }
  return sayNow(
    `${capital(freeWords(readout))} of the memory is free, yet ${worst.name} is turned away: ${leave}.`,
    worst.name,
    freeWords,
    readout,
  );
}

/** More than a few of the recent maps failed. */
export function ofFailures(readout: Readout, devices: readonly Named[]): Sentence | null {
  const { recent } = readout;
  const failures = devices.reduce((sum, one) => sum + one.failures, 0);
  if (failures === 0 || failures < RATE * (recent.maps + failures)) return null;
  const culprits = turnedAway(devices);
  const [worst] = culprits;
  if (!worst) return null;
  const confined = ofConfined(readout, worst, fate(worst));
  if (confined) return confined;
  const fates = culprits.map(fate).join(', ');
  if (isTooSmall(readout)) {
    return say(`The memory is too small for this load: ${fates}.`, worst.name);
  }
  const other = inTheWay(worst, devices);
  if (other) return ofFragments(readout, worst, other);
  const row = readout.slots === SEGMENT_SLOTS ? ofWholeRow(worst) : null;
  if (row) return row;
  return say(`${fate(worst)}: its own buffers leave no free row long enough.`, worst.name);
}
