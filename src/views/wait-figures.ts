import type { ThrottleReadout } from '../store/throttle-readout.ts';

/** Whether there is a line of figures below the histogram of waits. */
export function hasWaitFigures({ waitsOver, report }: ThrottleReadout): boolean {
  return report.starved > 0 || waitsOver.some((waits) => waits > 0);
}
