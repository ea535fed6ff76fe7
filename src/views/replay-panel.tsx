import type { ReplaySummary } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { count, plural } from './words.ts';

const MODEL = 'Linux 6.12';

/** How far the model has agreed with the kernel. */
function Badge({ replay }: { readonly replay: ReplaySummary }) {
  const decisions = page.use((state) => state.readout?.decisions ?? 0);
  const differences = page.use((state) => state.readout?.differences ?? 0);
  const total = page.use((state) => state.readout?.totalDecisions ?? replay.decisions);
  return (
    <p className={differences > 0 ? 'badge fault' : 'badge'} data-testid="badge">
      <b>
        {count(decisions - differences)} of{' '}
        {count(decisions < total && differences > 0 ? decisions : total)}
      </b>{' '}
      {decisions < total && differences === 0 ? 'decisions so far, all' : 'decisions'} as recorded
      on {replay.kernel}; model: {MODEL}
    </p>
  );
}

/** Where recording and model part, in words. */
function Parting() {
  const difference = page.use((state) => state.difference);
  if (!difference) return null;
  return (
    <div className="parting" data-testid="difference">
      <p>
        <span aria-hidden="true">✕ </span>
        <b>Difference</b> in line {count(difference.line)} of the recording
      </p>
      <dl>
        <div>
          <dt>the kernel</dt>
          <dd data-testid="expected">{difference.expected}</dd>
        </div>
        <div>
          <dt>the model</dt>
          <dd data-testid="got">{difference.got}</dd>
        </div>
      </dl>
      <button type="button" className="loud" onClick={() => page.transport.stepPast()}>
        Step past it
      </button>
    </div>
  );
}

/** A recording that is being replayed: what it is, and what it proves. */
export function ReplayPanel() {
  const replay = page.use((state) => state.replay);
  const adopted = page.use((state) => state.readout?.adopted ?? 0);
  const back = page.use((state) => state.scenario?.title);
  if (!replay) return null;
  return (
    <section aria-labelledby="replay-head" className="replay">
      <h2 id="replay-head">
        Recording <small>{replay.name}</small>
      </h2>
      <Badge replay={replay} />
      <Parting />
      {adopted > 0 && (
        <p className="prose">
          {plural(adopted, 'slot')} taken over from the kernel: their maps are not in the recording.
        </p>
      )}
      {replay.remarks.map((remark) => (
        <p key={remark} className="prose">
          {remark}
        </p>
      ))}
      {back !== undefined && (
        <button type="button" className="quiet" onClick={() => page.opener.closeReplay()}>
          Back to “{back}”
        </button>
      )}
    </section>
  );
}
