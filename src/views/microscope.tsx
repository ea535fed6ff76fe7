import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { ExplainedSearch } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { Icon } from './icons.tsx';
import { ScopeLife } from './scope-life.tsx';
import { ScopeRail } from './scope-rail.tsx';
import { ScopeRequest } from './scope-request.tsx';
import { ScopeStage } from './scope-stage.tsx';
import { headline } from './scope-words.ts';
import { useScopeSteps, type ScopeSteps } from './use-scope-steps.ts';

/** Controls that need Space or the arrows themselves. */
const OWN_KEYS = 'button, input, select, summary, a';
const OWN_ARROWS = 'input, select';

/** Keys of the microscope: by looks, to the ends, and to play. */
function stepByKey(event: KeyboardEvent, { at, steps, go, toggle }: ScopeSteps): void {
  const { target, key } = event;
  if (!(target instanceof Element) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (target.matches(key === ' ' ? OWN_KEYS : OWN_ARROWS)) return;
  if (key === 'ArrowRight') go(at + 1);
  else if (key === 'ArrowLeft') go(at - 1);
  else if (key === 'Home') go(0);
  else if (key === 'End') go(steps.length - 1);
  else if (key === ' ') toggle();
  else return;
  event.preventDefault();
}

/** One search, and everything about it. */
function Search({ search }: { readonly search: ExplainedSearch }) {
  const steps = useScopeSteps(search);
  const body = useRef<HTMLDivElement>(null);
  // Not on a button: Space plays from the first moment on.
  useEffect(() => body.current?.focus(), []);
  return (
    // The keys are the dialog's own; each has its button, too.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={body}
      className="scope-body"
      tabIndex={-1}
      onKeyDown={(event) => stepByKey(event, steps)}
    >
      <ScopeStage search={search} steps={steps} />
      <ScopeRail search={search} steps={steps} />
    </div>
  );
}

/** How far a look back has come, and the way out of it. */
function Progress({ progress }: { readonly progress: number }) {
  return (
    <p className="scope-progress">
      <label>
        <span>The run is repeated up to that moment</span>
        <progress value={progress} max={1} />
      </label>
      <button type="button" className="quiet" onClick={() => page.microscope.cancel()}>
        Cancel
      </button>
    </p>
  );
}

/** The title: what is looked at, in one sentence. */
function Title() {
  const search = page.use((state) => state.scope.search);
  const life = page.use((state) => state.scope.life);
  if (search !== null) return headline(search);
  return life === null ? 'One decision' : `Who held slot ${life.at.slot.toLocaleString('en-US')}`;
}

/** One decision of the allocator, slot by slot, over the whole page. */
export function Microscope() {
  const panel = useRef<HTMLDialogElement>(null);
  const search = page.use((state) => state.scope.search);
  const progress = page.use((state) => state.scope.progress);
  const fault = page.use((state) => state.scope.fault);
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={panel}
      className="scope"
      aria-labelledby="scope-head"
      data-testid="microscope"
      onClose={() => {
        // Not when it was opened again meanwhile.
        if (panel.current?.open !== true) page.microscope.close();
      }}
    >
      <div className="scope-head">
        <p className="label">Microscope</p>
        <h2 id="scope-head">
          <Title />
        </h2>
        <button
          type="button"
          className="help-close"
          aria-label="Close"
          onClick={() => panel.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      {progress !== null && <Progress progress={progress} />}
      {fault !== null && (
        <p className="scope-fault" role="alert">
          {fault}
        </p>
      )}
      {search === null ? (
        <div className="scope-body bare">
          <div className="scope-more">
            <ScopeLife />
            <ScopeRequest />
          </div>
        </div>
      ) : (
        // Another search begins at its own end.
        <Search key={`${search.when} ${search.event} ${search.request.orig}`} search={search} />
      )}
    </dialog>
  );
}
