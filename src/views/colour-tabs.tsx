import { COLOUR_MODES, type ColourMode } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { Choice } from './choice.tsx';

const nameOf = (mode: ColourMode) => mode.replace('-', ' ');

/** What the colours mean; keys 1 to 7. A phone has no room for tabs. */
export function ColourTabs() {
  const chosen = page.use((state) => state.colourMode);
  return (
    <>
      <fieldset className="tabs colour-tabs" aria-label="Colour by">
        <span className="label" aria-hidden="true">
          Colour by
        </span>
        {COLOUR_MODES.map((mode, index) => (
          <button
            key={mode}
            type="button"
            aria-pressed={mode === chosen}
            aria-keyshortcuts={String(index + 1)}
            onClick={() => page.look.setColourMode(mode)}
          >
            {nameOf(mode)}
            <sup aria-hidden="true">{index + 1}</sup>
          </button>
        ))}
      </fieldset>
      <div className="colour-choice">
        <Choice
          label=""
          hiddenLabel="Colour by"
          value={chosen}
          options={COLOUR_MODES}
          name={(mode) => `by ${nameOf(mode)}`}
          pick={(mode) => page.look.setColourMode(mode)}
        />
      </div>
    </>
  );
}
