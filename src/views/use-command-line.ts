import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { lineAction, type LineAction } from '../store/shell/line-keys.ts';
import { page } from '../store/the-page.ts';

export interface CommandLine {
  readonly text: string;
  type(text: string): void;
  submit(): void;
  press(event: KeyboardEvent<HTMLInputElement>): void;
}

/** The line that is typed: its keys, its history, and what Tab makes of it. */
export function useCommandLine(field: RefObject<HTMLInputElement | null>): CommandLine {
  const [text, setText] = useState('');
  /** How far back in the history, 0 = the line being typed, which is kept in `draft`. */
  const back = useRef(0);
  const draft = useRef('');
  const tabbed = useRef(false);
  /** Where the cursor belongs after the next rendering. */
  const cursor = useRef<number | null>(null);

  useLayoutEffect(() => {
    if (cursor.current !== null) field.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  });

  const put = (next: string, at = next.length) => {
    cursor.current = at;
    setText(next);
  };
  const fresh = (next: string) => {
    back.current = 0;
    put(next);
  };
  const walk = (by: number) => {
    const { history } = page.shell;
    if (back.current === 0) draft.current = text;
    back.current = Math.min(Math.max(back.current + by, 0), history.length);
    const past = history[history.length - back.current];
    put(past ?? draft.current);
  };
  const complete = () => {
    const at = field.current?.selectionStart ?? text.length;
    const left = page.shell.complete(text.slice(0, at), tabbed.current);
    tabbed.current = true;
    put(left + text.slice(at), left.length);
  };
  const actions: Readonly<Record<LineAction, () => void>> = {
    interrupt: () => page.shell.interrupt(),
    drop() {
      page.shell.drop(text);
      fresh('');
    },
    empty: () => fresh(''),
    clear: () => page.shell.clear(),
    earlier: () => walk(1),
    later: () => walk(-1),
    complete,
  };

  return {
    text,
    type(next) {
      // The cursor stays where the browser put it.
      back.current = 0;
      setText(next);
    },
    submit() {
      if (page.state.shell.watch) return;
      void page.shell.enter(text);
      fresh('');
    },
    press(event) {
      if (event.key !== 'Tab') tabbed.current = false;
      const { selectionStart, selectionEnd } = event.currentTarget;
      const action = lineAction(event, {
        text,
        watched: page.state.shell.watch !== null,
        hasSelection: selectionStart !== selectionEnd || getSelection()?.toString() !== '',
      });
      if (action === null) return;
      event.preventDefault();
      actions[action]();
    },
  };
}
