import type { MemoryZone } from '../store/reports.ts';
import { freePages, largestOf, pageBytes } from './memory-words.ts';
import { count } from './words.ts';

const ORDERS = 11;
/** What the growth worker settles for at least: 1 MiB in one piece. */
const WORTH_ORDER = 8;

/** Free memory by the size of its blocks: much of it may be there and none of it in one piece. */
function ByOrder({ zones }: { readonly zones: readonly MemoryZone[] }) {
  const orders = Array.from({ length: ORDERS }, (_, order) => {
    const blocks = zones.reduce((sum, { nrFree }) => sum + (nrFree[order] ?? 0), 0);
    return { order, blocks, pages: blocks * 2 ** order };
  });
  const most = Math.max(1, ...orders.map(({ pages }) => pages));
  return (
    <table className="by-order">
      <caption>Free blocks by order; the worker can use {WORTH_ORDER} to 10</caption>
      <tbody>
        <tr>
          {orders.map(({ order, pages }) => (
            <td key={order} title={`${pageBytes(pages)} in blocks of order ${order}`}>
              <span
                className={order >= WORTH_ORDER ? 'bar worth' : 'bar'}
                style={{ height: `${(pages / most) * 100}%` }}
              />
              <span className="hidden-text">{pageBytes(pages)}</span>
            </td>
          ))}
        </tr>
        <tr>
          {orders.map(({ order, blocks }) => (
            <td key={order}>{blocks === 0 ? '–' : short(blocks)}</td>
          ))}
        </tr>
      </tbody>
      <tfoot>
        <tr>
          {orders.map(({ order }) => (
            <th key={order} scope="col" className={order >= WORTH_ORDER ? 'worth' : ''}>
              {order}
            </th>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}

const THOUSAND = 1000;
const TEN_THOUSAND = 10_000;

/** Counts too long for their column are told in thousands; `/proc/buddyinfo` has them exactly. */
function short(blocks: number): string {
  if (blocks < THOUSAND) return count(blocks);
  return `${(blocks / THOUSAND).toFixed(blocks < TEN_THOUSAND ? 1 : 0)}k`;
}

/** Free memory beside the largest block of it. */
export function MemoryFree({ zones }: { readonly zones: readonly MemoryZone[] }) {
  const worth = zones.reduce(
    (sum, { nrFree }) =>
      sum +
      nrFree.reduce(
        (all, blocks, order) => all + (order >= WORTH_ORDER ? blocks * 2 ** order : 0),
        0,
      ),
    0,
  );
  return (
    <section className="memory-free" aria-labelledby="memory-free-head">
      <h3 id="memory-free-head">Free now</h3>
      <dl>
        <div>
          <dt>free memory</dt>
          <dd data-testid="memory-free">{pageBytes(freePages(zones))}</dd>
        </div>
        <div>
          <dt>largest free block</dt>
          <dd data-testid="memory-largest">{largestOf(zones)}</dd>
        </div>
        <div>
          <dt>in blocks of 1 MiB or more</dt>
          <dd>{pageBytes(worth)}</dd>
        </div>
      </dl>
      <ByOrder zones={zones} />
    </section>
  );
}
