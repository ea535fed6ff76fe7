import { useState } from 'react';
import { areaSummaries, runsTable, type AreaSummary } from '../draw/summary.ts';
import { AREA, POOL, POOL_KINDS, type FrameView } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { count, duration, percent, slotBytes } from './words.ts';

/** The area whose runs are listed: row of the pool in the frame, and area in the pool. */
interface Chosen {
  readonly pool: number;
  readonly area: number;
}

interface AreaRow extends Chosen {
  readonly name: string;
  readonly cells: readonly string[];
}

/** Who holds the lock, and who wants it. */
function lockWords(frame: FrameView, row: number): string {
  const holder = frame.area(row, AREA.holder);
  const spinners = frame.area(row, AREA.spinners);
  if (holder < 0) return 'free';
  return spinners > 0 ? `CPU ${holder}, ${count(spinners)} spin` : `CPU ${holder}`;
}

function areaRow(
  frame: FrameView,
  pool: number,
  summary: AreaSummary,
  regions: readonly string[],
): AreaRow {
  const { area, row, slots, used, free, longestFreeRun, hint } = summary;
  const kind = POOL_KINDS[frame.pool(pool, POOL.kind)] ?? 'default';
  const region = regions[frame.pool(pool, POOL.region)];
  return {
    pool,
    area,
    name: `${region ?? kind} ${area}`,
    cells: [
      count(slots),
      count(used),
      count(free),
      percent(used, slots),
      count(longestFreeRun),
      count(hint),
      lockWords(frame, row),
      duration(frame.area(row, AREA.spunNs)),
      count(frame.area(row, AREA.contended)),
    ],
  };
}

function areaRows(frame: FrameView, regions: readonly string[]): AreaRow[] {
  return Array.from({ length: frame.counts.pools }, (_, pool) =>
    areaSummaries(frame, pool).map((summary) => areaRow(frame, pool, summary, regions)),
  ).flat();
}

const AREA_HEADS = [
  'area',
  'slots',
  'used',
  'free',
  'used %',
  'longest free run',
  'hint',
  'lock',
  'spun',
  'contended',
] as const;
const RUN_HEADS = ['from slot', 'to slot', 'slots', 'memory', 'padding', 'held by'] as const;
/** Rows of the second table; an area of 4,096 slots can have as many runs. */
const MAX_RUNS = 400;

function Heads({ heads }: { readonly heads: readonly string[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface AreasProps {
  readonly frame: FrameView;
  readonly chosen: Chosen;
  readonly choose: (area: Chosen) => void;
}

function Areas({ frame, chosen, choose }: AreasProps) {
  const regions = page.use((state) => state.machine?.regions);
  return (
    <table>
      <caption>Areas; choose one to list its runs</caption>
      <Heads heads={AREA_HEADS} />
      <tbody>
        {areaRows(frame, regions ?? []).map(({ pool, area, name, cells }) => (
          <tr key={`${pool}-${area}`}>
            <th scope="row">
              <button
                type="button"
                aria-pressed={pool === chosen.pool && area === chosen.area}
                onClick={() => choose({ pool, area })}
              >
                {name}
              </button>
            </th>
            {cells.map((cell, column) => (
              <td key={AREA_HEADS[column + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Runs({ frame, chosen }: { readonly frame: FrameView; readonly chosen: Chosen }) {
  const devices = page.use((state) => state.machine?.devices);
  const slots = frame.pool(chosen.pool, POOL.areaNslabs);
  const from = chosen.area * slots;
  const runs = runsTable(frame, chosen.pool, from, MAX_RUNS).filter(
    ({ first }) => first < from + slots,
  );
  return (
    <table>
      <caption>Runs of area {chosen.area}</caption>
      <Heads heads={RUN_HEADS} />
      <tbody>
        {runs.map(({ first, nslots, device, padding }) => (
          <tr key={first}>
            <th scope="row">{count(first)}</th>
            <td>{count(first + nslots - 1)}</td>
            <td>{count(nslots)}</td>
            <td>{slotBytes(nslots)}</td>
            <td>{count(padding)}</td>
            <td>{device < 0 ? 'free' : (devices?.[device]?.name ?? 'unknown')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The memory in numbers, an area a row and a run a row: for whoever reads rather than looks. */
export function PoolsTable() {
  const [chosen, choose] = useState<Chosen>({ pool: 0, area: 0 });
  // Followed for its pace; the rows come from the frame.
  page.use((state) => state.readout?.sequence);
  const { frame } = page.client;
  if (!frame) return null;
  return (
    // Focusable, so that the keyboard can scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-box" tabIndex={0} data-testid="pools-table">
      <Areas frame={frame} chosen={chosen} choose={choose} />
      {chosen.pool < frame.counts.pools && <Runs frame={frame} chosen={chosen} />}
    </div>
  );
}
