import { stepsOf } from '../draw/scope-steps.ts';
import type { ExplainedSearch } from '../store/reports.ts';
import { areaWords, stepWords } from './scope-words.ts';
import { plural } from './words.ts';

/** Steps told of one area; the others are counted. */
const TOLD = 200;

/** The whole search as text: an area after the other, a look after the other. */
export function ScopeText({ search }: { readonly search: ExplainedSearch }) {
  const steps = stepsOf(search);
  return (
    <details className="scope-text">
      <summary>The search as text</summary>
      <ol>
        {search.seen.map((area, seen) => {
          const own = steps.filter((step) => step.seen === seen && step.look >= 0);
          return (
            <li key={`${area.walk.pool} ${area.walk.area}`}>
              {areaWords(search, area)}
              {own.length > 0 && (
                <ol>
                  {own.slice(0, TOLD).map((step) => (
                    <li key={step.look}>{stepWords(search, step)}</li>
                  ))}
                </ol>
              )}
              {own.length > TOLD && <p>{plural(own.length - TOLD, 'more look')} in this area.</p>}
            </li>
          );
        })}
      </ol>
    </details>
  );
}
