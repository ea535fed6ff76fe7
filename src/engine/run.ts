/**
 * Something that runs in virtual time on the model: a simulation, or a recording played again. The
 * worker drives both through this one interface, and the frame writer shows both.
 */
import type { AreaLocks } from './area-locks.ts';
import type { History } from './history.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Ledger } from './ledger.ts';
import type { RunCosts } from './run-costs.ts';
import type { MachineSummary, ReplaySummary } from './summary.ts';
import type { ThrottleBook } from './throttle-book.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/** A run of slots in a pool. */
export interface SlotSpan {
  readonly pool: number;
  readonly slot: number;
  readonly nslots: number;
}

/** Where a replay and the kernel parted. */
export interface Difference {
  /** Line in the recording, header = 1. */
  readonly line: number;
  readonly event: number;
  readonly expected: string;
  readonly got: string;
  /** Where to look: the slots the kernel took and the slots the model took, if any. */
  readonly kernelAt: SlotSpan | null;
  readonly modelAt: SlotSpan | null;
}

/** What a replay has found so far. Counts only grow. */
export interface Verdict {
  readonly summary: ReplaySummary;
  readonly decisions: number;
  readonly differences: number;
  /** Slots taken over from the kernel because the recording did not show their map. */
  readonly adopted: number;
  /** Decisions whose recorded read of `used` differs from the replayed total: read without a lock. */
  readonly racyReads: number;
  /** The difference the run stands at; null while it agrees, and after `stepPast`. */
  readonly difference: Difference | null;
  /** Goes on behind `difference`: the next `step` or `runUntil` plays on. */
  stepPast(): void;
}

/** What the worker plays. Everything it shows is that of `timeNs`, after `event` events. */
export interface Run {
  /** Virtual time in ns, from 0 at the start of the run. Whole. */
  readonly timeNs: number;
  /** Events handled so far. */
  readonly event: number;
  /** When the run is over, in virtual ns; 0 when that is not known. */
  readonly endNs: number;
  /** Nothing more will happen. */
  readonly ended: boolean;
  readonly swiotlb: Swiotlb;
  readonly ledger: Ledger;
  readonly locks: AreaLocks;
  readonly history: History;
  readonly log: KernelLog;
  readonly throttle: ThrottleBook;
  /** What bouncing has cost so far; null in a replay, whose costs nobody modelled. */
  readonly books: RunCosts | null;
  /** The machine and its devices as they are now. */
  readonly machine: MachineSummary;
  /** What a replay has found; null in a simulation. */
  readonly verdict: Verdict | null;
  /** The same load under another policy, or a recording to compare with; null without one. */
  readonly shadow: Run | null;
  /** When the next event is due, in ns; Infinity when there is none. */
  nextTimeNs(): number;
  /** Handles one event. @returns false when nothing was left, or a difference bars the way. */
  step(): boolean;
  /**
   * Handles events up to and including `timeNs`, at most `maxEvents`, and sets the clock to
   * `timeNs` if they were all. Stops at a difference.
   *
   * @returns events handled.
   */
  runUntil(timeNs: number, maxEvents: number): number;
}
