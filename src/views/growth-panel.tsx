import { memo } from 'react';
import { factsOf } from '../engine/growth-mode.ts';
import { wasRefused } from '../engine/growth-totals.ts';
import type { GrowthAttempt } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import {
  convertedWords,
  gotWords,
  MAKER_MEANINGS,
  MAKERS,
  poolTries,
  tryWords,
  unusedWords,
} from './growth-words.ts';
import { ModePicker } from './mode-picker.tsx';
import { clock, count, duration } from './words.ts';

/** Orders in the order in which they were tried; the refused ones with a cross. */
function Orders({ attempt }: { readonly attempt: GrowthAttempt }) {
  return (
    <span className="orders">
      order{' '}
      {poolTries(attempt).map((one, index) => (
        // The same order may be asked for twice, of two zones.
        // oxlint-disable-next-line react/no-array-index-key
        <b key={`${one.order}-${index}`} className={wasRefused(one) ? 'fault' : ''}>
          {one.order}
          {wasRefused(one) && <i aria-hidden="true">✕</i>}
          {wasRefused(one) && <span className="hidden-text"> refused</span>}{' '}
        </b>
      ))}
    </span>
  );
}

/** Free blocks of all zones together, by order. */
function FreeBefore({ free }: { readonly free: readonly number[] }) {
  return (
    <table className="free-blocks">
      <caption>Free blocks by order before it, all zones</caption>
      <thead>
        <tr>
          {free.map((_, order) => (
            // oxlint-disable-next-line react/no-array-index-key -- an order is its place
            <th key={order} scope="col">
              {order}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {free.map((blocks, order) => (
            // oxlint-disable-next-line react/no-array-index-key -- an order is its place
            <td key={order}>{count(blocks)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Opened({ attempt }: { readonly attempt: GrowthAttempt }) {
  const unused = unusedWords(attempt);
  return (
    <div className="attempt-more">
      <p>{MAKER_MEANINGS[attempt.by]}.</p>
      <FreeBefore free={attempt.freeBefore} />
      <ol>
        {attempt.tries.map((one, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- tries never change order
          <li key={index}>{tryWords(one, attempt)}</li>
        ))}
      </ol>
      {unused !== null && <p>{unused}</p>}
    </div>
  );
}

const Attempt = memo(function Attempt({ attempt }: { readonly attempt: GrowthAttempt }) {
  const { timeNs, by, slots, converted, costNs } = attempt;
  const conversions = convertedWords(converted);
  return (
    <li data-testid="attempt">
      <details>
        <summary>
          <span className="attempt-head">
            <time>{clock(timeNs)}</time> <b title={MAKER_MEANINGS[by]}>{MAKERS[by]}</b>
            <span className={slots > 0 ? 'got' : 'got fault'}>
              {slots === 0 && <i aria-hidden="true">✕ </i>}
              {gotWords(attempt)}
            </span>
          </span>
          <span className="attempt-foot">
            <Orders attempt={attempt} />
            <span title="What the model charges for it; see the costs assumed">
              {conversions && `${conversions} · `}
              {duration(costNs)} modelled
            </span>
          </span>
        </summary>
        <Opened attempt={attempt} />
      </details>
    </li>
  );
});

/** What stands in the list's place: what it waits for, or why it stays empty. */
function NoAttempt({ grows }: { readonly grows: boolean }) {
  return (
    <p className="prose">
      {grows
        ? 'When the pool is full, each attempt to get more memory stands here.'
        : 'In this mode the pool never grows: a full one stays full until a buffer goes back. Pick another mode to see it grow.'}
    </p>
  );
}

/** Every attempt to get more memory, newest first; one can be opened. */
export function GrowthPanel() {
  const growth = page.use((state) => state.growth);
  const total = page.use((state) => state.growthCount);
  const grows = page.use(({ scenario }) => scenario === null || factsOf(scenario.machine).dynamic);
  const none = grows ? 'no attempt yet' : 'none in this mode';
  const shown =
    total > growth.length ? `newest ${count(growth.length)} of ${count(total)}` : count(total);
  return (
    <section className="growth" aria-labelledby="growth-head">
      <h2 id="growth-head">
        Growth <small>{total === 0 ? none : `${shown} attempts, newest first`}</small>
      </h2>
      <ModePicker />
      {total === 0 ? (
        <NoAttempt grows={grows} />
      ) : (
        <>
          <p className="label">Order n is a block of 2ⁿ pages; 8 is 1 MiB</p>
          <ol className="attempts" aria-label="Attempts to grow">
            {growth.toReversed().map((attempt) => (
              <Attempt key={attempt.serial} attempt={attempt} />
            ))}
          </ol>
        </>
      )}
      <button
        type="button"
        className="quiet to-study"
        aria-haspopup="dialog"
        onClick={() => page.look.toggle('studyOpen')}
      >
        The published benchmark …
      </button>
    </section>
  );
}
