import { Fragment, useEffect, useRef } from 'react';
import { countersOf } from '../store/shell/counters.ts';
import { debugfsRows } from '../store/shell/debugfs-rows.ts';
import { DEBUGFS_DIRECTORY } from '../store/shell/paths.ts';
import { MAX_INPUT_CHARS } from '../store/shell/screen.ts';
import { page } from '../store/the-page.ts';
import { useCommandLine } from './use-command-line.ts';
import { MEANINGS } from './meanings.ts';

/** Shown with a dash until the first picture. */
const NOTHING = { nslabs: 0, used: 0, hiwater: 0, transientNslabs: null, throttle: null };

/** The kernel's own view: files of /sys/kernel/debug/swiotlb, unrounded as `cat` shows them. */
function Counters() {
  const readout = page.use((state) => state.readout);
  const machine = page.use((state) => state.machine);
  const counters = countersOf({ readout, machine });
  const regions = (counters?.regions ?? []).flatMap((region) =>
    debugfsRows(region).map(([file, , value]) => [file, `${region.name}/${file}`, value] as const),
  );
  const rows = debugfsRows(counters ?? NOTHING).map(
    ([file, , value]) => [file, file, value] as const,
  );
  return (
    <dl className="mono shell-files">
      {[...rows, ...regions].map(([file, path, value]) => (
        <div key={path} title={MEANINGS[file]}>
          <dt>{path}</dt>
          <dd data-testid={path}>{counters ? value : '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Keys and paths may go on in the next line behind their dots and slashes. */
function Breakable({ text }: { readonly text: string }) {
  return text.split(/(?<=[./=])/).map((part, index) => (
    // Parts have nothing but their place to tell them apart.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** What was typed and printed; below it what is watched, which is not read out each time. */
function Screen() {
  const lines = page.use((state) => state.shell.lines);
  const watch = page.use((state) => state.shell.watch);
  const box = useRef<HTMLDivElement>(null);
  const watched = watch !== null;
  const seen = useRef({ lines, watched });
  useEffect(() => {
    // New numbers of what is watched leave the place alone to which somebody scrolled.
    if (seen.current.lines === lines && seen.current.watched === watched) return;
    seen.current = { lines, watched };
    box.current?.scrollTo(0, box.current.scrollHeight);
  });
  const isEmpty = lines.length === 0 && !watched;
  return (
    // Focusable, so that the keyboard can scroll it; there when empty, so that it is listened to.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="shell-screen" ref={box} tabIndex={isEmpty ? undefined : 0}>
      <div role="log" aria-label="Shell output" data-testid="shell-output">
        {lines.map(({ id, kind, text }) => (
          <div key={id} className={kind}>
            <Breakable text={kind === 'typed' ? `# ${text}` : text} />
          </div>
        ))}
      </div>
      {watch && (
        <div className="shell-watch" data-testid="shell-watch">
          <div className="typed">{watch.title}</div>
          <pre>{watch.lines.join('\n')}</pre>
        </div>
      )}
    </div>
  );
}

function Prompt() {
  const field = useRef<HTMLInputElement>(null);
  const line = useCommandLine(field);
  const lines = page.use((state) => state.shell.lines);
  const watched = page.use((state) => state.shell.watch !== null);
  const seen = useRef(lines);
  useEffect(() => {
    // What is printed pushes the line down: whoever types goes on seeing it.
    if (seen.current === lines) return;
    seen.current = lines;
    if (document.activeElement === field.current) {
      field.current?.scrollIntoView({ block: 'nearest' });
    }
  });
  return (
    <form
      className="shell-prompt"
      onSubmit={(event) => {
        event.preventDefault();
        line.submit();
      }}
    >
      <span aria-hidden="true">#</span>
      <input
        ref={field}
        value={line.text}
        readOnly={watched}
        maxLength={MAX_INPUT_CHARS}
        aria-label="Shell command"
        placeholder={watched ? 'q, Esc or Ctrl+C ends it' : 'try help'}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        enterKeyHint="send"
        onChange={(event) => line.type(event.target.value)}
        onKeyDown={(event) => line.press(event)}
      />
      {watched && (
        <button type="button" className="quiet" onClick={() => page.shell.interrupt()}>
          Stop
        </button>
      )}
    </form>
  );
}

/** Debugfs and sysctl as a shell shows them, and what they say now for whoever does not type. */
export function Shell() {
  const cwd = page.use((state) => state.shell.cwd);
  return (
    <section aria-labelledby="shell-head" className="shell">
      <h2 id="shell-head">
        Shell <small>{cwd === DEBUGFS_DIRECTORY ? `${cwd} · sysctl` : cwd}</small>
      </h2>
      <Counters />
      <Screen />
      <Prompt />
    </section>
  );
}
