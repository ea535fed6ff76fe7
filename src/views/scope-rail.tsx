import type { ReactNode } from 'react';
import type { ExplainedSearch, SeenArea } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { hueOf } from './hue.ts';
import { ScopeLife } from './scope-life.tsx';
import { ScopeRequest } from './scope-request.tsx';
import {
  consequences,
  gateWords,
  orderWords,
  requestRows,
  rules,
  steppedOverWords,
  strideWords,
  tallyRows,
} from './scope-words.ts';
import type { ScopeSteps } from './use-scope-steps.ts';
import { count, plural } from './words.ts';

/** The same marks as in the drawing. */
const GLYPHS = {
  misaligned: <path d="M2 6h8" stroke="var(--ink)" strokeWidth="2" />,
  boundary: <path d="M4 2v8m4-8v8" stroke="var(--ink)" strokeWidth="2" />,
  short: <path d="m2 2 8 8m0-8-8 8" stroke="var(--ink)" strokeWidth="1.5" />,
  fits: <circle cx="6" cy="6" r="5" fill="var(--accent)" />,
} as const;

function Part({ head, children }: { readonly head: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{head}</h3>
      {children}
    </section>
  );
}

function Sentences({ list }: { readonly list: readonly string[] }) {
  return (
    <ul className="scope-list">
      {list.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

function Request({ search }: { readonly search: ExplainedSearch }) {
  const name = page.use((state) => state.machine?.devices[search.device]?.name ?? 'unknown');
  return (
    <Part head="Request">
      <dl className="scope-rows">
        {requestRows(search, name).map(([row, value, more]) => (
          <div key={row}>
            <dt>{row}</dt>
            <dd>
              {row === 'device' && (
                <i className="swatch" style={{ background: hueOf(search.device) }} />
              )}{' '}
              {value} {more !== '' && <small>{more}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Tally({ search }: { readonly search: ExplainedSearch }) {
  return (
    <Part head={`${plural(search.probes, 'slot')} looked at`}>
      <ul className="scope-tally">
        {tallyRows(search).map(({ verdict, words, value }) => (
          <li key={verdict}>
            <svg width="12" height="12" aria-hidden="true">
              {GLYPHS[verdict]}
            </svg>{' '}
            {words} <b>{count(value)}</b>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** What became of an area, as short as a row of the rail. */
function areaEnd({ walk }: SeenArea, slots: number): string {
  if (walk.isLeft) return `${count(walk.areaSlots - walk.used)} free < ${count(slots)}: left`;
  if (walk.found >= 0) return `found after ${count(walk.probes)}`;
  return `${count(walk.probes)} in vain, longest ${count(walk.longestRun)}`;
}

/** The areas in the order of the search; each leads to its first look. */
function Areas({
  search,
  steps,
}: {
  readonly search: ExplainedSearch;
  readonly steps: ScopeSteps;
}) {
  const now = steps.steps[steps.at]?.seen;
  const { passed, seen } = search;
  const isMany = new Set(seen.map(({ walk }) => walk.pool)).size > 1 || passed.length > 0;
  return (
    <Part head="Areas, in order">
      <ol className="scope-areas">
        {seen.map((area, at) => {
          const { walk } = area;
          const mine = steps.steps.findLastIndex((step) => step.seen === at);
          return (
            <li key={`${walk.pool} ${walk.area}`}>
              <button
                type="button"
                className="quiet"
                aria-pressed={now === at}
                onClick={() => steps.go(mine)}
              >
                {isMany && `pool ${walk.pool} `}area {walk.area}
              </button>{' '}
              <span>{areaEnd(area, search.request.slots)}</span>
              {passed
                .filter(({ before }) => before === at + 1)
                .map(({ pool, nareas, turn }) => (
                  <small key={`${pool} ${turn}`}>
                    then pool {pool} passed over: {plural(nareas, 'area')} only
                  </small>
                ))}
            </li>
          );
        })}
      </ol>
      {search.areas > seen.length && (
        <p className="prose">{plural(search.areas - seen.length, 'more area')} searched.</p>
      )}
    </Part>
  );
}

/** Everything about the search that is no drawing. */
export function ScopeRail(props: { readonly search: ExplainedSearch; readonly steps: ScopeSteps }) {
  const { search, steps } = props;
  const area = search.seen[steps.steps[steps.at]?.seen ?? -1];
  const gate = gateWords(search);
  const orders = orderWords(search);
  return (
    <aside className="scope-rail" aria-label="About this search">
      <Request search={search} />
      {gate.length > 0 && (
        <Part head="At the throttle’s gate">
          <Sentences list={gate} />
        </Part>
      )}
      <Part head="A slot fits when">
        <ol className="scope-list">
          {rules(search).map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ol>
        <p className="prose">{strideWords(search)}</p>
      </Part>
      <Areas search={search} steps={steps} />
      <Tally search={search} />
      <Part head={search.when === 'now' ? 'Then it would be so' : 'Then'}>
        <Sentences list={consequences(search)} />
      </Part>
      {orders.length > 0 && (
        <Part head="Memory tried for a pool">
          <Sentences list={orders} />
        </Part>
      )}
      {area !== undefined && (
        <Part head="Stepped over">
          <p className="prose">{steppedOverWords(search, area)}</p>
        </Part>
      )}
      {search.disagreement !== null && (
        <p className="scope-fault" role="alert">
          This explanation and the decision differ: {search.disagreement}.
        </p>
      )}
      <ScopeLife />
      <ScopeRequest />
      <p className="label">
        <code>swiotlb_search_pool_area()</code>, kernel/dma/swiotlb.c, Linux 6.12.
      </p>
    </aside>
  );
}
