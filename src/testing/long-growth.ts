/** A long run's growth, fed into the history as the engine feeds it: for tests and the bench. */
import { GrowthLog, type GrowthAttempt } from '../engine/growth-log.ts';
import { GrowthTotals } from '../engine/growth-totals.ts';
import { FIXED_SERIES, HEADER, HISTORY_BUCKETS, type FrameView } from '../engine/frame.ts';
import { History } from '../engine/history.ts';
import { frameFrom } from './frame-art.ts';

const BOOT_SLOTS = 2048;
const TRANSIENT_SLOTS = 32;

/** Attempts of each kind, as the log takes them. */
const SERVED = {
  what: 'pool',
  order: 4,
  zone: 4,
  from: 'DMA32',
  path: 'fast',
  migrated: 0,
} as const;
const REFUSED = { ...SERVED, from: null, path: 'failed' } as const;
const FREE = [9, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0];

type Kind = 'transient' | 'halved' | 'failed';

const REST = { freeBefore: FREE, costNs: 20_000 } as const;
const ATTEMPTS: Readonly<Record<Kind, Omit<GrowthAttempt, 'serial' | 'timeNs' | 'event'>>> = {
  transient: {
    ...REST,
    by: 'transient',
    tries: [SERVED],
    slots: TRANSIENT_SLOTS,
    converted: [0, 0, 0],
  },
  halved: { ...REST, by: 'worker', tries: [REFUSED, SERVED], slots: 1024, converted: [1, 0, 1] },
  failed: { ...REST, by: 'worker', tries: [REFUSED, REFUSED], slots: 0, converted: [0, 0, 0] },
};
/** The log forgets all but its newest: no others are given to it unless a plan says so. */
const LOGGED = 1000;

/** What stands beside the events, at the events that are named. */
export interface LongGrowthPlan {
  readonly events: number;
  readonly everyNs: number;
  /** The events at which an attempt to grow failed, and at which a map did. */
  readonly growthFailedAt: ReadonlySet<number>;
  readonly mapFailedAt: ReadonlySet<number>;
  /** Every so many events an order was refused and a smaller one got; 0 = never. */
  readonly halvedEvery: number;
  /** Whether the log takes in every attempt, as the engine's does; it forgets all but the newest. */
  readonly logsAll?: boolean;
}

/** What the history is filled from, and what it fills. */
export class LongGrowth {
  used = 0;
  readonly capacity = BOOT_SLOTS;
  hiwater = 0;
  transientSlots = 0;
  failedMaps = 0;
  readonly highThrottle = 0;
  readonly lowThrottle = 0;
  readonly throttleWaiting = 0;
  readonly deviceRows = new Float64Array(0);
  readonly totals = new GrowthTotals();
  readonly growth = this.totals.counts;
  readonly log = new GrowthLog();
  readonly history = new History(0, this);
  timeNs = 0;

  /** Makes every event of `plan` happen: an attempt each, and a map and an unmap. */
  run(plan: LongGrowthPlan): this {
    const { events, everyNs, growthFailedAt, mapFailedAt, halvedEvery, logsAll = false } = plan;
    for (let event = 0; event < events; event++) {
      this.timeNs = event * everyNs;
      this.history.advance(this.timeNs);
      const isHalved = halvedEvery > 0 && event % halvedEvery === 0;
      const fine = isHalved ? 'halved' : 'transient';
      this.#attempt(
        event,
        growthFailedAt.has(event) ? 'failed' : fine,
        logsAll || events - event <= LOGGED,
      );
      if (mapFailedAt.has(event)) this.failedMaps++;
      this.#use(event);
    }
    return this;
  }

  #attempt(event: number, kind: Kind, isLogged: boolean): void {
    const attempt = ATTEMPTS[kind];
    this.totals.add(attempt);
    this.totals.convert(attempt.converted[0]);
    if (isLogged) this.log.add({ ...attempt, timeNs: this.timeNs, event });
  }

  /** Use and transient slots that swing with periods of their own. */
  #use(event: number): void {
    this.transientSlots = (event % 3) * TRANSIENT_SLOTS;
    this.used = 1024 + (event % 997) + this.transientSlots;
    if (this.used > this.hiwater) this.hiwater = this.used;
    this.history.sample(this.used);
  }

  /** The run as the page sees it: two pools have been grown besides. */
  frame(): FrameView {
    this.history.showOpen();
    const frame = frameFrom({
      nslabs: BOOT_SLOTS,
      devices: 0,
      timeNs: this.timeNs,
      bucketNs: this.history.bucketNs,
      more: [1, 2].map((third) => {
        return { nslabs: 1024, kind: 'dynamic', bornNs: (this.timeNs * third) / 3 } as const;
      }),
    });
    for (let series = 0; series < FIXED_SERIES; series++) {
      const from = series * HISTORY_BUCKETS;
      frame.series(series).set(this.history.series.subarray(from, from + HISTORY_BUCKETS));
    }
    frame.header[HEADER.bucketsFilled] = this.history.filled;
    frame.header[HEADER.hiwater] = this.hiwater;
    return frame;
  }
}
