import { useEffect, useRef } from 'react';
import { exporting } from '../store/the-export.ts';
import { page } from '../store/the-page.ts';
import { saveEvents, saveTimeline } from './export-numbers.ts';
import { Icon } from './icons.tsx';
import { clock } from './words.ts';

/** What stretch the files are of. */
function Of() {
  const span = page.use((state) => state.span);
  const nowNs = page.use((state) => state.readout?.timeNs ?? 0);
  const from = clock(span?.fromNs ?? 0);
  const to = clock(Math.min(nowNs, span?.toNs ?? nowNs));
  return (
    <p className="export-of">
      <b>
        {from} to {to}
      </b>{' '}
      {span === null
        ? 'the whole run so far. Drag over the timeline, or hold Shift with its arrow keys, to select a stretch.'
        : 'the stretch selected on the timeline.'}
    </p>
  );
}

/** One file: a button, and what is in it. */
function File(props: {
  readonly label: string;
  readonly what: string;
  readonly save: () => void;
  readonly disabled?: boolean;
}) {
  const { label, what, save, disabled = false } = props;
  const isMaking = exporting.use((state) => state.making !== null);
  return (
    <li>
      <button type="button" className="quiet" disabled={isMaking || disabled} onClick={save}>
        {label}
      </button>
      <span>{what}</span>
    </li>
  );
}

function Numbers() {
  const isReplay = page.use((state) => state.replay !== null);
  return (
    <section aria-labelledby="export-numbers">
      <h3 id="export-numbers">Numbers</h3>
      <ul>
        <File
          label="Timeline, CSV"
          what="a row for each bucket of the history: slots used, capacity, failures, growth, devices"
          save={saveTimeline}
        />
        <File
          label="Events, CSV"
          what="a row for each map, unmap, failure, attempt to grow and wait"
          save={() => void saveEvents('events-csv')}
          disabled={isReplay}
        />
        <File
          label="Trace, JSON"
          what="opens in Perfetto (ui.perfetto.dev): what CPUs and devices do, who sleeps, counters"
          save={() => void saveEvents('trace-json')}
          disabled={isReplay}
        />
      </ul>
      {isReplay && (
        <p className="label">
          A recording’s events are in its own file; only its timeline is a table here.
        </p>
      )}
    </section>
  );
}

/** What is made, how far it is, and what became of it. */
function Standing() {
  const { making, progress, said, isFault } = exporting.use();
  return (
    <div className="export-standing">
      {making !== null && (
        <>
          <label>
            <progress value={progress} max={1} />
            <span>
              {making}: {Math.round(progress * 100)} %
            </span>
          </label>
          <button type="button" className="quiet" onClick={() => exporting.cancel()}>
            Cancel
          </button>
        </>
      )}
      <output className={isFault ? 'fault' : ''}>{said}</output>
    </div>
  );
}

/** Tables and a trace of what runs. */
export function ExportDialog() {
  const panel = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      exporting.cancel();
    };
  }, []);
  return (
    <dialog
      ref={panel}
      className="help export"
      aria-labelledby="export-head"
      onClose={() => {
        if (page.state.exportOpen) page.look.toggle('exportOpen');
      }}
      closedby="any"
    >
      <div>
        <h2 id="export-head">
          Export
          <button
            type="button"
            className="help-close"
            aria-label="Close"
            onClick={() => panel.current?.close()}
          >
            <Icon name="close" />
          </button>
        </h2>
        <Of />
        <Numbers />
        <Standing />
        <p className="label">
          All of it is modelled by this page from the scenario and its seed; nothing is measured.
        </p>
      </div>
    </dialog>
  );
}
