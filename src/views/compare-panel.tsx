import { GROWTH_MODES } from '../engine/growth-mode.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import type { Beside } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { modeShort, policyShort } from './beside-words.ts';
import { Choice } from './choice.tsx';
import { ComparisonTable } from './later.tsx';

const NOTHING = 'nothing';
const RECORDED = 'as recorded';

/** A choice as a word of the select box. */
function wordOf(beside: Beside | null): string {
  if (beside === null) return NOTHING;
  if (beside.kind === 'mode') return beside.mode;
  return beside.kind === 'policy' ? beside.policy : RECORDED;
}

/** What the select box calls it. */
function nameOf(word: string): string {
  const policy = POLICY_IDS.find((id) => id === word);
  if (policy !== undefined) return policyShort(policy);
  const mode = GROWTH_MODES.find((id) => id === word);
  return mode === undefined ? word : modeShort(mode);
}

/** What can run beside a machine: other modes where growing is what it is about, else policies. */
function offeredFor(isGrowing: boolean): readonly string[] {
  return isGrowing ? GROWTH_MODES : POLICY_IDS;
}

function Picker() {
  const beside = page.use((state) => state.beside);
  const offered = page.use((state) => state.scenario?.beside);
  const isGrowing = page.use(({ scenario }) => scenario?.group === 'growing');
  // The recording to choose is the one that the scenario speaks of.
  const recording = offered?.kind === 'recording' ? offered : null;
  const pick = (word: string) => {
    const policy = POLICY_IDS.find((id) => id === word);
    const mode = GROWTH_MODES.find((id) => id === word);
    if (mode !== undefined) page.compare.choose({ kind: 'mode', mode });
    else if (policy !== undefined) page.compare.choose({ kind: 'policy', policy });
    else page.compare.choose(word === RECORDED ? recording : null);
  };
  return (
    <div className="compare-pick">
      <Choice
        label=""
        hiddenLabel="Runs beside this run"
        value={wordOf(beside)}
        options={[NOTHING, ...offeredFor(isGrowing), ...(recording ? [RECORDED] : [])]}
        name={nameOf}
        pick={pick}
      />
      <button
        type="button"
        className="quiet"
        aria-pressed={beside !== null}
        aria-keyshortcuts="C"
        title={
          isGrowing
            ? 'The same with another answer to a full pool, or nothing (C)'
            : 'The same without throttling, or with it, or nothing (C)'
        }
        onClick={() => page.compare.toggle()}
      >
        Compare <kbd>C</kbd>
      </button>
    </div>
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
  if (beside.kind !== 'policy' || beside.policy !== 'timeout-grow' || grows) return null;
  return (
    <p className="prose">
      This policy makes pools: beside the run, and only there, CONFIG_SWIOTLB_DYNAMIC is on.
    </p>
  );
}

function Body() {
  const beside = page.use((state) => state.besideNow);
  const chosen = page.use((state) => state.beside);
  const isGrowing = page.use(({ scenario }) => scenario?.group === 'growing');
  const comparison = page.use((state) => state.readout?.comparison ?? null);
  if (chosen === null) {
    return (
      <p className="prose">
        Runs the same machine, devices and seed once more{' '}
        {isGrowing ? 'with another answer to a full pool' : 'under another policy'}, and lays the
        two side by side.
      </p>
    );
  }
  if (beside === null || comparison === null) {
    const what = chosen.kind === 'recording' ? `The recording ${chosen.name} is read` : 'It begins';
    return <p className="prose">{what} …</p>;
  }
  return (
    <>
      <ComparisonTable comparison={comparison} beside={beside} />
      <Remark beside={beside} />
    </>
  );
}

/** With and without: the run's numbers beside those of the same run under another policy. */
export function ComparePanel() {
  const isReplay = page.use((state) => state.replay !== null);
  const isGrowing = page.use(({ scenario }) => scenario?.group === 'growing');
  return (
    <section aria-labelledby="compare-head">
      <h2 id="compare-head">
        With and without <small>{isGrowing ? 'another mode' : 'another policy'}</small>
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
