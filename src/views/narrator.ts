/**
 * The one sentence at the top: what this memory is, then what happens in it now.
 *
 * Derived from the numbers of a frame and from what was loaded, and from nothing else: the same
 * moment gives the same sentence. Shares are said in words, so that the sentence does not flicker
 * with every digit.
 */
import type { Readout } from '../store/readout.ts';
import type { MachineSummary } from '../store/reports.ts';
import { ofAllocations } from './narrator-allocs.ts';
import { ofFailures, ofStandstill } from './narrator-failures.ts';
import { ofGrowth } from './narrator-growth.ts';
import { ofOwn, ofOwnTrouble } from './narrator-own.ts';
import { ofAsleepAtEnd, ofHerd, ofStall, ofThrottle } from './narrator-throttle.ts';
import { opening, speedOf, type NarratorFacts } from './narrator-opening.ts';
import {
  capital,
  freeWords,
  named,
  say,
  sayNow,
  shareWords,
  type Named,
  type Sentence,
} from './narrator-words.ts';
import { count } from './words.ts';

/** Wall seconds at the scenario's own speed during which the first sentence stands. */
const OPENING_SECONDS = 5;
/** The same for a scenario that shows an argument about throttling. */
const ARGUMENT_SECONDS = 2;
/** The same for one that shows a memory that grows, which is soon under way. */
const GROWING_SECONDS = 3;
/** Part of the lock takings that had to spin, from which on the locks are the story. */
const CONTENDED = 0.05;
/** Fewer lock takings say nothing about contention. */
const ENOUGH_TAKINGS = 200;
function ofReplay({ readout, replay, machine, difference }: NarratorFacts): Sentence | null {
  if (!replay) return null;
  if (difference) {
    return say('Here the model and the kernel part ways; both choices are marked in the memory.');
  }
  if (!readout || readout.runState !== 'ended') {
    const failed = readout?.failedMaps ?? 0;
    const also =
      failed > 0
        ? `; ${failed === 1 ? 'one map' : `${count(failed)} maps`} failed, as ${failed === 1 ? 'it' : 'they'} did then`
        : '';
    return say(
      `A real kernel’s own decisions: each buffer it copied is placed again here, and compared${also}.`,
    );
  }
  return ofEndedReplay(readout, machine);
}

const failedWords = (failed: number) =>
  failed === 1 ? 'one map failed' : `${count(failed)} maps failed`;

function ofEndedReplay(readout: Readout, machine: MachineSummary | null): Sentence {
  if (readout.differences > 0) {
    return say('The recording is over: the model did not always decide as the kernel had.');
  }
  return (
    ofAsleepAtEnd(readout, (device) => machine?.devices[device]?.name) ??
    say(
      readout.failedMaps === 0
        ? 'The recording is over: the model decided every time as the kernel had.'
        : `The recording is over: the model decided every time as the kernel had; ${failedWords(readout.failedMaps)}.`,
    )
  );
}

/** CPUs from which on it is worth a word that they do not meet at a lock. */
const MANY_CPUS = 16;

/** What the CPUs lose at the locks: much, or, where each has its own, hardly anything. */
function ofLocks({ locks, cpus, pools }: Readout): Sentence | null {
  const { taken, contended } = locks;
  if (taken < ENOUGH_TAKINGS) return null;
  const areas = pools.reduce((sum, pool) => sum + pool.nareas, 0);
  const spared = cpus >= MANY_CPUS && areas >= cpus;
  if (contended < CONTENDED * taken && !spared) return null;
  const head = `${count(cpus)} CPUs, ${areas === 1 ? 'one lock' : `${count(areas)} locks`}`;
  if (contended === 0) return say(`${head}: no search has had to wait for another to end.`);
  const often = `one search in ${count(Math.max(2, roughly(taken / contended)))}`;
  return say(`${head}: ${often} has to wait for another to end.`);
}

/** With two digits that say something. */
function roughly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
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

/** A memory that counts as nearly full is said to be so from this part on. */
const FULL_NOW = 0.72;

function ofUse(readout: Readout, devices: readonly Named[]): Sentence {
  const { used, slots, recent } = readout;
  const largest = devices.toSorted((a, b) => b.slots - a.slots)[0];
  if (used === 0 || !largest) return say('The memory is empty: no request is on its way.');
  if (recent.nearlyFull && used >= FULL_NOW * slots) {
    const held = shareWords(largest.slots, used);
    return say(
      `The memory is nearly full; ${largest.name} holds ${held} of what is taken.`,
      largest.name,
    );
  }
  // No device is named here: shares swing faster than a sentence can be read.
  return sayNow(
    `${capital(shareWords(used, slots))} of the memory is taken; each buffer goes back when its device is done.`,
    null,
    freeWords,
    readout,
  );
}

function openingSeconds(scenario: NarratorFacts['scenario']): number {
  const isThrottled = (scenario?.throttle?.policy ?? 'none') !== 'none';
  if (isThrottled || scenario?.group === 'throttling') return ARGUMENT_SECONDS;
  return scenario?.group === 'growing' ? GROWING_SECONDS : OPENING_SECONDS;
}

/** Whether the first sentence still stands. */
function isOpening({ readout, machine, scenario }: NarratorFacts): boolean {
  if (!readout || !machine?.hasPool) return true;
  const openedNs = (scenario?.openAtMs ?? 0) * 1e6;
  // Who pauses asks about this moment; an argument of the list is under way from the first picture.
  if (readout.runState === 'paused' && readout.timeNs > openedNs) return false;
  const standsNs = openingSeconds(scenario) * speedOf(scenario) * 1e9;
  return readout.timeNs < openedNs + standsNs;
}

/** The sentence for this moment. */
export function narrate(facts: NarratorFacts): Sentence {
  const { readout, machine } = facts;
  if (!machine) return opening(null);
  const replayed = ofReplay(facts);
  if (replayed) return replayed;
  if (!readout || isOpening(facts)) return opening(machine);
  const devices = named(readout, machine);
  const { own = null } = facts;
  return (
    ofOwnTrouble(own, machine, devices) ??
    ofTrouble(readout, devices, facts) ??
    ofLocks(readout) ??
    ofOwn(own) ??
    ofReach(devices) ??
    ofUse(readout, devices)
  );
}

/** Somebody waits or is turned away. */
function ofTrouble(
  readout: Readout,
  devices: readonly Named[],
  facts: NarratorFacts,
): Sentence | null {
  return (
    ofStall(readout, devices) ??
    ofAllocations(readout, devices) ??
    ofStandstill(readout, devices) ??
    ofHerd(readout) ??
    ofGrowth(readout, devices, facts) ??
    ofFailures(readout, devices) ??
    ofThrottle(readout, devices)
  );
}
