import type { ExplainedSearch } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { Icon } from './icons.tsx';
import type { ScopeSteps } from './use-scope-steps.ts';
import { clock, duration, plural } from './words.ts';

/** What a screen reader is told: each step, but not each of those that are played. */
function Spoken({ words, playing }: { readonly words: string; readonly playing: boolean }) {
  return (
    <p className="hidden-text" aria-live="polite" data-testid="scope-said">
      {playing ? 'It plays.' : words}
    </p>
  );
}

interface StepButtonProps {
  readonly name: string;
  readonly icon: 'first' | 'back' | 'step' | 'last';
  readonly disabled: boolean;
  readonly press: () => void;
}

function StepButton({ name, icon, disabled, press }: StepButtonProps) {
  return (
    <button type="button" aria-label={name} title={name} aria-disabled={disabled} onClick={press}>
      <Icon name={icon} />
    </button>
  );
}

/** Steps, plays, and says where it stands. */
export function ScopeControls(props: {
  readonly search: ExplainedSearch;
  readonly steps: ScopeSteps;
  readonly words: string;
  readonly save: () => void;
}) {
  const { search, steps, words, save } = props;
  const { at, playing, go, toggle } = steps;
  const last = Math.max(0, steps.steps.length - 1);
  const reduced = page.use((state) => state.reducedMotion);
  const play = reduced ? 'Show all' : 'Play';
  return (
    <div className="scope-controls">
      <fieldset className="transport-buttons" aria-label="Steps of the search">
        <StepButton name="First look" icon="first" disabled={at <= 0} press={() => go(0)} />
        <StepButton name="One look back" icon="back" disabled={at <= 0} press={() => go(at - 1)} />
        <button
          type="button"
          className="play"
          aria-label={playing ? 'Pause' : play}
          title={`${playing ? 'Pause' : play} (Space)`}
          onClick={toggle}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <StepButton
          name="One look forward"
          icon="step"
          disabled={at >= last}
          press={() => go(at + 1)}
        />
        <StepButton name="Last look" icon="last" disabled={at >= last} press={() => go(last)} />
      </fieldset>
      <p className="scope-at">
        <b data-testid="scope-words">{words}</b>{' '}
        <small>
          {plural(search.probes, 'slot')} looked at in all,{' '}
          {duration(search.probes * search.slotNs)} at {search.slotNs} ns a slot, as modelled ·{' '}
          {search.when === 'now' ? 'it would go so at' : 'it went so at'} {clock(search.timeNs)}
        </small>
      </p>
      <Spoken words={words} playing={playing} />
      <button type="button" className="quiet" onClick={save}>
        Save as SVG
      </button>
    </div>
  );
}
