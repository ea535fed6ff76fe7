/** Whether two machines are of one age. */
import { NO_AGEING, type AgeingSpec } from '../engine/scenario.ts';

/** Left out: as booted. */
export function sameAge(one: AgeingSpec = NO_AGEING, other: AgeingSpec = NO_AGEING): boolean {
  return (
    one.uptimeHours === other.uptimeHours &&
    one.fill === other.fill &&
    one.kernelShare === other.kernelShare
  );
}
