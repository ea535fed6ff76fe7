import { stepsOf, type ScopeStep } from '../draw/scope-steps.ts';
import type { ExplainedSearch } from '../store/reports.ts';
import { areaWords, stepWords } from './scope-words.ts';
import { count } from './words.ts';

/** Steps told of one area from its first on; of the others, but the last, only the number. */
const TOLD = 200;
/** A search of so few steps is read at once: its pictures leave room. */
const SHORT = 8;

function Looks(props: { readonly search: ExplainedSearch; readonly own: readonly ScopeStep[] }) {
  const { search, own } = props;
  const last = own.at(-1);
  const told = own.slice(0, TOLD);
  const hidden = own.length - told.length - 1;
  return (
    <ol>
      {told.map((step) => (
        <li key={step.look}>{stepWords(search, step)}</li>
      ))}
      {hidden > 0 && <li>{count(hidden)} more looks that ended in nothing.</li>}
      {last !== undefined && own.length > TOLD && <li>{stepWords(search, last)}</li>}
    </ol>
  );
}

/** The whole search as text: an area after the other, a look after the other. */
export function ScopeText({ search }: { readonly search: ExplainedSearch }) {
  const steps = stepsOf(search);
  return (
    <details className="scope-text" open={steps.length <= SHORT}>
      <summary>The search as text</summary>
      <ol>
        {search.seen.map((area, seen) => {
          const own = steps.filter((step) => step.seen === seen && step.look >= 0);
          return (
            <li key={`${area.walk.pool} ${area.walk.area}`}>
              {areaWords(search, area)}
              {own.length > 0 && <Looks search={search} own={own} />}
            </li>
          );
        })}
      </ol>
    </details>
  );
}
