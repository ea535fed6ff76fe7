import type { MachineSummary } from '../store/reports.ts';
import type { ThrottleReadout } from '../store/throttle-readout.ts';

/** Why a policy has nobody to act on; null where it has. */
export function whyNobodyBlocks(
  { policy, mayBlockDevices }: ThrottleReadout,
  machine: MachineSummary | null,
): string | null {
  if (policy === 'none' || mayBlockDevices > 0 || !machine) return null;
  if (!machine.hasPool) return 'Nothing is throttled: there is no pool.';
  if (!machine.encrypted && !machine.forceBounce) {
    return 'Nothing is throttled: dma_recommend_may_block is false, because devices here do not bounce by force. swiotlb=force makes them.';
  }
  return 'Nothing is throttled: no driver here may sleep in a map.';
}
