import type { MemoryCma, MemoryCoherent, MemoryNews, MemoryZone } from '../store/reports.ts';
import { pageBytes } from './memory-words.ts';
import { largestFree } from './growth-words.ts';
import { bytes, count, hex } from './words.ts';

/** Squares in a row of a block's picture. */
const ROW = 64;

/** One square for each page, filled where it is given out. */
function TakenPages({ block }: { readonly block: MemoryCoherent['blocks'][number] }) {
  const rows = Math.ceil(block.pages / ROW);
  const taken = Array.from(block.taken).flatMap((digit, at) => {
    const bits = Number.parseInt(digit, 16);
    return [8, 4, 2, 1].flatMap((bit, place) => ((bits & bit) === 0 ? [] : [at * 4 + place]));
  });
  const squares = taken
    .filter((at) => at < block.pages)
    .map((at) => `M${at % ROW} ${Math.floor(at / ROW)}h1v1h-1z`)
    .join('');
  return (
    <>
      <svg
        className="taken-pages"
        viewBox={`0 0 ${ROW} ${rows}`}
        preserveAspectRatio="none"
        style={{ height: rows * 5 }}
        aria-hidden="true"
      >
        <path d={`M0 0h${Math.min(ROW, block.pages)}v${rows}H0z`} className="free-pages" />
        <path d={squares} className="used-pages" />
      </svg>
      <p className="label">
        {count(block.pages - block.free)} of {count(block.pages)} pages given out, from page frame{' '}
        {hex(block.pfn, 5)}
      </p>
    </>
  );
}

function CoherentPool({ pool }: { readonly pool: MemoryCoherent }) {
  const used = pool.bytes - pool.freeBytes;
  return (
    <li data-testid="coherent-pool">
      <p>
        <b>Coherent pool, {pool.zone}</b> {bytes(used)} of {bytes(pool.bytes)} given out
        {pool.refillPending && <b className="fault"> · refill pending</b>}
      </p>
      {pool.blocks.map((block) => (
        <TakenPages key={block.pfn} block={block} />
      ))}
      <p className="label">
        Shared with the host already, for requests that must not sleep; asks for more when less than{' '}
        {bytes(pool.initialBytes)} is free.
      </p>
    </li>
  );
}

function CmaRegion({ cma, lent }: { readonly cma: MemoryCma; readonly lent: number }) {
  const share = (pages: number) => `${(pages / cma.pages) * 100}%`;
  return (
    <li data-testid="cma-region">
      <p>
        <b>CMA region, zone {cma.zone}</b> {pageBytes(cma.used)} of {pageBytes(cma.pages)} taken,{' '}
        {pageBytes(lent)} lent to movable pages
      </p>
      <div className="cma-bar" aria-hidden="true">
        <span className="taken" style={{ width: share(cma.used) }} />
        <span className="lent" style={{ width: share(lent) }} />
      </div>
      <p className="label">
        Reserved at boot from page frame {hex(cma.pfn, 5)}; movable pages live in it until it is
        wanted, and are moved then.
      </p>
    </li>
  );
}

interface PoolsProps {
  readonly news: MemoryNews;
  /** Movable pages in pageblocks of the CMA region. */
  readonly lent: number;
}

/** Memory that was set apart: coherent pools and the CMA region. Nothing where there is neither. */
export function MemoryPools({ news: { coherent, cma }, lent }: PoolsProps) {
  if (coherent.length === 0 && cma === null) return null;
  return (
    <section className="memory-pools" aria-labelledby="memory-pools-head">
      <h3 id="memory-pools-head">Set apart</h3>
      <ul>
        {coherent.map((pool) => (
          <CoherentPool key={pool.zone} pool={pool} />
        ))}
        {cma !== null && <CmaRegion cma={cma} lent={lent} />}
      </ul>
    </section>
  );
}

/** Free memory against the marks below which fewer and fewer requests are served: they are low. */
function Marks({ zone }: { readonly zone: MemoryZone }) {
  const at = (pages: number) => Math.min(100, Math.sqrt(pages / Math.max(1, zone.managed)) * 100);
  return (
    <svg className="marks" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <path d="M0 0H100V10H0z" className="marks-ground" />
      <path d={`M0 2H${at(zone.free)}V8H0z`} className="marks-free" />
      {[zone.min, zone.low, zone.high].map((mark, row) => (
        <path
          // The order is that of the kernel, and stays.
          // oxlint-disable-next-line react/no-array-index-key
          key={row}
          d={`M${at(mark)} 0V10`}
          className="mark"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

/** Zones with their watermarks, in numbers. */
export function MemoryZones({ zones }: { readonly zones: readonly MemoryZone[] }) {
  return (
    <table className="memory-zones">
      <caption>
        Zones and their watermarks: free pages below <i>low</i> send a request the slow way, below{' '}
        <i>min</i> only those in need are served
      </caption>
      <thead>
        <tr>
          <th scope="col">zone</th>
          <th scope="col">free</th>
          <th scope="col" className="marks-head">
            free, min, low, high of all, by square root
          </th>
          <th scope="col">min</th>
          <th scope="col">low</th>
          <th scope="col">high</th>
          <th scope="col">boost</th>
          <th scope="col">largest order</th>
        </tr>
      </thead>
      <tbody>
        {zones.map((zone) => (
          <tr key={zone.name}>
            <th scope="row">{zone.name}</th>
            <td>{pageBytes(zone.free)}</td>
            <td className="marks-head">
              <Marks zone={zone} />
            </td>
            <td>{count(zone.min)}</td>
            <td>{count(zone.low)}</td>
            <td>{count(zone.high)}</td>
            <td>{count(zone.boost)}</td>
            <td>{largestFree(zone.nrFree) < 0 ? 'none' : largestFree(zone.nrFree)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
