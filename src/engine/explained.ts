/** A search explained, as it crosses the worker's port. Plain data, of bounded size. */
import type { GrowthAttempt } from './growth-log.ts';
import type { GateReading } from './witness.ts';
import type { SlotRef } from './slot-story.ts';
import type { AreaWalk } from '../model/area-walk.ts';
import type { PassedPool, Renumbering, RequestTerms } from '../model/explain.ts';
import type { FailCause } from '../model/map-cursor.ts';

/** What to explain. */
export type ExplainAsk =
  /** What a request would meet now. `pages`: memory itself, by `swiotlb_alloc`. */
  | {
      readonly kind: 'request';
      readonly device: number;
      readonly cpu: number;
      /** Address of the data, and its bytes. */
      readonly orig: number;
      readonly size: number;
      readonly pages: boolean;
    }
  /** The map that made a mapping: its number in the run, and when it got its slots, virtual ns. */
  | { readonly kind: 'mapping'; readonly serial: number; readonly atNs: number }
  /** The first map that failed at or after a moment. */
  | { readonly kind: 'failure'; readonly atNs: number }
  /** Who held a slot since the run began. */
  | { readonly kind: 'life'; readonly at: SlotRef };

/** An area as a search met it, and its slots at that moment. */
export interface SeenArea {
  /** Its `looks` are empty where there were too many in all; `probes` counts on. */
  readonly walk: AreaWalk;
  readonly timeNs: number;
  readonly poolKind: string;
  /** Bus address of the pool's slot 0. */
  readonly base: number;
  /** A run may start at slots that leave this remainder by `request.every`. */
  readonly residue: number;
  /** Highest address of a run's end that the boundary rule has in view: where a run may not cross. */
  readonly boundaryPhase: number;
  /** `list` and owner byte (`OWNER_*` in frame.ts) of each slot of the area; null when too many. */
  readonly list: Uint8Array<ArrayBuffer> | null;
  readonly owner: Uint8Array<ArrayBuffer> | null;
}

/** A holder of a slot. Times are virtual ns. */
export interface Tenure {
  /** Number of the mapping in the run. */
  readonly serial: number;
  readonly device: number;
  readonly cpu: number;
  /** First slot of its run, padding included, and slots in all. */
  readonly first: number;
  readonly nslots: number;
  readonly size: number;
  /** 0 both ways, 1 to device, 2 from device, 3 memory that was allocated. */
  readonly direction: 0 | 1 | 2 | 3;
  readonly askedNs: number;
  readonly mappedNs: number;
  readonly copiedNs: number;
  /** -1: it holds them still. */
  readonly unmappedNs: number;
  /** Bytes copied to the slots, and back from them. */
  readonly copiedIn: number;
  readonly copiedBack: number;
}

/** A search, and what came of it. */
export interface ExplainedSearch {
  readonly kind: 'search';
  /** `now`: it would go so, nothing was taken. `then`: it went so. */
  readonly when: 'now' | 'then';
  /** When it ended, virtual ns, and after how many events. */
  readonly timeNs: number;
  readonly event: number;
  readonly device: number;
  readonly request: RequestTerms;
  /** The device's `min_align_mask`, and its segment boundary less 1; Infinity = none. */
  readonly minAlignMask: number;
  readonly segBoundary: number;
  /** Highest address it reaches. */
  readonly reach: number;
  /** At most `MAX_WALKS`, in order; `areas` counts all. */
  readonly seen: readonly SeenArea[];
  readonly areas: number;
  readonly probes: number;
  readonly passed: readonly PassedPool[];
  /** Pool and first slot of the run, padding included; -1 both when nothing was found. */
  readonly pool: number;
  readonly slot: number;
  readonly cause: FailCause;
  readonly renumbered: Renumbering | null;
  /** Slots of the transient pool that was made for it, 0 = none. */
  readonly transientSlots: number;
  /** It asked the growth worker for another pool. */
  readonly kicked: boolean;
  /** What was tried to get memory, in the event in which the search ended. */
  readonly attempts: readonly GrowthAttempt[];
  /** What its request read at the throttle's gate; empty where nothing is throttled. */
  readonly gate: readonly GateReading[];
  /** The mapping it made, as far as it had gone by the end of the search; null without one. */
  readonly tenure: Tenure | null;
  /** What the model charges for a slot that is looked at, ns. */
  readonly slotNs: number;
  /** Where reference search and decision differ, a sentence; null: they agree. */
  readonly disagreement: string | null;
}

/** The holders of a slot, the oldest first; at most `MAX_TENURES`, the newest. */
export interface SlotLife {
  readonly kind: 'life';
  readonly at: SlotRef;
  readonly fromNs: number;
  readonly untilNs: number;
  readonly tenures: readonly Tenure[];
  /** Holders in all, and the time it was held by them. */
  readonly count: number;
  readonly heldNs: number;
}

/** An answer, or one sentence on why there is none. */
export type Explained =
  ExplainedSearch | SlotLife | { readonly kind: 'none'; readonly sentence: string };

/** Areas of a search that are told, looks of all of them, and bytes of their slots. */
export const MAX_WALKS = 64;
export const MAX_ALL_LOOKS = 24_576;
export const MAX_SLOT_BYTES = 4 * 1024 * 1024;
export const MAX_TENURES = 200;
