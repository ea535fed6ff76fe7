import { page } from '../store/the-page.ts';
import { count } from './words.ts';

/** Small costs need their digits, large ones do not. */
const figure = (value: number) => (value < 100 ? String(value) : count(value));

/** What the model assumes everything costs, and who says so. */
export function Costs() {
  const costs = page.use((state) => state.machine?.costs);
  if (!costs || costs.length === 0) return null;
  return (
    <details className="costs">
      <summary>Costs assumed ({costs.length})</summary>
      <dl>
        {costs.map(({ name, value, unit, source }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>{figure(value)}</b> {unit}
              <small>{source}</small>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
