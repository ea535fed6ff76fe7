import type { FailCause } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';

/** Slots of a pool, for pointing at them. */
export interface SlotSpan {
  /** `Pool.id`. */
  readonly pool: number;
  /** First slot, padding included where known. */
  readonly slot: number;
  readonly nslots: number;
}

/** Where the model and the kernel parted. */
export interface ReplayDifference {
  /** Line of the recording, the header being line 1. */
  readonly line: number;
  /** The event, counted from 1. */
  readonly event: number;
  /** What the kernel did, and what the model does. */
  readonly expected: string;
  readonly got: string;
  readonly kernelAt: SlotSpan | null;
  readonly modelAt: SlotSpan | null;
}

export type ReplayStepKind =
  | 'map'
  | 'unmap'
  | 'sync'
  /** The growth worker began to run. */
  | 'worker'
  /** Memory for a pool was asked for or answered. */
  | 'pool-memory'
  | 'pool-added'
  | 'pool-freed'
  /** A map that was still blocked when the recording ended. */
  | 'unfinished'
  /** A threshold of the throttle was set. */
  | 'threshold'
  /** A scatter/gather list was given up. */
  | 'list-failed'
  /**
   * A moment between or behind the steps of an event, which counts as none: a request went to sleep
   * or got the semaphore, the semaphore was given back, or the use was compared.
   */
  | 'moment';

/** One recorded event or moment, replayed. The same object is filled again for each. */
export interface ReplayStep {
  /** Events done by then. */
  event: number;
  line: number;
  kind: ReplayStepKind;
  /** When it happened, in seconds of the recorded clock. */
  time: number;
  /** Index into the recording's devices. */
  device: number;
  cpu: number;
  /** Bytes mapped or unmapped; 0 for pool events. */
  size: number;
  /** 0 both ways, 1 to device, 2 from device. */
  direction: number;
  /** Address of the data, or -1. */
  orig: number;
  /** Bus address: the model's for a map (-1 = it failed), the recorded one for an unmap. */
  tlb: number;
  /** What the model took or freed; null when nothing. */
  pool: Pool | null;
  slot: number;
  nslots: number;
  padSlots: number;
  /** Of a map: slots the kernel's scan looks at, areas searched, and why it failed. */
  probes: number;
  areas: number;
  cause: FailCause;
  /** Whether the mapping is marked as that of a throttled request. */
  throttled: boolean;
  /** Slots of this event taken over from the kernel. */
  adopted: number;
  difference: ReplayDifference | null;
}

/** A step with nothing in it yet. */
export function emptyStep(): ReplayStep {
  return {
    event: 0,
    line: 0,
    kind: 'map',
    time: 0,
    device: 0,
    cpu: 0,
    size: 0,
    direction: 0,
    orig: -1,
    tlb: -1,
    pool: null,
    slot: -1,
    nslots: 0,
    padSlots: 0,
    probes: 0,
    areas: 0,
    cause: 'none',
    throttled: false,
    adopted: 0,
    difference: null,
  };
}

/** An address as sentences show it. */
export function hex(addr: number): string {
  return `0x${addr.toString(16)}`;
}
