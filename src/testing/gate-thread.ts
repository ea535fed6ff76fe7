/**
 * What a gate test is made of: the machine, what may happen to it, and the threads of control that
 * map. A thread stands between two steps of one request; others act between them.
 */
import { NO_DEMANDS, type DmaDemands } from '../model/device.ts';
import { MapCursor } from '../model/map-cursor.ts';
import { NO_PAGES, type PageSource } from '../model/page-source.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import type { LedgerMapping } from './slot-ledger.ts';

/** Threads that map. */
export const THREADS = 6;

/** A small machine; every field may be shrunk on its own. */
export interface GateDraw {
  readonly nareas: number;
  readonly areaSlots: number;
  readonly restrictedSlots: number;
  readonly dynamic: boolean;
  /** Of so many requests for pages, one is refused; 0 = none is. */
  readonly refuseEvery: number;
}

/** One entry of a request: its bytes, and where in 64 KiB its data lies. */
export interface GateEntry {
  readonly bytes: number;
  readonly orig: number;
}

/** A request, a scatter/gather list when it has several entries. */
export interface GateRequest {
  /** Index into `DEVICES`; the last one is the restricted pool's. */
  readonly device: number;
  readonly mayBlock: boolean;
  readonly allocAlign: number;
  readonly entries: readonly [GateEntry, ...GateEntry[]];
}

/** Something that happens. What is not possible at the time does not happen. */
export type GateOp =
  /** A thread takes up to `steps` steps; an idle one begins with the request. */
  | {
      readonly kind: 'run';
      readonly thread: number;
      readonly steps: number;
      readonly cpu: number;
      readonly request: GateRequest;
    }
  /** The next entry of a live list is unmapped; `late`: its throttle is told later, by a `tell`. */
  | { readonly kind: 'unmap'; readonly list: number; readonly late: boolean }
  | { readonly kind: 'tell'; readonly which: number }
  | { readonly kind: 'set'; readonly mem: number; readonly isHigh: boolean; readonly slots: number }
  | { readonly kind: 'giveUp'; readonly thread: number }
  | { readonly kind: 'grow' }
  | { readonly kind: 'close'; readonly mem: number };

/** Where a thread stands: what its next step is. */
export type ThreadState =
  | 'idle'
  | 'looking'
  | 'judging'
  | 'arriving'
  | 'asleep'
  | 'woken'
  | 'searching'
  | 'ending'
  | 'undoing';

export interface Thread {
  readonly cursor: MapCursor;
  state: ThreadState;
  cpu: number;
  request: GateRequest | null;
  ticket: number;
  /** Its request was throttled. */
  throttled: boolean;
  /** The use as it was when the thread looked. */
  seen: number;
  /** Entries mapped so far; while undoing, in the order of unmapping. */
  list: LedgerMapping[];
  /** Counts all goings to sleep; who slept in front then, and unmaps told since. */
  sleptAt: number;
  ahead: number;
  unmapsSince: number;
}

/** A thread with nothing to do. */
export function idleThread(): Thread {
  return {
    cursor: new MapCursor(),
    state: 'idle',
    cpu: 0,
    request: null,
    ticket: -1,
    throttled: false,
    seen: 0,
    list: [],
    sleptAt: 0,
    ahead: 0,
    unmapsSince: 0,
  };
}

/** Demands met in the machine: none, a page kept, 64 KiB kept, and one that reaches 1 GiB only. */
export const DEVICES: readonly DmaDemands[] = [
  NO_DEMANDS,
  { ...NO_DEMANDS, minAlignMask: 4095 },
  { ...NO_DEMANDS, minAlignMask: 65_535 },
  { ...NO_DEMANDS, dmaMask: 0x3fff_ffff },
  { ...NO_DEMANDS, minAlignMask: 4095 },
];

/** Builds the machine: a default pool far above 4 GiB, one restricted pool, and the devices. */
export function gateMachine(policy: PolicyId, draw: GateDraw): Swiotlb {
  const nslabs = draw.nareas * draw.areaSlots;
  const swiotlb = new Swiotlb({
    dynamic: draw.dynamic,
    search: 'fast',
    defaultNslabs: nslabs,
    defaultNareas: draw.nareas,
    canGrow: draw.dynamic,
    physLimit: 0xffff_ffff,
    forceBounce: true,
    pages: refusingPages(draw.refuseEvery),
    throttling: policy,
  });
  swiotlb.addPool({ base: 2 ** 36, nslabs, nareas: draw.nareas, kind: 'default' });
  const restricted = swiotlb.addRestricted(2 ** 40, draw.restrictedSlots * 2048);
  for (const [index, demands] of DEVICES.entries()) {
    swiotlb.addDevice(demands, index < DEVICES.length - 1 ? swiotlb.mem : restricted);
  }
  return swiotlb;
}

/** Blocks a mebibyte apart, never used again; every so many requests there is none. */
function refusingPages(refuseEvery: number): PageSource {
  let asked = 0;
  return {
    ...NO_PAGES,
    allocPages: () => {
      asked++;
      return refuseEvery > 0 && asked % refuseEvery === 0 ? -1 : 2 ** 24 + asked * 2 ** 20;
    },
    allocSlotArray: () => true,
  };
}
