import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import { POLICY_NAMES } from './policy-names.ts';
import { POLICY_WORDS } from './policy-words.ts';

interface RowProps {
  readonly id: PolicyId;
  readonly current: boolean;
  readonly pick: () => void;
}

function PolicyRow({ id, current, pick }: RowProps) {
  const { rule, breaks } = POLICY_WORDS[id];
  return (
    <li>
      <button type="button" aria-current={current} onClick={pick} data-testid={`policy-${id}`}>
        <b>
          <code>{id}</code> {POLICY_NAMES[id]}
        </b>
        <span>{rule}</span>
        <span className="policy-breaks">Breaks: {breaks}</span>
      </button>
    </li>
  );
}

interface RowsProps {
  readonly current: PolicyId;
  readonly pick: (id: PolicyId) => void;
}

/** The policies to pick from, each with its rule and what that breaks. */
export function PolicyRows({ current, pick }: RowsProps) {
  return (
    <ul>
      {POLICY_IDS.map((id) => (
        <PolicyRow key={id} id={id} current={id === current} pick={() => pick(id)} />
      ))}
    </ul>
  );
}
