/**
 * The one sentence at the top: what this memory is, then what happens in it now.
 *
 * Derived from the numbers of a frame and from what was loaded, and from nothing else: the same
 * moment gives the same sentence. Shares are said in words, so that the sentence does not flicker
 * with every digit.
 */
import type { PageState } from '../store/page-state.ts';
import type { DeviceReadout, Readout } from '../store/readout.ts';
import type { DeviceSummary, MachineSummary } from '../store/reports.ts';

export type NarratorFacts = Pick<
  PageState,
  'readout' | 'machine' | 'scenario' | 'replay' | 'difference'
>;

export interface Sentence {
  readonly text: string;
  /** The word to stress, usually a device's name; part of `text`. */
  readonly stress: string | null;
}

const say = (text: string, stress: string | null = null): Sentence => ({ text, stress });

/** Wall seconds at the scenario's own speed during which the first sentence stands. */
const OPENING_SECONDS = 5;
/** Parts of the pool from which on it is called full, or nearly so. */
const FULL = 0.97;
const NEARLY_FULL = 0.8;
/** Part of the lock takings that had to spin, from which on the locks are the story. */
const CONTENDED = 0.05;
/** Fewer lock takings say nothing about contention. */
const ENOUGH_TAKINGS = 200;
/** So many recent failures are the story, whatever else happens. */
const MANY_FAILURES = 8;
/** Failures of one device that gets nothing done any more, before it is called stuck. */
const STUCK_FAILURES = 4;

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

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Devices whose mask ends below the machine's memory. */
function shortArmed(machine: MachineSummary): DeviceSummary[] {
  const memory = BigInt(machine.memoryMiB ?? 0) * 1_048_576n;
  return machine.devices.filter((device) => BigInt(device.dmaMask) < memory - 1n);
}

function opening(machine: MachineSummary): Sentence {
  if (!machine.hasPool) {
    return machine.encrypted
      ? say(
          'No memory was set aside for copies: devices are pointed at encrypted memory, which they cannot read.',
        )
      : say(
          'This machine set no memory aside for copies: devices must reach their buffers by themselves.',
        );
  }
  if (machine.encrypted) {
    return say(
      'Every device here must copy through this memory, because the machine’s own memory is encrypted.',
    );
  }
  if (machine.forceBounce) {
    return say(
      'Every device here must copy through this memory, because the kernel was told to force it.',
    );
  }
  const [limited] = shortArmed(machine);
  if (limited) {
    return say(
      `${limited.name} cannot reach all of this machine’s memory: what lies too high is copied through this one.`,
      limited.name,
    );
  }
  return say(
    'This memory is for copies that a device needs when it cannot reach a buffer. Here every device can.',
  );
}

function ofReplay({ readout, replay, difference }: NarratorFacts): Sentence | null {
  if (!replay) return null;
  if (difference) {
    return say('Here the model and the kernel part ways; both choices are marked in the memory.');
  }
  if (!readout || readout.runState !== 'ended') {
    return say(
      'A real kernel’s own decisions: each buffer it copied is placed again here, and compared.',
    );
  }
  return readout.differences === 0
    ? say('The recording is over: the model decided every time as the kernel had.')
    : say('The recording is over: the model did not always decide as the kernel had.');
}

interface Named {
  readonly name: string;
  readonly device: DeviceReadout;
}

function named(readout: Readout, machine: MachineSummary): Named[] {
  return readout.devices.map((device, row) => ({
    name: machine.devices[row]?.name ?? `device ${row}`,
    device,
  }));
}

const isStuck = ({ device }: Named) =>
  device.failedMaps >= STUCK_FAILURES &&
  device.ratePerSecond === 0 &&
  device.waiting > 0 &&
  device.waiting >= device.depth;

function ofStandstill(readout: Readout, devices: readonly Named[]): Sentence | null {
  const stuck = readout.recent.failures > 0 ? devices.find(isStuck) : undefined;
  if (!stuck) return null;
  return say(
    `${stuck.name} asks, fails, waits and asks again: what it holds itself leaves no run long enough.`,
    stuck.name,
  );
}

/** @param least fewer recent failures than this are no story. */
function ofFailures(readout: Readout, devices: readonly Named[], least: number): Sentence | null {
  if (readout.recent.failures < least) return null;
  const worst = devices.toSorted((a, b) => b.device.failedMaps - a.device.failedMaps)[0];
  const name = worst?.name ?? 'A device';
  if (readout.used >= NEARLY_FULL * readout.slots) {
    const full = readout.used >= FULL * readout.slots ? 'full' : 'nearly full';
    return say(`The memory is ${full}: ${name} asks for room and is turned away.`, name);
  }
  const free = capital(shareWords(readout.slots - readout.used, readout.slots));
  return say(
    `${free} of the memory is free, yet ${name} is turned away: the free places do not lie in one row.`,
    name,
  );
}

function ofLocks({ locks, cpus, pools }: Readout): Sentence | null {
  if (locks.taken < ENOUGH_TAKINGS || locks.contended < CONTENDED * locks.taken) return null;
  const areas = pools.reduce((sum, pool) => sum + pool.nareas, 0);
  const often = `one search in ${Math.max(2, Math.round(locks.taken / locks.contended))}`;
  return areas === 1
    ? say(`${cpus} CPUs share one lock: ${often} has to wait for another to end.`)
    : say(`${cpus} CPUs meet at ${areas} locks: ${often} has to wait for another to end.`);
}

/** Where some buffers need no copy, that is the story. */
function ofReach(devices: readonly Named[]): Sentence | null {
  const copying = devices.filter(({ device }) => device.bounced > 0);
  const [free] = devices.filter(({ device }) => device.direct > 0 && device.bounced === 0);
  const [only] = copying;
  if (!only && free) {
    return say('Nothing is copied: every buffer lies where its device can reach it by itself.');
  }
  if (!only || !free || copying.length > 1) return null;
  return say(
    `Only ${only.name} copies through this memory; ${free.name} reaches every buffer by itself.`,
    only.name,
  );
}

function ofUse(readout: Readout, devices: readonly Named[]): Sentence {
  const largest = devices.toSorted((a, b) => b.device.slots - a.device.slots)[0];
  if (readout.used === 0 || !largest) {
    return say('The memory is empty: no request is on its way.');
  }
  if (readout.used >= NEARLY_FULL * readout.slots) {
    return say(
      `The memory is nearly full; ${largest.name} holds ${shareWords(largest.device.slots, readout.used)} of what is taken.`,
      largest.name,
    );
  }
  const taken = capital(shareWords(readout.used, readout.slots));
  const held = shareWords(largest.device.slots, readout.used);
  return say(
    `${taken} of the memory is taken, ${held} of that by ${largest.name}; each buffer goes back when its device is done.`,
    largest.name,
  );
}

/** Whether the first sentence still stands. */
function isOpening({ readout, machine, scenario }: NarratorFacts): boolean {
  if (!readout || !machine?.hasPool) return true;
  const openedNs = (scenario?.openAtMs ?? 0) * 1e6;
  const standsNs = OPENING_SECONDS * (scenario?.speed ?? 0) * 1e9;
  return readout.timeNs < openedNs + standsNs;
}

/** The sentence for this moment. */
export function narrate(facts: NarratorFacts): Sentence {
  const { readout, machine } = facts;
  if (!machine) return say('A machine is being started.');
  const replayed = ofReplay(facts);
  if (replayed) return replayed;
  if (!readout || isOpening(facts)) return opening(machine);
  const devices = named(readout, machine);
  return (
    ofStandstill(readout, devices) ??
    ofFailures(readout, devices, MANY_FAILURES) ??
    ofLocks(readout) ??
    ofFailures(readout, devices, 1) ??
    ofReach(devices) ??
    ofUse(readout, devices)
  );
}
