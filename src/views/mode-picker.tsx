import { useRef } from 'react';
import { GROWTH_MODES, modeOf, type GrowthMode } from '../engine/growth-mode.ts';
import { page } from '../store/the-page.ts';
import { focusGrid } from './grid-controls.ts';
import { Icon } from './icons.tsx';
import { MODE_WORDS } from './mode-words.ts';

interface RowProps {
  readonly mode: GrowthMode;
  readonly current: boolean;
  readonly pick: () => void;
}

function ModeRow({ mode, current, pick }: RowProps) {
  const { name, rule, price, from } = MODE_WORDS[mode];
  return (
    <li>
      <button type="button" aria-current={current} onClick={pick} data-testid={`mode-${mode}`}>
        <b>{name}</b>
        <span>{rule}</span>
        <span>
          Price: {price} <i className="mode-from">{from}.</i>
        </span>
      </button>
    </li>
  );
}

/** Which answer to a full pool the machine's kernel has; opens the list of the others. */
export function ModePicker() {
  const menu = useRef<HTMLDivElement>(null);
  const machine = page.use((state) => state.scenario?.machine);
  if (!machine) return null;
  const current = modeOf(machine);
  const pick = (mode: GrowthMode) => {
    page.opener.pickMode(mode);
    menu.current?.hidePopover();
    focusGrid();
  };
  return (
    <>
      <button
        type="button"
        className="policy-button"
        popoverTarget="modes"
        title="Pick another answer to a full pool"
        data-testid="mode"
      >
        <small>mode: {MODE_WORDS[current].name}</small>
        <Icon name="down" />
      </button>
      <div ref={menu} id="modes" className="policies" popover="auto">
        <h3 className="label">
          Answers to a full pool: picking one boots the machine again, under the same load
        </h3>
        <ul>
          {GROWTH_MODES.map((mode) => (
            <ModeRow key={mode} mode={mode} current={mode === current} pick={() => pick(mode)} />
          ))}
        </ul>
      </div>
    </>
  );
}
