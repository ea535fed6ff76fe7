import { POLICY_IDS } from '../model/throttle-policies.ts';
import type { Comparison } from '../store/comparison.ts';
import type { Beside } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { besideShort, policyShort } from './beside-words.ts';
import { Choice } from './choice.tsx';
import { compareRows, type CompareRow } from './compare-rows.ts';
import { clock } from './words.ts';

const NOTHING = 'nothing';
const RECORDED = 'as recorded';

/** A choice as a word of the select box. */
function wordOf(beside: Beside | null): string {
  if (beside === null) return NOTHING;
  return beside.kind === 'policy' ? beside.policy : RECORDED;
}

/** What the select box calls it. */
function nameOf(word: string): string {
  const policy = POLICY_IDS.find((id) => id === word);
  return policy === undefined ? word : policyShort(policy);
}

function Picker() {
  const beside = page.use((state) => state.beside);
  const offered = page.use((state) => state.scenario?.beside);
  // The recording to choose is the one that the scenario speaks of.
  const recording = offered?.kind === 'recording' ? offered : null;
  const pick = (word: string) => {
    const policy = POLICY_IDS.find((id) => id === word);
    if (policy !== undefined) page.compare.choose({ kind: 'policy', policy });
    else page.compare.choose(word === RECORDED ? recording : null);
  };
  return (
    <div className="compare-pick">
      <Choice
        label=""
        hiddenLabel="Runs beside this run"
        value={wordOf(beside)}
        options={[NOTHING, ...POLICY_IDS, ...(recording ? [RECORDED] : [])]}
        name={nameOf}
        pick={pick}
      />
      <button
        type="button"
        className="quiet"
        aria-pressed={beside !== null}
        aria-keyshortcuts="C"
        title="The same without throttling, or with it, or nothing (C)"
        onClick={() => page.compare.toggle()}
      >
        Compare <kbd>C</kbd>
      </button>
    </div>
  );
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
  const { run, progress, isOver } = comparison;
  const names =
    beside.kind === 'policy'
      ? `${policyShort(run.policy)} beside ${policyShort(beside.policy)} · both modelled`
      : `${policyShort(run.policy)} modelled · ${beside.name} recorded`;
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
          {policyShort(comparison.run.policy)}
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

function Table({
  comparison,
  beside,
}: {
  readonly comparison: Comparison;
  readonly beside: Beside;
}) {
  const groups = compareRows(comparison, beside.kind === 'recording');
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

/** What the table cannot say by itself. */
function Remark({ beside }: { readonly beside: Beside }) {
  const grows = page.use((state) => state.machine?.dynamic === true);
  if (beside.kind === 'recording') {
    return (
      <p className="prose">
        Recorded on another machine under a load of the same kind, so neither is marked as better.
        It tells of no I/O errors.
      </p>
    );
  }
  if (beside.policy !== 'timeout-grow' || grows) return null;
  return (
    <p className="prose">
      This policy makes pools: beside the run, and only there, CONFIG_SWIOTLB_DYNAMIC is on.
    </p>
  );
}

function Body() {
  const beside = page.use((state) => state.besideNow);
  const chosen = page.use((state) => state.beside);
  const comparison = page.use((state) => state.readout?.comparison ?? null);
  if (chosen === null) {
    return (
      <p className="prose">
        Runs the same machine, devices and seed once more under another policy, and lays the two
        side by side.
      </p>
    );
  }
  if (beside === null || comparison === null) {
    const what = chosen.kind === 'recording' ? `The recording ${chosen.name} is read` : 'It begins';
    return <p className="prose">{what} …</p>;
  }
  return (
    <>
      <Table comparison={comparison} beside={beside} />
      <Remark beside={beside} />
    </>
  );
}

/** With and without: the run's numbers beside those of the same run under another policy. */
export function ComparePanel() {
  const isReplay = page.use((state) => state.replay !== null);
  return (
    <section aria-labelledby="compare-head">
      <h2 id="compare-head">
        With and without <small>another policy</small>
      </h2>
      {isReplay ? (
        <p className="prose">
          A recording is what one kernel did once; only a scenario can run again under another
          policy.
        </p>
      ) : (
        <>
          <Picker />
          <Body />
        </>
      )}
    </section>
  );
}
