/** What a page must know about a machine to name and draw it: said once, when it is loaded. */
import type { DeviceSpec } from './scenario.ts';

/** What the page must know about a device to name and draw it. */
export interface DeviceSummary {
  readonly name: string;
  readonly kind: string;
  readonly note: string;
  /** The restricted region it is confined to; left out for all others. */
  readonly region?: string;
  /** The driver can sleep in a map, and `dma_recommend_may_block` says that it should. */
  readonly mayBlock: boolean;
  readonly recommended: boolean;
  readonly minAlignMask: number;
  /** Mask, or the bus limit where there is one, as hex text: 0xffffffffffffffff fits no number. */
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
  /** Names of its restricted regions, as `POOL.region` counts them. Left out: none. */
  readonly regions?: readonly string[];
  /** False when boot left no pool at all. */
  readonly hasPool: boolean;
  readonly devices: readonly DeviceSummary[];
  /** Costs the model assumes, each with its source. */
  readonly costs: readonly CostLine[];
}

/** One assumed cost and where its value comes from. */
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
