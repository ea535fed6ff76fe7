import { RUN_FIGURES } from '../scenarios/study/run-figures.ts';
import { minus, percent, signedPercent } from '../scenarios/study/study-words.ts';
import type { MachineWords, PublishedRow, StudyMachine } from '../scenarios/study/study.ts';
import type { StudyRow } from '../worker/study-protocol.ts';

/** The figures of one line, in the order of the columns. */
type Figures = readonly [string, string, string, string, string];

const UNKNOWN: Figures = ['–', '–', '–', '–', '–'];
/** A figure is known by its column. */
const COLUMNS = ['base', 'default', 'default diff', 'growing', 'growing diff'] as const;

function modelled({ cells, defaultDiff, growingDiff }: StudyRow): Figures {
  return [
    percent(cells.base.variation),
    percent(cells.default.variation),
    signedPercent(defaultDiff),
    percent(cells.growing.variation),
    signedPercent(growingDiff),
  ];
}

function published(row: PublishedRow): Figures {
  const { baseVar, defaultVar, defaultDiff, growingVar, growingDiff } = row;
  return [baseVar, defaultVar, minus(defaultDiff), growingVar, minus(growingDiff)];
}

/** One of the two tables of a machine. */
function FigureTable({
  name,
  loads,
  figures,
}: {
  readonly name: string;
  readonly loads: readonly string[];
  readonly figures: (load: string) => Figures;
}) {
  return (
    <table className="study-table">
      <caption>{name}</caption>
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            load
          </th>
          <th scope="col">base</th>
          <th scope="colgroup" colSpan={2}>
            default
          </th>
          <th scope="colgroup" colSpan={2}>
            growing
          </th>
        </tr>
        <tr>
          <th scope="col">var</th>
          <th scope="col">var</th>
          <th scope="col">diff</th>
          <th scope="col">var</th>
          <th scope="col">diff</th>
        </tr>
      </thead>
      <tbody>
        {loads.map((load) => (
          <tr key={load}>
            <th scope="row">{load}</th>
            {figures(load).map((text, column) => (
              <td key={COLUMNS[column]}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What stands behind a line of the modelled table, run by run. */
function RunByRun({ row }: { readonly row: StudyRow }) {
  const { base, growing } = row.cells;
  return (
    <table className="study-table study-runs">
      <caption>{row.load}</caption>
      <thead>
        <tr>
          <th scope="col">run</th>
          {growing.runs.map((_, run) => (
            // oxlint-disable-next-line react/no-array-index-key -- a run is its place
            <th key={run} scope="col">
              {run + 1}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">base, MiB/s</th>
          {base.runs.map(({ mibPerSecond }, run) => (
            // oxlint-disable-next-line react/no-array-index-key -- a run is its place
            <td key={run}>{mibPerSecond.toFixed(2)}</td>
          ))}
        </tr>
        {RUN_FIGURES.map(({ name, of }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {growing.runs.map((figures, run) => (
              // oxlint-disable-next-line react/no-array-index-key -- a run is its place
              <td key={run}>{of(figures)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One machine: what the model came to beside what was measured, and what lies behind it. */
export function MachineTables({
  machine,
  words,
  published: allPrinted,
  rows,
}: {
  readonly machine: StudyMachine;
  readonly words: MachineWords | undefined;
  readonly published: readonly PublishedRow[];
  readonly rows: readonly StudyRow[];
}) {
  const { id } = machine;
  const { title = id, publishedAs = '', assumptions = [] } = words ?? {};
  const loads = machine.loads.map((load) => load.id);
  const own = rows.filter((row) => row.machine === id);
  const printed = allPrinted.filter((row) => row.machine === id);
  return (
    <section className="study-machine" aria-labelledby={`study-${id}`}>
      <h3 id={`study-${id}`}>{title}</h3>
      <div className="study-pair">
        <FigureTable
          name="Modelled here"
          loads={loads}
          figures={(load) => {
            const row = own.find((one) => one.load === load);
            return row === undefined ? UNKNOWN : modelled(row);
          }}
        />
        <FigureTable
          name={`Published: ${publishedAs}`}
          loads={loads}
          figures={(load) => {
            const row = printed.find((one) => one.load === load);
            return row === undefined ? UNKNOWN : published(row);
          }}
        />
      </div>
      {own.length > 0 && (
        <details>
          <summary>Modelled, run by run</summary>
          <div className="study-pair">
            {own.map((row) => (
              <RunByRun key={row.load} row={row} />
            ))}
          </div>
        </details>
      )}
      <details>
        <summary>Assumed of this machine ({assumptions.length})</summary>
        <ul className="prose">
          {assumptions.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
