/** Where the microscope stands in a search, and its playing. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { stepsOf, type ScopeStep } from '../draw/scope-steps.ts';
import type { ExplainedSearch } from '../store/reports.ts';
import { page } from '../store/the-page.ts';

/** A search is played within about so long, and a step stays so long at most. */
const PLAY_MS = 12_000;
const LONGEST_STEP_MS = 450;

export interface ScopeSteps {
  readonly steps: readonly ScopeStep[];
  readonly at: number;
  readonly playing: boolean;
  /** Goes to a step; beyond the ends it stays there. */
  readonly go: (step: number) => void;
  /** Plays from here, from the start if it stands at the end, or pauses. */
  readonly toggle: () => void;
}

/** The last step at which there are slots to be seen; the last of all where there is none. */
function openingStep(steps: readonly ScopeStep[]): number {
  const looked = steps.findLastIndex(({ look }) => look >= 0);
  return Math.max(0, looked < 0 ? steps.length - 1 : looked);
}

/** Begins at the end, where the whole search can be seen. */
export function useScopeSteps(search: ExplainedSearch): ScopeSteps {
  const steps = useMemo(() => stepsOf(search), [search]);
  const last = Math.max(0, steps.length - 1);
  const [at, setAt] = useState(() => openingStep(steps));
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return undefined;
    const begun = performance.now();
    const from = at;
    const stepMs = Math.min(LONGEST_STEP_MS, PLAY_MS / Math.max(1, steps.length));
    let frame = 0;
    const show = (now: number) => {
      const next = Math.min(last, from + Math.max(0, Math.floor((now - begun) / stepMs)));
      setAt(next);
      if (next >= last) setPlaying(false);
      else frame = requestAnimationFrame(show);
    };
    frame = requestAnimationFrame(show);
    return () => cancelAnimationFrame(frame);
    // Where it began to play is where it was then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [playing, last, steps.length]);
  const go = useCallback(
    (step: number) => {
      setPlaying(false);
      setAt(Math.max(0, Math.min(last, step)));
    },
    [last],
  );
  const toggle = useCallback(() => {
    // Who wants no motion sees all of it at once.
    if (page.state.reducedMotion) {
      setAt(last);
      return;
    }
    if (!playing && at >= last) setAt(0);
    setPlaying(!playing);
  }, [at, last, playing]);
  return { steps, at: Math.min(at, last), playing, go, toggle };
}
