/** A search as steps that can be gone through one by one, and where its looks fell. */
import type { ExplainedSearch, SeenArea } from '../engine/explained.ts';
import type { Look } from '../model/area-walk.ts';

/** One step: a slot that was looked at, or an area that was not. */
export interface ScopeStep {
  /** Position in `search.seen`. */
  readonly seen: number;
  /** Position in the walk's `looks`; -1: the area was left at once, or its looks were too many. */
  readonly look: number;
  /** Slots looked at before this step, in all areas together. */
  readonly before: number;
}

/** The steps of a search, in order; none for a search that met no area. */
export function stepsOf({ seen }: ExplainedSearch): readonly ScopeStep[] {
  const steps: ScopeStep[] = [];
  let before = 0;
  seen.forEach(({ walk }, at) => {
    if (walk.looks.length === 0) steps.push({ seen: at, look: -1, before });
    walk.looks.forEach(({ probe }, look) => {
      steps.push({ seen: at, look, before: before + probe });
    });
    before += walk.probes;
  });
  return steps;
}

/** The look of a step; null for an area that was left at once. */
export function lookOf(search: ExplainedSearch, step: ScopeStep | undefined): Look | null {
  if (step === undefined) return null;
  return search.seen[step.seen]?.walk.looks[step.look] ?? null;
}

/** How many slots were met with each verdict. */
export interface Tally {
  readonly misaligned: number;
  readonly boundary: number;
  readonly short: number;
  readonly fits: number;
}

/** Counts the verdicts of all areas. */
export function tallyOf({ seen }: ExplainedSearch): Tally {
  const tally = { misaligned: 0, boundary: 0, short: 0, fits: 0 };
  for (const { walk } of seen) for (const look of walk.looks) tally[look.verdict] += look.count;
  return tally;
}

/** A slot that a search went past though enough slots are free from it on. */
export interface SteppedOver {
  readonly slot: number;
  readonly run: number;
  /** `unseen`: it would have done, and the stride or the wrap left it out. */
  readonly why: 'misaligned' | 'boundary' | 'unseen';
}

/**
 * The first slot, in the order of the search, with a run long enough that was not taken; null when
 * there is none. Behind the slot that was taken nothing was stepped over.
 */
export function steppedOver(search: ExplainedSearch, area: SeenArea): SteppedOver | null {
  const { walk, list } = area;
  if (list === null || walk.isLeft) return null;
  const { areaStart, areaSlots, index } = walk;
  const { slots, every } = search.request;
  const end = walk.found < 0 ? index : walk.found - areaStart;
  for (let gone = 0; gone < areaSlots; gone++) {
    const at = (index + gone) % areaSlots;
    if (at === end && (gone > 0 || walk.found >= 0)) break;
    const run = list[at] ?? 0;
    if (run < slots) continue;
    const slot = areaStart + at;
    if (slot % every !== area.residue) return { slot, run, why: 'misaligned' };
    const why = crosses(search, area, slot) ? 'boundary' : 'unseen';
    return { slot, run, why };
  }
  return null;
}

function crosses({ request, segBoundary }: ExplainedSearch, area: SeenArea, slot: number): boolean {
  if (segBoundary === Infinity) return false;
  const boundary = Math.floor(segBoundary / 2048) + 1;
  return ((slot + area.boundaryPhase) % boundary) + request.slots > boundary;
}

/** Start, counted from the area's first slot, and length of the longest free run; null when unknown. */
export function longestRun({ list }: SeenArea): { at: number; run: number } | null {
  if (list === null) return null;
  let at = 0;
  for (let slot = 1; slot < list.length; slot++) if ((list[slot] ?? 0) > (list[at] ?? 0)) at = slot;
  return { at, run: list[at] ?? 0 };
}
