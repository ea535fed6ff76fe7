import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { page } from '../store/the-page.ts';
import { grid } from './grid-controls.ts';
import { entriesOf, foundIn, type Entry, type Found } from './palette-entries.ts';

/** Entries that Page Up and Page Down pass. */
const PAGE_ROWS = 8;

/** A title with what was typed in it set off. */
function Title({ text, at }: { readonly text: string; readonly at: readonly number[] }) {
  const marked = new Set(at);
  const pieces: { text: string; isMarked: boolean }[] = [];
  for (const [index, char] of Array.from(text).entries()) {
    const isMarked = marked.has(index);
    const last = pieces.at(-1);
    if (last?.isMarked === isMarked) last.text += char;
    else pieces.push({ text: char, isMarked });
  }
  return (
    <span className="palette-title">
      {pieces.map((piece, index) =>
        piece.isMarked ? <b key={index}>{piece.text}</b> : <span key={index}>{piece.text}</span>,
      )}
    </span>
  );
}

interface OptionProps {
  readonly id: string;
  readonly found: Found;
  readonly isActive: boolean;
  readonly pick: () => void;
}

function Option({ id, found: { entry, at }, isActive, pick }: OptionProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // The field keeps the focus and hears the keys; a pointer may press the row as well.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events
    <div ref={row} id={id} role="option" tabIndex={-1} aria-selected={isActive} onClick={pick}>
      <Title text={entry.title} at={at} />
      <span className="palette-kind">
        {entry.kind}
        {entry.isCurrent && <i>{entry.kind ? ' · now' : 'now'}</i>}
      </span>
      <span className="palette-keys">
        {entry.keys.map((cap) => (
          <kbd key={cap}>{cap}</kbd>
        ))}
      </span>
    </div>
  );
}

/** Where a key moves to among `rows`; null when it does not move. */
function moved(key: string, at: number, rows: number): number | null {
  const clamp = (to: number) => Math.min(Math.max(to, 0), Math.max(rows - 1, 0));
  if (key === 'ArrowDown') return rows === 0 ? 0 : (at + 1) % rows;
  if (key === 'ArrowUp') return rows === 0 ? 0 : (at + rows - 1) % rows;
  if (key === 'PageDown') return clamp(at + PAGE_ROWS);
  return key === 'PageUp' ? clamp(at - PAGE_ROWS) : null;
}

/** Closes first: what is picked may open something else. */
function take(entry: Entry | undefined) {
  if (!entry) return;
  page.look.toggle('paletteOpen');
  entry.run(page, grid.current);
}

/** The list under the field, and what the field says of it. */
function useChoice(list: string) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  // The others may come while it is open.
  const scenarios = page.use((state) => state.scenarios);
  const entries = useMemo(() => entriesOf({ ...page.state, scenarios }), [scenarios]);
  const found = useMemo(() => foundIn(entries, typed), [entries, typed]);
  const listen = (event: KeyboardEvent) => {
    const isOwn = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
    const to = moved(event.key, at, found.length);
    if (event.key === 'Enter') take(found[at]?.entry);
    else if (isOwn) page.look.toggle('paletteOpen');
    else if (to === null) return;
    else setAt(to);
    event.preventDefault();
  };
  const type = (text: string) => {
    setTyped(text);
    setAt(0);
  };
  return { typed, type, at, found, listen, active: found.length > 0 ? `${list}-${at}` : undefined };
}

/** Every command, scenario, policy, mode, colour, theme and panel by name. */
export function CommandPalette() {
  const panel = useRef<HTMLDialogElement>(null);
  const list = useId();
  const { typed, type, at, found, listen, active } = useChoice(list);
  useEffect(() => {
    const dialog = panel.current;
    void page.library.prefetch();
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={panel}
      className="palette"
      aria-label="Commands"
      onClose={() => {
        if (page.state.paletteOpen) page.look.toggle('paletteOpen');
      }}
      closedby="any"
    >
      <input
        type="text"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={active}
        placeholder="a command, a scenario, a policy …"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={listen}
      />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a list that a text field filters has no native tag */}
      <div id={list} role="listbox" aria-label="Commands">
        {found.map((one, index) => (
          <Option
            key={one.entry.id}
            id={`${list}-${index}`}
            found={one}
            isActive={index === at}
            pick={() => take(one.entry)}
          />
        ))}
      </div>
      <output className={found.length > 0 ? 'hidden-text' : 'palette-none'}>
        {found.length === 0
          ? `Nothing is called “${typed.trim()}”.`
          : typed.trim() && `${found.length} found`}
      </output>
    </dialog>
  );
}
