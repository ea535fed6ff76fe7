/**
 * What crosses the worker's port, both ways. Commands are checked field by field by the host
 * (`command-check.ts`): a bad one is answered with `refused` and changes nothing.
 */
import type { BranchSummary } from '../engine/branches.ts';
import type { Explained, ExplainAsk } from '../engine/explained.ts';
import type { ColourMode } from '../engine/frame.ts';
import type { GrowthAttempt } from '../engine/growth-log.ts';
import type { LogLine } from '../engine/kernel-log.ts';
import type { MemoryNews } from '../engine/memory-news.ts';
import type { OwnReport } from '../engine/own-report.ts';
import type { RunRecord } from '../engine/repetition.ts';
import type { Difference } from '../engine/run.ts';
import type { Beside, DeviceControl, Scenario } from '../engine/scenario.ts';
import type { SlotDetail, SlotRef, SlotStory } from '../engine/slot-story.ts';
import type { MachineSummary, ReplaySummary } from '../engine/summary.ts';
import type { WhatIf } from '../engine/what-if.ts';

export type { BranchSummary } from '../engine/branches.ts';
export type {
  Explained,
  ExplainAsk,
  ExplainedSearch,
  SeenArea,
  SlotLife,
  Tenure,
} from '../engine/explained.ts';
export type { GrowthAttempt, GrowthTry } from '../engine/growth-log.ts';
export type { LogLine } from '../engine/kernel-log.ts';
export type {
  MemoryCma,
  MemoryCoherent,
  MemoryNews,
  MemoryPool,
  MemoryStretch,
  MemoryZone,
} from '../engine/memory-news.ts';
export type { WhatIf, WhatIfTry } from '../engine/what-if.ts';
export type { DeviceBuffers, OwnReport, OwnWait } from '../engine/own-report.ts';
export type { RunRecord } from '../engine/repetition.ts';
export type { Difference } from '../engine/run.ts';
export type { Change, JournalEntry } from '../engine/simulation.ts';
export type { GrowthMode } from '../engine/growth-mode.ts';
export type { Beside, DeviceControl, ThrottleSpec } from '../engine/scenario.ts';
export type { PolicyId } from '../model/throttle-policies.ts';
export type { MappingStory, SlotDetail, SlotRef, SlotStory } from '../engine/slot-story.ts';
export type { CostLine, DeviceSummary, MachineSummary, ReplaySummary } from '../engine/summary.ts';

/** How fast virtual time runs. */
export type Speed =
  /** One event at a time, so many a wall second (0.1 to 1,000). */
  | { readonly kind: 'events'; readonly perSecond: number }
  /** Virtual seconds a wall second (0.00001 to 10). */
  | { readonly kind: 'time'; readonly factor: number };

/** How a run came to where it stands: its scenario as it began, what was done, and the state then. */
export interface RunPast {
  readonly scenario: Scenario;
  readonly record: RunRecord;
  /** As `hash` answers at that moment. */
  readonly hash: string;
}

/** How far a step through time goes: `interesting` is what a person may want to see. */
export type Grain = 'event' | 'decision' | 'interesting' | 'tick';

/** How many slots were in use on a branch, as far as it was played. */
export interface PastLine {
  /** Of the branch. */
  readonly id: number;
  readonly name: string;
  /** Where it left the branch it came from, and how far it was played; virtual ns. */
  readonly forkNs: number;
  readonly endNs: number;
  readonly bucketNs: number;
  readonly filled: number;
  /** The first five rows of `SERIES`, `HISTORY_BUCKETS` each. */
  readonly series: Float32Array;
}

/** What the page can ask of the worker. */
export type Command =
  /**
   * Starts a scenario; the answer is `loaded`. With a record it is first brought to its moment: then
   * `progress` comes before, and what ran before goes on until then, or for good if it is refused.
   */
  | {
      readonly kind: 'load';
      readonly scenario: Scenario;
      readonly play: boolean;
      readonly record?: RunRecord;
    }
  /** Starts a recording, plain or gzip'ed; answers `progress`, then `loaded` or `refused`. */
  | { readonly kind: 'replay'; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  /** One event forward. */
  | { readonly kind: 'step' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'speed'; readonly speed: Speed }
  /**
   * Goes to a place of the run and stands there: behind so many events, at a moment, or where it was
   * played to. The newest one counts.
   */
  | { readonly kind: 'seek'; readonly to: 'event'; readonly event: number }
  | { readonly kind: 'seek'; readonly to: 'time'; readonly timeNs: number }
  | { readonly kind: 'seek'; readonly to: 'end' }
  /** One step through time, forward (1) or back (-1). */
  | { readonly kind: 'move'; readonly grain: Grain; readonly direction: 1 | -1 }
  /** Goes over to another branch of the run, gives one a name, or forgets one. */
  | { readonly kind: 'branch'; readonly act: 'switch' | 'delete'; readonly id: number }
  | {
      readonly kind: 'branch';
      readonly act: 'rename';
      readonly id: number;
      readonly name: string;
    }
  /** Goes on behind a difference found by a replay. */
  | { readonly kind: 'step-past' }
  | {
      readonly kind: 'device';
      readonly device: number;
      readonly control: DeviceControl;
      readonly value: number;
    }
  /** A write to a debugfs file; answered by `written`. */
  | { readonly kind: 'write'; readonly id: number; readonly file: string; readonly text: string }
  /** Runs the same scenario beside itself, with one thing changed, or stops doing so (null). */
  | { readonly kind: 'shadow'; readonly beside: Exclude<Beside, { kind: 'recording' }> | null }
  /** Runs a recording beside the scenario, plain or gzip'ed. */
  | { readonly kind: 'shadow-replay'; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly kind: 'colour'; readonly mode: ColourMode }
  /** Says what to report with each frame about one slot, until told otherwise. */
  | { readonly kind: 'hover'; readonly at: SlotRef | null }
  | { readonly kind: 'pin'; readonly at: SlotRef | null }
  /** Asks for the four fields of up to 4,096 slots with each frame, for a close look. */
  | { readonly kind: 'detail'; readonly from: SlotRef | null; readonly count: number }
  /** Has the map of memory told while it is on, and the pages of one of its cells (-1: of none). */
  | { readonly kind: 'memory-watch'; readonly on: boolean; readonly cell: number }
  /** Asks a copy of the page allocator whether growing would succeed now; answered by `what-if`. */
  | { readonly kind: 'what-if'; readonly id: number }
  /** Asks for `/proc/pagetypeinfo`; answered by `pagetypeinfo`. */
  | { readonly kind: 'pagetypeinfo'; readonly id: number }
  /** Asks for a search to be explained, or for nothing any more (null); answered by `explained`. */
  | { readonly kind: 'explain'; readonly id: number; readonly ask: ExplainAsk | null }
  /** Hands a frame's buffer back to be refilled. No more than two are in flight. */
  | { readonly kind: 'frame'; readonly buffer: ArrayBuffer }
  /** Asks how the run came to where it stands; answered by `recorded`. */
  | { readonly kind: 'record'; readonly id: number }
  /** Asks for the hash of the whole allocator state; answered by `hash`. */
  | { readonly kind: 'hash'; readonly id: number };

/** What a command may be refused for, so that the page can put the sentence in its place. */
export type RefusedCommand = Command['kind'] | 'unknown';

/** What the worker tells the page. */
export type Report =
  | {
      readonly kind: 'loaded';
      readonly serial: number;
      readonly machine: MachineSummary;
      readonly scenario: Scenario | null;
      readonly replay: ReplaySummary | null;
    }
  /** A `FrameView` buffer, transferred; hand it back. */
  | { readonly kind: 'frame'; readonly buffer: ArrayBuffer }
  /**
   * New lines since the last report, or all there are, because the run stands elsewhere (`anew`);
   * `suppressed` counts those the rate limit swallowed in all.
   */
  | {
      readonly kind: 'log';
      readonly serial: number;
      readonly anew: boolean;
      readonly lines: readonly LogLine[];
      readonly suppressed: number;
    }
  /** New attempts to grow since the last report, `count` of all, and `/proc/buddyinfo` as it is. */
  | {
      readonly kind: 'growth';
      readonly serial: number;
      /** The attempts are all that are kept, not only the new ones. */
      readonly anew: boolean;
      readonly attempts: readonly GrowthAttempt[];
      readonly count: number;
      readonly buddyinfo: string;
      /** Buffers with pages of their own; null where there is no such thing. */
      readonly own: OwnReport | null;
    }
  /** The map of memory, its buffer transferred; and the states of the pages asked for. */
  | {
      readonly kind: 'memory';
      readonly serial: number;
      readonly news: MemoryNews;
      readonly pages: { readonly cell: number; readonly states: Uint8Array } | null;
    }
  /** Null from a machine without a page allocator, as below. */
  | {
      readonly kind: 'what-if';
      readonly id: number;
      readonly serial: number;
      readonly answer: WhatIf | null;
    }
  | { readonly kind: 'pagetypeinfo'; readonly id: number; readonly text: string | null }
  /** How far the look back has come, 0 to 1; and its answer. */
  | { readonly kind: 'explaining'; readonly id: number; readonly progress: number }
  | { readonly kind: 'explained'; readonly id: number; readonly explained: Explained }
  /** Where the run stands, how far it was played, and its branches. */
  | {
      readonly kind: 'place';
      readonly serial: number;
      readonly event: number;
      readonly timeNs: number;
      readonly endEvent: number;
      readonly endNs: number;
      /** What makes the event one to go to, or'ed `MOMENT`; 0 = nothing. */
      readonly moments: number;
      /** Memory that going back takes. */
      readonly keyframes: { readonly bytes: number; readonly limitBytes: number };
      readonly branches: readonly BranchSummary[];
    }
  /** Usage on every branch that was left, and on this one as far as it was played. */
  | { readonly kind: 'pasts'; readonly serial: number; readonly lines: readonly PastLine[] }
  /** The past was changed: the run is on another branch from here on. */
  | {
      readonly kind: 'forked';
      readonly serial: number;
      readonly from: string;
      readonly to: string;
    }
  /** The controls as they are where the run was moved to. */
  | {
      readonly kind: 'moved';
      readonly serial: number;
      readonly machine: MachineSummary;
      readonly scenario: Scenario | null;
    }
  | { readonly kind: 'hovered'; readonly story: SlotStory | null }
  | { readonly kind: 'pinned'; readonly story: SlotStory | null }
  | { readonly kind: 'detail'; readonly detail: SlotDetail | null }
  | { readonly kind: 'difference'; readonly difference: Difference | null }
  /** What the kernel said to a write: null = done, else what a shell prints. */
  | { readonly kind: 'written'; readonly id: number; readonly sentence: string | null }
  /** What runs beside the run now. */
  | { readonly kind: 'shadowed'; readonly serial: number; readonly beside: Beside | null }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'refused'; readonly command: RefusedCommand; readonly sentence: string }
  | { readonly kind: 'hash'; readonly id: number; readonly hash: string }
  /** Null from a recording, which is its own record. */
  | { readonly kind: 'recorded'; readonly id: number; readonly past: RunPast | null };
