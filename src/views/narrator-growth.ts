/** The narrator on a memory that grows: who fetches more, what was got, and what that leaves. */
import { wasRefused } from '../engine/growth-totals.ts';
import type { Readout } from '../store/readout.ts';
import type { GrowthAttempt } from '../store/reports.ts';
import { largestFree, orderBytes, poolTries } from './growth-words.ts';
import { speedOf, type NarratorFacts } from './narrator-opening.ts';
import { say, sayNow, shareWords, type Named, type Sentence } from './narrator-words.ts';
import { count, slotBytes } from './words.ts';

/** Wall seconds at the scenario's own speed for which an attempt is news. */
const NEWS_SECONDS = 4;
/** Memory that is shared already ran out: the point of it, told for so many times as long. */
const DRY_STANDS = 3;

/** What is said of growing, and of whom it came too late for. */
interface Growth {
  readonly readout: Readout;
  /** The newest attempt of the worker, or of a request that may sleep. */
  readonly lasting: GrowthAttempt | undefined;
  /** The newest pool of one request, got or not. */
  readonly transient: GrowthAttempt | undefined;
  /** Slots of the pools that were there at boot, and of those with all that stays. */
  readonly boot: number;
  readonly grown: number;
  /** What became of the devices that were turned away; empty where none was. */
  readonly fates: string;
  /** The device that was turned away most often. */
  readonly worst: string | null;
  /** Whether an attempt was made of late, `stands` times as long ago as news may be. */
  readonly isNew: (attempt: GrowthAttempt | undefined, stands?: number) => attempt is GrowthAttempt;
  readonly newsNs: number;
}

const slotsOf = ({ pools }: Readout, kind: string) =>
  pools.reduce((sum, pool) => sum + (pool.kind === kind ? pool.nslabs : 0), 0);

/** "from 4 MiB to 12 MiB" */
export function grownWords(readout: Readout): string | null {
  const boot = slotsOf(readout, 'default');
  const more = slotsOf(readout, 'dynamic');
  return more === 0 ? null : `from ${slotBytes(boot)} to ${slotBytes(boot + more)}`;
}

function turnedAway(devices: readonly Named[]): Pick<Growth, 'fates' | 'worst'> {
  const worst = devices.toSorted((a, b) => b.device.failedMaps - a.device.failedMaps)[0];
  const times = worst?.device.failedMaps ?? 0;
  if (!worst || times === 0) return { fates: '', worst: null };
  const often = times === 1 ? 'once' : `${count(times)} times`;
  return { fates: `${worst.name} was turned away ${often}`, worst: worst.name };
}

/** Requests in a hurry need memory that is shared already, and the coherent pools had no more. */
function ofDry({ transient, lasting, isNew, newsNs, fates, worst }: Growth): Sentence | null {
  if (!isNew(transient, DRY_STANDS) || transient.slots > 0 || fates === '') return null;
  const isDry = transient.tries.every(({ what, path }) => what === 'coherent' && path === 'failed');
  // A worker that comes much later belongs to another burst.
  const isOver = lasting !== undefined && lasting.timeNs - transient.timeNs > newsNs / 2;
  if (!isDry || isOver) return null;
  return say(
    `No room, and no time to share more: the coherent pools, kept ready for this, ran dry; ${fates}.`,
    worst,
  );
}

/** The worker came back with nothing: why, and who had to pay for it. */
function ofNothing({ lasting, isNew, fates, worst, boot, grown }: Growth): Sentence | null {
  if (!isNew(lasting) || lasting.slots > 0) return null;
  const tries = poolTries(lasting);
  const least = tries.reduce((order, one) => Math.min(order, one.order), Infinity);
  if (tries.length === 0) return null;
  const size = orderBytes(least);
  let why = 'the kernel keeps its last free memory in reserve';
  if (tries.some(({ unshared }) => unshared === true)) why = 'the host would not share it';
  else if (tries.every(({ from }) => from === 'CMA'))
    why = `its region has no ${size} left to give`;
  else if (largestFree(lasting.freeBefore) < least) why = `no free block is as large as ${size}`;
  const end = fates === '' ? `it stays at ${slotBytes(boot + grown)}` : fates;
  return say(`The memory is full and cannot grow, for ${why}: ${end}.`, worst);
}

/** Requests are helped one by one until the worker comes back. */
function ofBridge({ transient, lasting, isNew, readout }: Growth): Sentence | null {
  if (!isNew(transient) || transient.slots === 0 || readout.transientNslabs === 0) return null;
  if (lasting !== undefined && lasting.timeNs > transient.timeNs) return null;
  return say(
    'No room is left: each request gets a small pool for itself alone, until a kernel worker has fetched more memory.',
  );
}

/** The worker came back with memory that stays. */
function ofFetched({ lasting, isNew, readout, fates, worst }: Growth): Sentence | null {
  const sum = grownWords(readout);
  if (!isNew(lasting) || lasting.slots === 0 || sum === null) return null;
  const got = slotBytes(lasting.slots);
  const tries = poolTries(lasting);
  const moved = tries.reduce((pages, one) => pages + one.migrated, 0);
  const [first] = tries;
  const [calls, small] = lasting.converted;
  const late = fates === '' ? '' : `; meanwhile ${fates}`;
  if (tries.some(({ path }) => path === 'cma')) {
    const how = moved > 0 ? 'had other pages moved out of its region' : 'took it from its region';
    return say(`A kernel worker ${how} to fetch ${got}: the memory grew ${sum}${late}.`, worst);
  }
  if (first && wasRefused(first)) {
    const asked = orderBytes(first.order);
    return say(
      `A kernel worker asked for ${asked} and got ${got}: the memory grew ${sum}${late}.`,
      worst,
    );
  }
  const whole = calls > 0 && small === 0 ? ', shared in whole 2 MiB pages' : '';
  return say(
    `The memory was full, so a kernel worker fetched ${got}${whole}: it grew ${sum}${late}.`,
    worst,
  );
}

const takenWords = ({ used, slots }: Readout) => shareWords(used, slots);

/** Nothing is asked for any more, and nothing is given back. */
function ofGrown({ transient, isNew, readout }: Growth): Sentence | null {
  const sum = grownWords(readout);
  if (sum === null || (isNew(transient) && transient.slots === 0)) return null;
  const taken = `${takenWords(readout)} of it is taken`;
  return sayNow(
    `The memory has grown ${sum}; ${taken} now, and Linux gives no part of it back.`,
    null,
    takenWords,
    readout,
  );
}

/** What growing does for those who find no room; null where nothing has grown or tried to. */
export function ofGrowth(
  readout: Readout,
  devices: readonly Named[],
  { growth = [], scenario }: Pick<NarratorFacts, 'growth' | 'scenario'>,
): Sentence | null {
  if (growth.length === 0) return null;
  const newsNs = NEWS_SECONDS * speedOf(scenario) * 1e9;
  const facts: Growth = {
    readout,
    lasting: growth.findLast(({ by }) => by === 'worker' || by === 'request'),
    transient: growth.findLast(({ by }) => by === 'transient'),
    boot: slotsOf(readout, 'default'),
    grown: slotsOf(readout, 'dynamic'),
    ...turnedAway(devices),
    isNew: (attempt, stands = 1): attempt is GrowthAttempt =>
      attempt !== undefined && readout.timeNs - attempt.timeNs <= stands * newsNs,
    newsNs,
  };
  return ofDry(facts) ?? ofNothing(facts) ?? ofBridge(facts) ?? ofFetched(facts) ?? ofGrown(facts);
}
