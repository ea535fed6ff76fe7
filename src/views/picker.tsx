import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { BUNDLED } from '../store/opener.ts';
import { page } from '../store/the-page.ts';
import { Icon } from './icons.tsx';

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly what: string;
  readonly current: boolean;
  readonly pick: () => void;
}

function useChoices(): readonly (readonly [string, readonly Choice[]])[] {
  const scenarios = page.use((state) => state.scenarios);
  const scenario = page.use((state) => state.scenario);
  const replay = page.use((state) => state.replay);
  return [
    [
      'Scenarios',
      scenarios.map((entry) => ({
        key: entry.id,
        title: entry.title,
        what: entry.watch,
        current: !replay && entry.id === scenario?.id,
        pick: () => page.opener.openScenario(entry),
      })),
    ],
    [
      'Recordings of a real kernel',
      BUNDLED.map(({ name, what }) => ({
        key: name,
        title: name,
        what,
        current: replay?.name === `${name}.jsonl.gz`,
        pick: () => void page.opener.openBundled(name),
      })),
    ],
  ];
}

/** Moves the focus among the picker's entries with the arrow keys. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const entries = [...event.currentTarget.querySelectorAll('button')];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  entries[(at + step + entries.length) % entries.length]?.focus();
}

function OpenFile({ done }: { readonly done: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <li>
      <button type="button" onClick={() => input.current?.click()}>
        <b>Open a file …</b>
        <span>a recording of your own machine, .jsonl or .jsonl.gz; or drop it on the page</span>
      </button>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.gz,.json,.txt"
        aria-label="Recording"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void page.opener.openFile(file);
          done();
        }}
      />
    </li>
  );
}

function Menu({ close }: { readonly close: () => void }) {
  const groups = useChoices();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.querySelector<HTMLElement>('[aria-current="true"], button')?.focus();
  }, []);
  return (
    <div
      ref={panel}
      id="picker"
      className="picker"
      role="group"
      aria-label="What runs"
      onKeyDown={walk}
    >
      {groups.map(([title, choices], group) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          <ul>
            {choices.map(({ key, title: name, what, current, pick }) => (
              <li key={key}>
                <button
                  type="button"
                  aria-current={current}
                  onClick={() => {
                    pick();
                    close();
                  }}
                >
                  <b>{name}</b>
                  <span>{what}</span>
                </button>
              </li>
            ))}
            {group === 1 && <OpenFile done={close} />}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** What runs, and what else could. */
export function Picker() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const title = page.use((state) => state.replay?.name ?? state.scenario?.title ?? 'Starting');
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      className="picker-box"
      ref={box}
      onBlur={(event) => {
        if (event.relatedTarget && !box.current?.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        className="picker-button"
        aria-expanded={open}
        aria-controls="picker"
        onClick={() => setOpen(!open)}
      >
        <span className="hidden-text">What runs: </span>
        <span className="picker-title">{title}</span>
        <Icon name="down" />
      </button>
      {open && <Menu close={close} />}
    </div>
  );
}
