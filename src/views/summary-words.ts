/** The picture in words: pools, then areas, then who holds how much. */
import { areaSummaries, poolSentence } from '../draw/summary.ts';
import { DEVICE, type FrameView } from '../engine/frame.ts';
import type { MachineSummary } from '../store/reports.ts';
import { count, percent } from './words.ts';

/** Areas told one by one; more than these are told as a range. */
const TOLD_AREAS = 8;

function areaWords(frame: FrameView, pool: number): string {
  const areas = areaSummaries(frame, pool);
  if (areas.length === 1) return '';
  if (areas.length <= TOLD_AREAS) {
    const shares = areas.map(({ area, used, slots }) => `${area} ${percent(used, slots)}`);
    return ` Areas: ${shares.join(', ')}.`;
  }
  const sorted = areas.toSorted((one, other) => one.used - other.used);
  const [least, most] = [sorted[0], sorted.at(-1)].map((area) =>
    percent(area?.used ?? 0, area?.slots ?? 0),
  );
  return ` Its areas are from ${least} to ${most} used.`;
}

/** One to a few sentences. */
export function summaryWords(frame: FrameView, machine: MachineSummary | null): string {
  const pools = Array.from(
    { length: frame.counts.pools },
    (_, pool) => poolSentence(frame, pool) + areaWords(frame, pool),
  );
  const holders = Array.from({ length: frame.counts.devices }, (_, row) => {
    const name = machine?.devices[row]?.name ?? `device ${row}`;
    return `${name} ${count(frame.device(row, DEVICE.slots))}`;
  });
  const held = holders.length > 0 ? `Slots held: ${holders.join(', ')}.` : '';
  return pools.length > 0 ? [...pools, held].join(' ') : 'There is no pool.';
}
