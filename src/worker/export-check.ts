/** What a worker that exports is asked, checked field by field. */
import { isRecord, numberFault, quoted } from '../engine/field-check.ts';
import type { recordFault } from '../engine/record-check.ts';
import type { checkScenario } from '../engine/scenario-check.ts';

const MOST = Number.MAX_SAFE_INTEGER;

/** The checks that the worker's first file has at hand, and hands in. */
export interface StoryChecks {
  readonly checkScenario: typeof checkScenario;
  readonly recordFault: typeof recordFault;
}

/** The first fault of a story of a run, or null. */
export function storyFault(story: unknown, checks: StoryChecks): string | null {
  if (!isRecord(story)) return `story is ${quoted(story)}; it must be an object`;
  const checked = checks.checkScenario(story['scenario']);
  if (checked.kind === 'faulty') return checked.faults[0] ?? 'the scenario has a fault';
  return checks.recordFault('story', story);
}

/** The first fault of a stretch of virtual time, or null. */
export function stretchFault({ fromNs, toNs }: Readonly<Record<string, unknown>>): string | null {
  return (
    numberFault('fromNs', fromNs, 0, MOST) ??
    numberFault('toNs', toNs, typeof fromNs === 'number' ? fromNs : 0, MOST)
  );
}
