/**
 * What crosses the worker's port, both ways. Commands are checked field by field by the host
 * (`command-check.ts`): a bad one is answered with `refused` and changes nothing.
 */
import type { ColourMode } from '../engine/frame.ts';
import type { DeviceSpec, Scenario } from '../engine/scenario.ts';

/** How fast virtual time runs. */
export type Speed =
  /** One event at a time, so many a wall second (0.1 to 1,000). */
  | { readonly kind: 'events'; readonly perSecond: number }
  /** Virtual seconds a wall second (0.00001 to 10). */
  | { readonly kind: 'time'; readonly factor: number };

/** A slot of a pool, by the pool's id. */
export interface SlotRef {
  readonly pool: number;
  readonly slot: number;
}

/** The device controls that act on the running simulation at once. */
export type DeviceControl = 'ratePerSecond' | 'depth' | 'latencyUs' | 'burst' | 'readShare';

export type Command =
  /** Starts a scenario; the answer is `loaded`. */
  | { readonly kind: 'load'; readonly scenario: Scenario; readonly play: boolean }
  /** Starts a recording, plain or gzip'ed; answers `progress`, then `loaded` or `refused`. */
  | { readonly kind: 'replay'; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  /** One event forward. */
  | { readonly kind: 'step' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'speed'; readonly speed: Speed }
  /** Goes on behind a difference found by a replay. */
  | { readonly kind: 'step-past' }
  | {
      readonly kind: 'device';
      readonly device: number;
      readonly control: DeviceControl;
      readonly value: number;
    }
  /** debugfs: only `io_tlb_used_hiwater` accepts a write, and only of 0. */
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'colour'; readonly mode: ColourMode }
  /** Says what to report with each frame about one slot, until told otherwise. */
  | { readonly kind: 'hover'; readonly at: SlotRef | null }
  | { readonly kind: 'pin'; readonly at: SlotRef | null }
  /** Asks for the four fields of up to 4,096 slots with each frame, for a close look. */
  | { readonly kind: 'detail'; readonly from: SlotRef | null; readonly count: number }
  /** Hands a frame's buffer back to be refilled. No more than two are in flight. */
  | { readonly kind: 'frame'; readonly buffer: ArrayBuffer }
  /** Asks for the hash of the whole allocator state; answered by `hash`. */
  | { readonly kind: 'hash'; readonly id: number };

/** One line of the kernel log. */
export interface LogLine {
  readonly timeNs: number;
  /** The event that printed it. */
  readonly event: number;
  /** In the kernel's words, without the time stamp. */
  readonly text: string;
  readonly level: 'info' | 'warn' | 'err';
}

/** What the page must know about a device to name and draw it. */
export interface DeviceSummary {
  readonly name: string;
  readonly kind: string;
  readonly note: string;
  readonly mayBlock: boolean;
  readonly minAlignMask: number;
  /** As hex text, exactly as asked for: 0xffffffffffffffff does not fit a number. */
  readonly dmaMask: string;
  /** `swiotlb_max_mapping_size`, or null when the device is not limited. */
  readonly maxMappingBytes: number | null;
  /** Controls and their present values; null for a recorded device. */
  readonly spec: DeviceSpec | null;
}

/** The machine as booted. */
export interface MachineSummary {
  readonly memoryMiB: number | null;
  readonly cpus: number;
  readonly encrypted: boolean;
  readonly dynamic: boolean;
  readonly forceBounce: boolean;
  readonly commandLine: string;
  /** False when boot left no pool at all. */
  readonly hasPool: boolean;
  readonly devices: readonly DeviceSummary[];
  /** Costs the model assumes, each with its source. */
  readonly costs: readonly CostLine[];
}

export interface CostLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

/** A recording as opened. */
export interface ReplaySummary {
  readonly name: string;
  readonly kernel: string;
  readonly decisions: number;
  readonly events: number;
  /** Sentences on what was inferred, is missing or was lost; empty for a complete recording. */
  readonly remarks: readonly string[];
}

/** Everything about one slot, in the terms of the kernel's `struct io_tlb_slot`. */
export interface SlotStory {
  readonly at: SlotRef;
  readonly poolKind: string;
  readonly area: number;
  /** Bus address of the slot. */
  readonly bus: number;
  readonly list: number;
  /** Signed: the kernel's u64 can wrap below zero. */
  readonly allocSize: number;
  /** null = INVALID_PHYS_ADDR. */
  readonly origAddr: number | null;
  readonly padSlots: number;
  /** null when the slot is free. */
  readonly mapping: MappingStory | null;
}

/** The mapping a slot belongs to. */
export interface MappingStory {
  readonly id: number;
  readonly device: number;
  /** First slot, padding included, and slots in all. */
  readonly first: number;
  readonly nslots: number;
  readonly padSlots: number;
  readonly cpu: number;
  readonly origAddr: number;
  readonly size: number;
  readonly tlbAddr: number;
  /** 0 both ways, 1 to device, 2 from device. */
  readonly direction: 0 | 1 | 2;
  readonly mappedNs: number;
  /** Slots the kernel's search looked at, and areas it searched. */
  readonly probes: number;
  readonly areas: number;
}

/** The four kernel fields of slots in a row, parallel arrays. */
export interface SlotDetail {
  readonly from: SlotRef;
  readonly list: readonly number[];
  readonly allocSize: readonly number[];
  readonly origAddr: readonly (number | null)[];
  readonly padSlots: readonly number[];
}

/** Where a replay and the kernel parted. */
export interface Difference {
  /** Line in the recording, header = 1. */
  readonly line: number;
  readonly event: number;
  readonly expected: string;
  readonly got: string;
  /** Where to look: the slots the kernel took and the slots the model took, if any. */
  readonly kernelAt: {
    readonly pool: number;
    readonly slot: number;
    readonly nslots: number;
  } | null;
  readonly modelAt: {
    readonly pool: number;
    readonly slot: number;
    readonly nslots: number;
  } | null;
}

/** What a command may be refused for, so that the page can put the sentence in its place. */
export type RefusedCommand = Command['kind'] | 'unknown';

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
  /** New lines since the last report; `suppressed` counts those the rate limit swallowed in all. */
  | {
      readonly kind: 'log';
      readonly serial: number;
      readonly lines: readonly LogLine[];
      readonly suppressed: number;
    }
  | { readonly kind: 'hovered'; readonly story: SlotStory | null }
  | { readonly kind: 'pinned'; readonly story: SlotStory | null }
  | { readonly kind: 'detail'; readonly detail: SlotDetail | null }
  | { readonly kind: 'difference'; readonly difference: Difference | null }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'refused'; readonly command: RefusedCommand; readonly sentence: string }
  | { readonly kind: 'hash'; readonly id: number; readonly hash: string };
