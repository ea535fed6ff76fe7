import { useRef, useState } from 'react';
import type { PolicyId } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { focusGrid } from './grid-controls.ts';
import { Icon } from './icons.tsx';
import { PolicyRows } from './later.tsx';
import { POLICY_NAMES } from './policy-names.ts';

function Words({ policy }: { readonly policy: PolicyId }) {
  return (
    <small>
      policy {policy}
      <span className="wide"> · {POLICY_NAMES[policy]}</span>
    </small>
  );
}

/** Which rule throttles; in the head of the panel, where it opens the menu. */
export function PolicyButton({ policy }: { readonly policy: PolicyId }) {
  const isReplay = page.use((state) => state.replay !== null);
  if (isReplay) return <Words policy={policy} />;
  return (
    <button
      type="button"
      className="policy-button"
      popoverTarget="policies"
      title="Pick another policy"
      data-testid="policy"
    >
      <Words policy={policy} />
      <Icon name="down" />
    </button>
  );
}

/** Which others could; picking one starts the run from its beginning. */
export function PolicyMenu({ policy }: { readonly policy: PolicyId }) {
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const pick = (id: PolicyId) => {
    page.opener.pickPolicy(id);
    menu.current?.hidePopover();
    focusGrid();
  };
  return (
    <div
      ref={menu}
      id="policies"
      className="policies"
      popover="auto"
      onBeforeToggle={({ newState }) => setOpen(newState === 'open')}
    >
      <h3 className="label">Policies: picking one starts the run from its beginning</h3>
      {isOpen && <PolicyRows current={policy} pick={pick} />}
    </div>
  );
}
