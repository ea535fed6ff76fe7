import type { Comparison } from '../store/comparison.ts';
import type { Beside } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { besideShort, runWord } from './beside-words.ts';
import { compareRows, type CompareRow } from './compare-rows.ts';
import { clock } from './words.ts';

/** What sets this run apart from what runs beside it. */
function useRunWord({ run }: Comparison, beside: Beside): string {
  const machine = page.use((state) => state.scenario?.machine);
  return runWord(beside, machine, run.policy);
}

/** Both policies, the seed, and the moment both stand at. */
function Caption({
  comparison,
  beside,
}: {
  readonly comparison: Comparison;
  readonly beside: Beside;
}) {
  const seed = page.use((state) => state.scenario?.seed ?? 0);
  const mine = useRunWord(comparison, beside);
  const { run, progress, isOver } = comparison;
  const names =
    beside.kind === 'recording'
      ? `${mine} modelled · ${beside.name} recorded`
      : `${mine} beside ${besideShort(beside)} · both modelled`;
  const over = `at ${clock(run.timeNs)}; the recording ended at ${clock(comparison.beside.timeNs)}`;
  const moment = isOver ? over : `both at ${clock(run.timeNs)}`;
  return (
    <caption>
      {names}
      <span className="compare-moment">
        seed {seed} ·{' '}
        <span data-testid="compare-moment">
          {progress < 1 ? `catching up: ${Math.floor(progress * 100)} %` : moment}
        </span>
      </span>
    </caption>
  );
}

function Cell({ text, better }: { readonly text: string; readonly better: boolean }) {
  return (
    <td className={better ? 'better' : ''}>
      {better && (
        <>
          <span aria-hidden="true">▸ </span>
          <span className="hidden-text">better: </span>
        </>
      )}
      {text}
    </td>
  );
}

function Row({ row }: { readonly row: CompareRow }) {
  return (
    <tr title={row.meaning}>
      <th scope="row">{row.label}</th>
      <Cell text={row.run} better={row.better === 'run'} />
      <Cell text={row.beside} better={row.better === 'beside'} />
    </tr>
  );
}

function Heads({
  comparison,
  beside,
}: {
  readonly comparison: Comparison;
  readonly beside: Beside;
}) {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="hidden-text">What</span>
        </th>
        <th scope="col">
          {useRunWord(comparison, beside)}
          <small>
            <i className="compare-line" aria-hidden="true" />
            this run
          </small>
        </th>
        <th scope="col">
          {besideShort(beside)}
          <small>
            <i className="compare-line ghost" aria-hidden="true" />
            beside it
          </small>
        </th>
      </tr>
    </thead>
  );
}

/** The run's numbers and those of what runs beside it, row by row. */
export function ComparisonTable({
  comparison,
  beside,
}: {
  readonly comparison: Comparison;
  readonly beside: Beside;
}) {
  const groups = compareRows(comparison, beside.kind);
  return (
    <table className="compare" data-testid="compare">
      <Caption comparison={comparison} beside={beside} />
      <Heads comparison={comparison} beside={beside} />
      {groups.map((rows) => (
        <tbody key={rows[0]?.label}>
          {rows.map((row) => (
            <Row key={row.label} row={row} />
          ))}
        </tbody>
      ))}
    </table>
  );
}
