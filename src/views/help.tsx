import { useEffect, useRef } from 'react';
import { page } from '../store/the-page.ts';
import { FIRST_NOTES } from './first-notes-text.ts';
import { Icon } from './icons.tsx';
import { keyLines, shortened } from './key-lines.ts';
import { TERMS } from './terms.ts';

type KeyRows = readonly (readonly [readonly string[], string])[];

const KEYS: KeyRows = keyLines().map(({ line, caps }) => [shortened(caps), line]);

const GRID_KEYS = [
  [['←', '↑', '↓', '→'], 'walk slot by slot, row by row'],
  [['Home', 'End'], 'first, last slot of the row'],
  [['Enter'], 'pin the slot'],
] as const;

const MAP_KEYS = [
  [['←', '↑', '↓', '→'], 'walk pageblock by pageblock, row by row'],
  [['Page Up', 'Page Down'], 'the zone before, the next one'],
  [['Enter', 'W'], 'show the pages of the pageblock'],
  [['Esc', 'S'], 'put them away'],
] as const;

function KeyTable({ rows }: { readonly rows: KeyRows }) {
  return (
    <dl className="keys">
      {rows.map(([keys, what]) => (
        <div key={what}>
          <dt>
            {keys.map((key) =>
              key === '…' ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>,
            )}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

/** WCAG 2.1.4: who speaks to the machine, or trembles, can have only keys that are held. */
function LetterKeys() {
  const letterKeys = page.use((state) => state.letterKeys);
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={letterKeys}
        onChange={(event) => page.look.setLetterKeys(event.target.checked)}
      />
      single letters, digits and signs are keys
    </label>
  );
}

/** One dialog makes room for the other. */
function toStudy() {
  page.look.toggle('helpOpen');
  page.look.toggle('studyOpen');
}

/** The keys, and the notes of the first second for whoever missed them. */
export function Help() {
  const panel = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={panel}
      className="help"
      aria-labelledby="help-head"
      onClose={() => {
        if (page.state.helpOpen) page.look.toggle('helpOpen');
      }}
      closedby="any"
    >
      <div>
        <h2 id="help-head">
          Help
          <button
            type="button"
            className="help-close"
            aria-label="Close"
            onClick={() => panel.current?.close()}
          >
            <Icon name="close" />
          </button>
        </h2>
        <section aria-labelledby="help-picture">
          <h3 id="help-picture">Reading the picture</h3>
          <ul className="prose">
            {FIRST_NOTES.map(({ head, rest }) => (
              <li key={head}>
                <b>{head}</b>
                {rest}
              </li>
            ))}
          </ul>
          <dl className="help-words prose">
            {TERMS.map(([term, meaning]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section aria-labelledby="help-keys">
          <h3 id="help-keys">Keys</h3>
          <KeyTable rows={KEYS} />
          <LetterKeys />
          <h3>With the focus in the memory</h3>
          <KeyTable rows={GRID_KEYS} />
          <h3>With the focus in the memory map</h3>
          <KeyTable rows={MAP_KEYS} />
          <p className="prose">
            Ctrl and wheel zooms at the pointer, the wheel pans. A click on a legend entry dims it,
            Alt and click leaves it alone. A recording dropped anywhere is replayed.
          </p>
          <h3>Beside what was measured</h3>
          <p className="prose">
            What a pool that grows costs was published in 2023, with three machines. The model runs
            the same loads.
          </p>
          <button type="button" className="quiet" aria-haspopup="dialog" onClick={toStudy}>
            The published benchmark …
          </button>
        </section>
      </div>
    </dialog>
  );
}
