/**
 * The last stretch of a run: what happens now, as opposed to what ever happened.
 *
 * A frame's history knows how full the memory was and how many maps failed, for everybody together.
 * Who failed is known by comparing with an earlier readout, and whether a memory that swings about a
 * threshold counts as full depends on what it counted as before: `RecentPast` remembers both.
 */
import { DEVICE, FIXED_SERIES, HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import type { Readout } from './readout.ts';

export interface RecentReadout {
  /** Virtual ns the stretch spans; 0 when the history is still empty. */
  readonly spanNs: number;
  readonly failures: number;
  /** The most requests that slept in the throttle at a time. */
  readonly waiting: number;
  /** Mean of the slots in use, of everybody and of each device. */
  readonly used: number;
  readonly slotsBy: readonly number[];
  /** Whether the memory counts as nearly full. */
  readonly nearlyFull: boolean;
  /** Maps that bounced in about this stretch, and failures of each device. */
  readonly maps: number;
  readonly failuresBy: readonly number[];
}

/** How much of the past counts as "now": a fiftieth of the run, at least 20 virtual ms. */
const RECENT_SHARE = 50;
const RECENT_MIN_NS = 20e6;
/** Shares of the slots at which the memory begins and ceases to count as nearly full. */
const ENTER_FULL = 0.8;
const LEAVE_FULL = 0.65;

function windowNs(timeNs: number): number {
  return Math.max(RECENT_MIN_NS, timeNs / RECENT_SHARE);
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function highestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

type Stretch = Pick<RecentReadout, 'spanNs' | 'failures' | 'waiting' | 'used' | 'slotsBy'>;

function stretchOf(frame: FrameView): Stretch {
  const filled = frame.head(HEADER.bucketsFilled);
  const bucketNs = frame.head(HEADER.bucketNs);
  const devices = Array.from({ length: frame.counts.devices }, (_, row) => row);
  if (filled === 0 || bucketNs === 0) {
    const slotsBy = devices.map((row) => frame.device(row, DEVICE.slots));
    const used = frame.head(HEADER.used);
    const waiting = frame.head(HEADER.throttleWaiting);
    return { spanNs: 0, failures: 0, waiting, used, slotsBy };
  }
  const wanted = Math.ceil(windowNs(frame.head(HEADER.timeNs)) / bucketNs);
  const buckets = Math.min(filled, wanted);
  const last = (series: number) => frame.series(series).subarray(filled - buckets, filled);
  return {
    spanNs: buckets * bucketNs,
    failures: Math.round(mean(last(SERIES.failures)) * buckets),
    waiting: highestOf(last(SERIES.waiting)),
    // A bucket knows its least and its most.
    used: (mean(last(SERIES.usedMin)) + mean(last(SERIES.usedMax))) / 2,
    slotsBy: devices.map((row) => mean(last(FIXED_SERIES + row))),
  };
}

/** The last stretch as far as one frame tells: who failed is counted from the beginning. */
export function recentOf(frame: FrameView, failuresBy: readonly number[]): RecentReadout {
  const stretch = stretchOf(frame);
  const { slots } = frame.counts;
  return {
    ...stretch,
    nearlyFull: slots > 0 && stretch.used >= ENTER_FULL * slots,
    maps: frame.head(HEADER.maps),
    failuresBy,
  };
}

/** What is kept of an earlier readout. */
interface Mark {
  readonly timeNs: number;
  readonly maps: number;
  readonly failedBy: readonly number[];
}

/** Marks kept a window: the window's begin is known to this part of it. */
const MARKS = 8;

export class RecentPast {
  #marks: Mark[] = [];
  #nearlyFull = false;

  /** Forgets the run so far: another one begins. */
  forget(): void {
    this.#marks = [];
    this.#nearlyFull = false;
  }

  /** The readout with its recent part counted from a moment that is not long past. */
  refine(readout: Readout): Readout {
    const { recent, slots } = readout;
    this.#remember(readout);
    const [from] = this.#marks;
    this.#nearlyFull = recent.used >= (this.#nearlyFull ? LEAVE_FULL : ENTER_FULL) * slots;
    const failuresBy = readout.devices.map(
      ({ failedMaps }, row) => failedMaps - (from?.failedBy[row] ?? 0),
    );
    return {
      ...readout,
      recent: {
        ...recent,
        nearlyFull: slots > 0 && this.#nearlyFull,
        maps: readout.maps - (from?.maps ?? 0),
        failuresBy,
      },
    };
  }

  #remember({ timeNs, maps, devices }: Readout): void {
    const last = this.#marks.at(-1);
    if (last && timeNs < last.timeNs) this.forget();
    // Before the first mark nothing had happened.
    if (this.#marks.length === 0) this.#marks.push({ timeNs: 0, maps: 0, failedBy: [] });
    const spanNs = windowNs(timeNs);
    const newest = this.#marks.at(-1);
    if (newest && timeNs - newest.timeNs >= spanNs / MARKS) {
      this.#marks.push({ timeNs, maps, failedBy: devices.map(({ failedMaps }) => failedMaps) });
    }
    // The youngest mark that is a window old is where the window begins.
    while ((this.#marks[1]?.timeNs ?? Infinity) <= timeNs - spanNs) this.#marks.shift();
  }
}
