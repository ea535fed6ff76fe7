/** A throttle drawn by hand into a frame, for tests of what shows it. */
import {
  HEADER,
  PASSAGE,
  PASSAGE_FIELDS,
  REPORT,
  THROTTLE_WHYS,
  WAITER,
  WAITER_FIELDS,
  type FrameView,
} from '../engine/frame.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import type { ThrottleWhy } from '../model/throttle.ts';
import { frameFrom, type FrameArt } from './frame-art.ts';

export interface WaiterArt {
  readonly device?: number;
  readonly cpu?: number;
  readonly bytes?: number;
  readonly sinceNs: number;
  readonly why?: ThrottleWhy;
}

export interface PassageArt {
  readonly device?: number;
  readonly cpu?: number;
  readonly bytes?: number;
  readonly why?: ThrottleWhy;
  readonly arrivedNs: number;
  readonly admittedNs: number;
  readonly placedNs?: number;
  readonly releasedNs?: number;
  readonly slot?: number;
  readonly nslots?: number;
}

export interface ThrottleArt extends Omit<FrameArt, 'waiters' | 'passages'> {
  readonly policy?: PolicyId;
  readonly high?: number;
  readonly low?: number;
  readonly queue?: readonly WaiterArt[];
  /** All that sleep, where there are more than `queue` shows. */
  readonly waiting?: number;
  readonly passed?: readonly PassageArt[];
}

const BYTES = 65_536;

function writeWaiter(frame: FrameView, row: number, waiter: WaiterArt): void {
  const fields: Record<keyof typeof WAITER, number> = {
    serial: 100 + row,
    device: waiter.device ?? 0,
    cpu: waiter.cpu ?? 0,
    bytes: waiter.bytes ?? BYTES,
    sinceNs: waiter.sinceNs,
    why: THROTTLE_WHYS.indexOf(waiter.why ?? 'high'),
  };
  for (const [name, field] of Object.entries(WAITER)) {
    frame.waiters[row * WAITER_FIELDS + field] = fields[name as keyof typeof WAITER];
  }
}

const ANY_PASSAGE = {
  device: 0,
  cpu: 0,
  bytes: BYTES,
  why: 'high',
  placedNs: -1,
  releasedNs: -1,
  slot: 0,
  nslots: 32,
} as const;

function writePassage(frame: FrameView, row: number, passage: PassageArt): void {
  const said = { ...ANY_PASSAGE, ...passage };
  const isPlaced = said.placedNs >= 0;
  const fields: Record<keyof typeof PASSAGE, number> = {
    ...said,
    serial: 50 - row,
    why: THROTTLE_WHYS.indexOf(said.why),
    pool: isPlaced ? 0 : -1,
    slot: isPlaced ? said.slot : -1,
    nslots: isPlaced ? said.nslots : -1,
  };
  for (const [name, field] of Object.entries(PASSAGE)) {
    frame.passages[row * PASSAGE_FIELDS + field] = fields[name as keyof typeof PASSAGE];
  }
}

/** A frame whose throttle stands as said: `rfc` with the defaults unless it says otherwise. */
export function throttledFrame(art: ThrottleArt = {}): FrameView {
  const { policy = 'rfc', queue = [], passed = [] } = art;
  const frame = frameFrom({ ...art, waiters: queue.length, passages: passed.length });
  const { header } = frame;
  const slots = frame.counts.slots;
  const high = Math.floor(slots * 0.7);
  const low = Math.floor(slots * 0.65);
  const isHeld = passed.some(({ releasedNs = -1 }) => releasedNs < 0);
  header[HEADER.policy] = POLICY_IDS.indexOf(policy);
  header[HEADER.highThrottle] = art.high ?? high;
  header[HEADER.lowThrottle] = art.low ?? low;
  header[HEADER.defaultHigh] = high;
  header[HEADER.defaultLow] = low;
  header[HEADER.semCount] = policy.startsWith('rfc') ? (isHeld ? 0 : 1) : -1;
  header[HEADER.throttleWaiting] = art.waiting ?? queue.length;
  header[HEADER.starvedNs] = 100e6;
  header[HEADER.mayBlockDevices] = 1;
  frame.reports[REPORT.policy] = POLICY_IDS.indexOf(policy);
  queue.forEach((waiter, row) => writeWaiter(frame, row, waiter));
  passed.forEach((passage, row) => writePassage(frame, row, passage));
  return frame;
}
