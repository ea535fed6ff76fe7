import { useEffect, useId, useRef, useState } from 'react';
import type { Shared } from '../store/sessions.ts';
import { page } from '../store/the-page.ts';
import { Icon } from './icons.tsx';
import { saveText } from './save-text.ts';
import { clock, count, plural } from './words.ts';

/** Longest link that is offered; as `link.ts` has it. */
const LINK_CHARS = 8192;

/** Puts it into the clipboard; where that may not be, marks it for whoever copies by hand. */
async function copy(field: HTMLInputElement | null, text: string): Promise<string> {
  field?.select();
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'This browser lets no page copy: the link is marked, press Ctrl C.';
  }
}

function LinkRow({ link, chars }: { readonly link: string; readonly chars: number }) {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  return (
    <div className="share-link">
      <input
        ref={field}
        type="text"
        readOnly
        aria-label="Link"
        value={link}
        onFocus={(event) => event.target.select()}
      />
      <button
        type="button"
        className="loud"
        onClick={() => {
          void copy(field.current, link).then(setSaid);
        }}
      >
        Copy link
      </button>
      <output>{said || `${count(chars)} of ${count(LINK_CHARS)} characters`}</output>
    </div>
  );
}

/** Which moment of what it is. */
function Moment({ shared }: { readonly shared: Shared }) {
  const { scenario, record } = shared.session;
  const { journal, event, timeNs } = record;
  const changes = journal.length === 0 ? 'nothing changed' : plural(journal.length, 'change');
  return (
    <p>
      <b>{scenario.title}</b> at {clock(timeNs)}, event {count(event)}, {changes} on the way.
      Whoever opens it stands at the same state, slot for slot, and can go on from there.
    </p>
  );
}

function FileRow({ shared }: { readonly shared: Shared }) {
  const name = `bouncescope-${shared.session.scenario.id}.json`;
  return (
    <p className="share-file">
      <button
        type="button"
        className={shared.link === null ? 'loud' : 'quiet'}
        onClick={() => saveText(name, 'application/json', shared.file)}
      >
        Save file
      </button>
      <span>
        The same as JSON, {plural(shared.file.length, 'character')}. Dropped on the page, it opens.
      </span>
    </p>
  );
}

function Body({ shared }: { readonly shared: Shared }) {
  const { link, chars } = shared;
  return (
    <div className="prose share-body">
      <Moment shared={shared} />
      {link === null ? (
        <p data-testid="share-too-long">
          A link to it would have {count(chars)} characters, more than the {count(LINK_CHARS)} that
          every program passes on. Save the file instead.
        </p>
      ) : (
        <LinkRow link={link} chars={chars} />
      )}
      <FileRow shared={shared} />
      <p className="label">Nothing is sent anywhere: what stands behind the # stays in browsers.</p>
    </div>
  );
}

type Asked = Shared | 'nothing' | 'failed' | null;

/** The words in place of what is not there. */
const WORDS: Readonly<Record<'nothing' | 'failed', string>> = {
  nothing: 'A recording is a file of its own: pass that on. Sessions of scenarios can be shared.',
  failed: 'This part of the page could not be loaded. Reload to try again.',
};

/** The session at this moment: as a link, and as a file. */
export function ShareDialog() {
  const panel = useRef<HTMLDialogElement>(null);
  const head = useId();
  const [asked, setAsked] = useState<Asked>(null);
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    page.sessions.share().then(
      (shared) => setAsked(shared ?? 'nothing'),
      () => setAsked('failed'),
    );
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={panel}
      className="help share"
      aria-labelledby={head}
      onClose={() => {
        if (page.state.shareOpen) page.look.toggle('shareOpen');
      }}
      closedby="any"
    >
      <div>
        <h2 id={head}>
          Share this moment
          <button
            type="button"
            className="help-close"
            aria-label="Close"
            onClick={() => panel.current?.close()}
          >
            <Icon name="close" />
          </button>
        </h2>
        {typeof asked === 'string' && <p className="prose">{WORDS[asked]}</p>}
        {asked === null && <p className="prose">Asking the simulation …</p>}
        {asked !== null && typeof asked === 'object' && <Body shared={asked} />}
      </div>
    </dialog>
  );
}
