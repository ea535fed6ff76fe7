/**
 * Who is throttled, and whom an unmap wakes: the RFC's rule and the alternatives argued for in its
 * thread, each a few pure functions of the throttle's state.
 *
 * Source of the rules: "Introduce swiotlb throttling", RFC of 22 August 2024, and the replies to it.
 * A rival has the flaws it was accused of: one that can lose a wake-up loses it.
 */
import type { Throttle, ThrottleWhy } from './throttle.ts';

export const POLICY_IDS = [
  'none',
  'rfc',
  'rfc-high-only',
  'wake-below',
  'wake-any',
  'wake-any-above',
  'wake-all',
  'timeout-grow',
] as const;
/** A throttling policy. `rfc` is the one that recordings of a real kernel show. */
export type PolicyId = (typeof POLICY_IDS)[number];

/** What a woken request does: on to the search, or back to sleep at either end of the queue. */
export type Recheck = 'go' | 'head' | 'tail';

/** One rule. None keeps state of its own: all of it is in the throttle. */
export interface ThrottlePolicy {
  readonly id: PolicyId;
  /** Count the semaphore begins with; 0 where nobody ever holds it and every throttled one sleeps. */
  readonly initialCount: 0 | 1;
  /** Whether a throttled request that sleeps gives up after a while and makes a pool of its own. */
  readonly timesOut: boolean;
  /** Whether a request is throttled, from one unlocked read of the use. */
  decide(throttle: Throttle, used: number): ThrottleWhy;
  /** A throttled request arrives. @returns whether it goes on at once. */
  enter(throttle: Throttle): boolean;
  /** A woken request runs. */
  recheck(throttle: Throttle, used: number): Recheck;
  /** Slots were freed: wakes whom the rule says. */
  freed(throttle: Throttle, before: number, after: number, throttled: boolean): void;
  /** A throttled request found no room. */
  failed(throttle: Throttle, used: number): void;
  /** A throttled request has its slots. */
  placed(throttle: Throttle, used: number): void;
}

const nothing = (): void => undefined;
const go = (): Recheck => 'go';
const above = ({ highThrottle }: Throttle, used: number): ThrottleWhy =>
  used > highThrottle ? 'high' : 'none';

/** Whether an unmap took the use from above the low threshold to it or below. */
function crossesBelow({ lowThrottle }: Throttle, before: number, after: number): boolean {
  return before > lowThrottle && after <= lowThrottle;
}

/** Mainline: `DMA_ATTR_MAY_BLOCK` means nothing. */
const none: ThrottlePolicy = {
  id: 'none',
  initialCount: 1,
  timesOut: false,
  decide: () => 'none',
  enter: () => true,
  recheck: go,
  freed: nothing,
  failed: nothing,
  placed: nothing,
};

/** The RFC: one holder at a time, until the unmap of its own mapping. */
const rfc: ThrottlePolicy = {
  id: 'rfc',
  initialCount: 1,
  timesOut: false,
  decide: (throttle, used) => {
    if (used > throttle.highThrottle) return 'high';
    return used > throttle.lowThrottle && throttle.semCount <= 0 ? 'low' : 'none';
  },
  enter: (throttle) => throttle.down(),
  recheck: go,
  freed: (throttle, _before, _after, throttled) => {
    if (throttled) throttle.up();
  },
  failed: (throttle) => throttle.up(),
  placed: nothing,
};

/** The RFC without its second check. */
const rfcHighOnly: ThrottlePolicy = { ...rfc, id: 'rfc-high-only', decide: above };

/** Sleepers wait for the use to cross the low threshold; one flag for all of them. */
const wakeBelow: ThrottlePolicy = {
  id: 'wake-below',
  initialCount: 0,
  timesOut: false,
  decide: above,
  enter: (throttle) => {
    throttle.flag = true;
    return throttle.down();
  },
  recheck: go,
  freed: (throttle, before, after) => {
    if (!crossesBelow(throttle, before, after) || !throttle.flag) return;
    throttle.flag = false;
    throttle.up();
  },
  failed: nothing,
  placed: nothing,
};

/** Every unmap lets one sleeper go, whatever it freed. */
const wakeAny: ThrottlePolicy = {
  id: 'wake-any',
  initialCount: 0,
  timesOut: false,
  decide: above,
  enter: () => false,
  recheck: go,
  freed: (throttle) => {
    throttle.wakeFirst();
  },
  failed: nothing,
  placed: nothing,
};

/** The same in the reviewer's wording: only while the use is above the threshold. */
const wakeAnyAbove: ThrottlePolicy = {
  ...wakeAny,
  id: 'wake-any-above',
  freed: (throttle, _before, after) => {
    if (after > throttle.highThrottle) throttle.wakeFirst();
  },
};

/** Everybody is woken at the crossing; who finds the use high again goes to the end of the queue. */
const wakeAll: ThrottlePolicy = {
  id: 'wake-all',
  initialCount: 0,
  timesOut: false,
  decide: above,
  enter: () => false,
  recheck: (throttle, used) => (used > throttle.highThrottle ? 'tail' : 'go'),
  freed: (throttle, before, after) => {
    if (!crossesBelow(throttle, before, after)) return;
    while (throttle.wakeFirst());
  },
  failed: nothing,
  placed: nothing,
};

/** Sleepers wait for room, each passing the word on, and for no longer than the time allowed. */
const timeoutGrow: ThrottlePolicy = {
  id: 'timeout-grow',
  initialCount: 0,
  timesOut: true,
  decide: above,
  enter: () => false,
  recheck: (throttle, used) => (used > throttle.highThrottle ? 'head' : 'go'),
  freed: (throttle, _before, after) => wakeForRoom(throttle, after),
  failed: wakeForRoom,
  placed: wakeForRoom,
};

function wakeForRoom(throttle: Throttle, used: number): void {
  if (used <= throttle.highThrottle) throttle.wakeFirst();
}

/** The policies by name. */
export const THROTTLE_POLICIES: { readonly [id in PolicyId]: ThrottlePolicy } = {
  none,
  rfc,
  'rfc-high-only': rfcHighOnly,
  'wake-below': wakeBelow,
  'wake-any': wakeAny,
  'wake-any-above': wakeAnyAbove,
  'wake-all': wakeAll,
  'timeout-grow': timeoutGrow,
};
