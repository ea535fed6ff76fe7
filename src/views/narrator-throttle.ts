/**
 * The narrator on throttling: who waits for whom, and whether anybody will ever wake them.
 *
 * Whether somebody waits at all is of the last stretch of the run, since a queue that empties and fills
 * many times a second is one story; every count and share said is of the moment shown.
 */
import type { Readout } from '../store/readout.ts';
import {
  capital,
  freeWords,
  say,
  sayNow,
  shareWords,
  type Named,
  type Sentence,
} from './narrator-words.ts';
import { count } from './words.ts';

/** So long one request must have held the semaphore before it is named, virtual ns. */
const NAMED_HOLD_NS = 5e6;
/** A batch or a wake-up must have been overdue for so long, virtual ns. */
const BATCH_NS = 2e6;
const LOST_NS = 20e6;
/** Waking in vain is the story from this part of the wake-ups on, and not before so many. */
const VAIN = 0.5;
const ENOUGH_WAKE_UPS = 20;

/** Why nobody will wake the queue. */
export type Stall =
  /** The holder waits, mapped but unsubmitted, behind a task that sleeps on its own semaphore. */
  | { readonly kind: 'batch'; readonly device: number }
  /** The wake-up was spent, or never comes while the use stays where it is. */
  | { readonly kind: 'lost' };

/**
 * The device whose batch waits for itself, or -1: its requests are mapped and not rung for, and the
 * task that would ring sleeps behind one of them. Where other tasks run on it takes longer to tell.
 */
function stalledBatch({ throttle, devices, timeNs }: Readout): number {
  const { holder } = throttle;
  const device = holder ? devices[holder.device] : undefined;
  if (!holder || !device || device.unrung === 0 || device.throttled === 0) return -1;
  const isWhole = device.blockedTasks === device.tasks;
  const leastNs = isWhole ? BATCH_NS : throttle.starvedNs;
  return timeNs - holder.admittedNs > leastNs ? holder.device : -1;
}

/** Sleepers under a policy of which no unmap can wake them as things are of late. */
function isLost({ throttle, recent }: Readout): boolean {
  const { policy, highThrottle, lowThrottle } = throttle;
  const { used } = recent;
  if (policy === 'wake-below' || policy === 'wake-all') return used <= lowThrottle;
  if (policy === 'wake-any-above') return used <= highThrottle;
  return policy === 'wake-any' && used === 0;
}

/** Whether the queue waits for something that does not come. */
export function stallOf(readout: Readout): Stall | null {
  const { throttle } = readout;
  if (throttle.waiting === 0) return null;
  const device = stalledBatch(readout);
  if (device >= 0) return { kind: 'batch', device };
  const isLong = throttle.report.longestNowNs > Math.min(LOST_NS, throttle.starvedNs);
  return isLong && isLost(readout) ? { kind: 'lost' } : null;
}

const freeAndWaiting = (now: Readout) => `${freeWords(now)} ${now.throttle.waiting}`;
const freeAndWhether = (now: Readout) => `${freeWords(now)} ${now.throttle.waiting > 0}`;

const requests = (waiting: number) =>
  waiting === 1 ? 'one request' : `${count(waiting)} requests`;

/**
 * The device that sleeps behind requests of its own of which it was never told, while other tasks of
 * it do not sleep: anybody who submits next may ring for them. -1 where there is none.
 */
function untoldDevice({ throttle, devices, timeNs }: Readout): number {
  const { holder, waiters, waiting } = throttle;
  const device = holder ? devices[holder.device] : undefined;
  if (!holder || !device || device.unrung === 0 || waiting === 0) return -1;
  if (device.blockedTasks === device.tasks || timeNs - holder.admittedNs <= BATCH_NS) return -1;
  const areOwn =
    waiters.length === waiting && waiters.every((waiter) => waiter.device === holder.device);
  return areOwn ? holder.device : -1;
}

function ofUntold(readout: Readout, devices: readonly Named[]): Sentence | null {
  const one = devices[untoldDevice(readout)];
  if (!one) return null;
  const { unrung } = one.device;
  const mapped =
    unrung === 1 ? 'its one mapped request has' : `its ${count(unrung)} mapped requests have`;
  return sayNow(
    `${one.name} waits for a device nobody has told: ${mapped} not been rung for.`,
    one.name,
    (now) => String(untoldDevice(now)),
    readout,
  );
}

/** Nobody is left to wake the queue. */
export function ofStall(readout: Readout, devices: readonly Named[]): Sentence | null {
  const untold = ofUntold(readout, devices);
  if (untold) return untold;
  const stall = stallOf(readout);
  if (!stall) return null;
  const { waiting, policy } = readout.throttle;
  const sleepers = requests(waiting);
  const sleep = waiting === 1 ? 'sleeps' : 'sleep';
  if (stall.kind === 'batch') {
    const name = devices[stall.device]?.name ?? 'a device';
    const unrung = devices[stall.device]?.device.unrung ?? 0;
    return say(
      `${name} waits for itself: it was never told of ${requests(unrung)} it has mapped, and holds the semaphore that the rest sleeps for.`,
      name,
    );
  }
  // A burst may have filled the memory just now: then nothing is strange about their sleep.
  if (readout.used > readout.throttle.highThrottle) return null;
  const free = capital(freeWords(readout));
  const why =
    policy === 'wake-any'
      ? 'no unmap is left to wake anybody'
      : policy === 'wake-any-above'
        ? 'nothing is woken while the use is low'
        : 'the one wake-up was spent, and nothing crosses the threshold now';
  return sayNow(
    `${free} of the memory is free, yet ${sleepers} ${sleep} on: ${why}.`,
    null,
    freeAndWaiting,
    readout,
  );
}

/** All are woken, most in vain: the story even where maps fail meanwhile. */
export function ofHerd({ throttle, recent }: Readout): Sentence | null {
  const { wakeUps, vainWakeUps } = throttle.report;
  if (throttle.policy !== 'wake-all' || recent.waiting === 0) return null;
  if (wakeUps < ENOUGH_WAKE_UPS || vainWakeUps < VAIN * wakeUps) return null;
  return say(
    'All sleepers are woken at once for a few places; most run in vain and go back to the end of the queue.',
  );
}

/** Much is free, and still they wait for one. */
function ofHolder(readout: Readout, devices: readonly Named[]): Sentence | null {
  const { throttle, used, timeNs } = readout;
  const { holder, lowThrottle, waiting } = throttle;
  if (used > lowThrottle || throttle.semCount < 0 || waiting === 0) return null;
  const free = capital(freeWords(readout));
  const isLong = holder !== null && timeNs - holder.admittedNs >= NAMED_HOLD_NS;
  const wait = waiting === 1 ? 'waits' : 'wait';
  if (!isLong) {
    return sayNow(
      `${free} of the memory is free, yet requests wait: one at a time may hold the semaphore.`,
      null,
      freeAndWhether,
      readout,
    );
  }
  const name = devices[holder.device]?.name ?? 'a device';
  return sayNow(
    `${free} of the memory is free, yet ${requests(waiting)} ${wait}: ${name} holds the one semaphore until its unmap.`,
    name,
    freeAndWaiting,
    readout,
  );
}

/** The use has fallen, and who slept at its peak sleeps on: there is no holder to wait for. */
function ofLeftBehind(readout: Readout): Sentence | null {
  const { throttle, used } = readout;
  if (throttle.semCount >= 0 || throttle.waiting === 0) return null;
  if (used > throttle.lowThrottle) return null;
  const free = capital(freeWords(readout));
  return sayNow(
    `${free} of the memory is free, yet who slept at its peak still waits to be woken.`,
    null,
    freeAndWhether,
    readout,
  );
}

function waitWords({ throttle, failedMaps }: Readout): string {
  if (throttle.waiting === 0) {
    return 'Requests that may block have waited their turn above the threshold; nobody waits now.';
  }
  return failedMaps === 0
    ? 'Requests that may block wait their turn above the threshold; no map has failed.'
    : 'Requests that may block wait their turn above the threshold.';
}

/** Somebody has waited of late. */
export function ofThrottle(readout: Readout, devices: readonly Named[]): Sentence | null {
  const { throttle, recent, used, slots, hiwater } = readout;
  if (throttle.policy === 'none') return null;
  if (recent.waiting > 0) {
    return (
      ofHolder(readout, devices) ??
      ofLeftBehind(readout) ??
      sayNow(waitWords(readout), null, waitWords, readout)
    );
  }
  if (throttle.report.throttled === 0 || throttle.mayBlockDevices === 0) return null;
  return sayNow(
    `Nobody waits: ${shareWords(used, slots)} of the memory is taken; at its peak it was ${shareWords(hiwater, slots)}.`,
    null,
    freeAndWhether,
    readout,
  );
}

/** A recording is over, and the queue of its kernel is not. */
export function ofAsleepAtEnd(
  { throttle }: Readout,
  nameOf: (device: number) => string | undefined,
): Sentence | null {
  if (throttle.waiting === 0) return null;
  const { holder, waiters } = throttle;
  const own =
    holder && waiters.length > 0 && waiters.every(({ device }) => device === holder.device)
      ? nameOf(holder.device)
      : undefined;
  if (own !== undefined) {
    return say(
      `The recording ends with ${own} waiting for itself: it holds the semaphore that ${requests(throttle.waiting)} of its own ${throttle.waiting === 1 ? 'sleeps' : 'sleep'} for.`,
      own,
    );
  }
  return say(
    `The recording ends with ${requests(throttle.waiting)} asleep in the throttle; the model decided every time as the kernel had.`,
  );
}
