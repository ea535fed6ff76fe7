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

/** Which rule throttles, and which others could; picking one starts the run from its beginning. */
export function PolicyPicker({ policy }: { readonly policy: PolicyId }) {
  const menu = useRef<HTMLDivElement>(null);
  const isReplay = page.use((state) => state.replay !== null);
  const words = (
    <>
      policy {policy} · {POLICY_WORDS[policy].name}
    </>
  );
  if (isReplay) return <small title="As the recorded kernel ran">{words}</small>;
  return (
    <>
      <button
        type="button"
        className="policy-button"
        popoverTarget="policies"
        title="Pick another policy"
        data-testid="policy"
      >
        <small>{words}</small>
        <Icon name="down" />
      </button>
      <div ref={menu} id="policies" className="picker policies" popover="auto">
        <h3 className="label">Policies: picking one starts the run from its beginning</h3>
        <ul>
          {POLICY_IDS.map((id) => (
            <PolicyRow
              key={id}
              id={id}
              current={id === policy}
              pick={() => {
                page.opener.pickPolicy(id);
                menu.current?.hidePopover();
                focusGrid();
              }}
            />
          ))}
        </ul>
      </div>
    </>
  );
}
