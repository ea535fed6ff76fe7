import type { Swiotlb } from '../model/swiotlb.ts';
import type { Adoption } from './adoption.ts';
import type { Recording } from './recording.ts';
import type { ReplayPages } from './replay-pages.ts';
import type { ReplayDifference } from './replay-step.ts';
import type { ThrottleReplay } from './throttle-replay.ts';

/** What the parts of a recording's replay share. */
export interface ReplayContext {
  readonly recording: Recording;
  readonly swiotlb: Swiotlb;
  readonly pages: ReplayPages;
  /** Takes over what cannot be predicted; null for a recording without gaps, which needs none. */
  readonly adoption: Adoption | null;
  /** Addresses that the kernel gave where the model gave another, by the kernel's. */
  readonly alias: Map<number, number>;
  /** Slots of the pool memory that the kernel got, by base address. */
  readonly answered: Map<number, number>;
  /** The throttle; null for a kernel without one. */
  readonly throttle: ThrottleReplay | null;
}

/** A difference before it is known which event of the replay it is. */
export type Parting = Omit<ReplayDifference, 'line' | 'event'>;

/** A difference that no slot can be pointed at for. */
export function parting(expected: string, got: string): Parting {
  return { expected, got, kernelAt: null, modelAt: null };
}
