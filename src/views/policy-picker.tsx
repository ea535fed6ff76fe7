import { useRef } from 'react';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import { page } from '../store/the-page.ts';
import { focusGrid } from './grid-controls.ts';
import { Icon } from './icons.tsx';
import { POLICY_WORDS } from './policy-words.ts';

interface RowProps {
  readonly id: PolicyId;
  readonly current: boolean;
  readonly pick: () => void;
}

function PolicyRow({ id, current, pick }: RowProps) {
  const { name, rule, breaks } = POLICY_WORDS[id];
  return (
    <li>
      <button type="button" aria-current={current} onClick={pick} data-testid={`policy-${id}`}>
        <b>
          <code>{id}</code> {name}
        </b>
        <span>{rule}</span>
        <span className="policy-breaks">Breaks: {breaks}</span>
      </button>
    </li>
  );
}

function Words({ policy }: { readonly policy: PolicyId }) {
  return (
    <small>
      policy {policy}
      <span className="wide"> · {POLICY_WORDS[policy].name}</span>
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
  const pick = (id: PolicyId) => {
    page.opener.pickPolicy(id);
    menu.current?.hidePopover();
    focusGrid();
  };
  return (
    <div ref={menu} id="policies" className="policies" popover="auto">
      <h3 className="label">Policies: picking one starts the run from its beginning</h3>
      <ul>
        {POLICY_IDS.map((id) => (
          <PolicyRow key={id} id={id} current={id === policy} pick={() => pick(id)} />
        ))}
      </ul>
    </div>
  );
}
