/** What a key means while the line of the shell has the focus. */

export interface LinePress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
}

export interface LineState {
  readonly text: string;
  /** Whether a command is being watched: then the line takes nothing but its end. */
  readonly watched: boolean;
  /** Whether something is marked, so that Ctrl+C means to copy it. */
  readonly hasSelection: boolean;
}

export type LineAction =
  'interrupt' | 'drop' | 'empty' | 'clear' | 'earlier' | 'later' | 'complete';

/** What to do, or null when the key is the field's or the page's. */
export function lineAction(press: LinePress, line: LineState): LineAction | null {
  return line.watched
    ? watchedAction(press)
    : press.ctrlKey
      ? held(press, line)
      : plain(press, line);
}

function watchedAction({ key, ctrlKey }: LinePress): LineAction | null {
  const ends = ctrlKey ? key.toLowerCase() === 'c' : key === 'q' || key === 'Escape';
  return ends ? 'interrupt' : null;
}

function held({ key }: LinePress, { hasSelection }: LineState): LineAction | null {
  if (key.toLowerCase() === 'l') return 'clear';
  return key.toLowerCase() === 'c' && !hasSelection ? 'drop' : null;
}

function plain({ key, shiftKey }: LinePress, { text }: LineState): LineAction | null {
  if (key === 'ArrowUp') return 'earlier';
  if (key === 'ArrowDown') return 'later';
  // On an empty line Esc is the page's, and Tab goes on to what is next on it.
  if (text === '') return null;
  if (key === 'Escape') return 'empty';
  return key === 'Tab' && !shiftKey ? 'complete' : null;
}
