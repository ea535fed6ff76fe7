/**
 * Everything that a key can ask of the page, in one table: the keys, the command palette and the list
 * of keys in the help are read from it, so that none can say what the others do not.
 */
import { COLOUR_MODES } from '../engine/frame.ts';
import type { Page } from './page.ts';

/** What has the focus, as far as keys care. */
export type KeyFocus =
  /** Nothing in particular. */
  | 'page'
  /** A text field or a select box: every printable key and every arrow is its own. */
  | 'text'
  /** A button, a link, a check box: Space and Enter press it. */
  | 'button'
  /** A slider: the arrows, Home and End move it. */
  | 'slider'
  /** The memory: the arrows, Home, End, Enter walk it. */
  | 'grid';

/** What a command may do to the view of the memory. */
export interface GridHands {
  /** One step in (1) or out (-1). */
  zoom(direction: 1 | -1): void;
  /** One step left (-1) or right (1). */
  pan(direction: 1 | -1): void;
  fit(): void;
}

/** One key, alone or with others held down. */
export interface KeyStroke {
  /** As `KeyboardEvent.key` has it; letters in lower case. */
  readonly key: string;
  /** What is printed on it. */
  readonly cap: string;
  /** With Ctrl, or Cmd on a Mac. */
  readonly ctrl?: true;
  /** With Shift as well; of no meaning to a single character alone, which says itself whether it needs it. */
  readonly shift?: true;
  /** What needs the key for itself when it has the focus. */
  readonly yields: readonly KeyFocus[];
}

/** A command of the page. */
export interface PageCommand {
  readonly id: string;
  /** What it does, as the palette says it. */
  readonly title: string;
  /** The line of the help that its keys stand in; commands with the same line share it. */
  readonly line: string;
  readonly keys: readonly KeyStroke[];
  readonly run: (page: Page, grid: GridHands | null) => void;
}

/** A single character: off where they are switched off, and never taken from a text field. */
const letter = (key: string): KeyStroke => ({ key, cap: key.toUpperCase(), yields: ['text'] });

/** With Ctrl; what a text field does with it is left to the field. */
const held = (key: string, yields: readonly KeyFocus[] = ['text']): KeyStroke => ({
  key,
  cap: key.toUpperCase(),
  ctrl: true,
  yields,
});

const SPACE: KeyStroke = { key: ' ', cap: 'Space', yields: ['text', 'button'] };
/** Moves through time, but where something else is walked by such keys. */
const walk = (key: string, cap: string): KeyStroke => ({
  key,
  cap,
  yields: ['text', 'slider', 'grid'],
});
const shifted = (key: string, cap: string): KeyStroke => ({ ...walk(key, cap), shift: true });
const ESCAPE: KeyStroke = { key: 'Escape', cap: 'Esc', yields: [] };

/** Closes what is open, innermost first. */
function escape(page: Page): void {
  const { logOpen, tableOpen, pinnedAt, span, memory } = page.state;
  if (tableOpen) page.look.toggle('tableOpen');
  else if (logOpen) page.look.toggle('logOpen');
  else if (span) page.set({ span: null });
  else if (memory.open && memory.cell >= 0) page.memory.zoom(-1);
  else if (memory.open) page.memory.show(false);
  else if (pinnedAt) page.pointing.pin(null);
}

const COLOURS: readonly PageCommand[] = COLOUR_MODES.map((mode, index) => ({
  id: `colour-${mode}`,
  title: `Colour by ${mode.replace('-', ' ')}`,
  line: 'colour by device, state, age, direction, free run, area, request',
  keys: [letter(`${index + 1}`)],
  run: (page) => page.look.setColourMode(mode),
}));

/** All of them, in the order the help shows their keys. */
export const COMMANDS: readonly PageCommand[] = [
  {
    id: 'toggle',
    title: 'Play or pause',
    line: 'play, pause',
    keys: [SPACE, letter('k')],
    run: (page) => page.transport.toggle(),
  },
  {
    id: 'step',
    title: 'One event forward',
    line: 'one event forward, back',
    keys: [walk('ArrowRight', '→')],
    run: (page) => page.transport.step(),
  },
  {
    id: 'step-back',
    title: 'One event back',
    line: 'one event forward, back',
    keys: [walk('ArrowLeft', '←')],
    run: (page) => page.time.move('event', -1),
  },
  {
    id: 'previous-interesting',
    title: 'Previous interesting event',
    line: 'previous, next interesting event',
    keys: [shifted('ArrowLeft', '←')],
    run: (page) => page.time.move('interesting', -1),
  },
  {
    id: 'next-interesting',
    title: 'Next interesting event',
    line: 'previous, next interesting event',
    keys: [shifted('ArrowRight', '→')],
    run: (page) => page.time.move('interesting', 1),
  },
  {
    id: 'previous-decision',
    title: 'Previous map or unmap',
    line: 'previous, next map or unmap',
    keys: [],
    run: (page) => page.time.move('decision', -1),
  },
  {
    id: 'next-decision',
    title: 'Next map or unmap',
    line: 'previous, next map or unmap',
    keys: [],
    run: (page) => page.time.move('decision', 1),
  },
  {
    id: 'previous-tick',
    title: 'One virtual millisecond back',
    line: 'a virtual millisecond back, forward',
    keys: [],
    run: (page) => page.time.move('tick', -1),
  },
  {
    id: 'next-tick',
    title: 'One virtual millisecond forward',
    line: 'a virtual millisecond back, forward',
    keys: [],
    run: (page) => page.time.move('tick', 1),
  },
  {
    id: 'to-start',
    title: 'To the start of the run',
    line: 'to the start, to the furthest event played',
    keys: [walk('Home', 'Home')],
    run: (page) => page.time.toStart(),
  },
  {
    id: 'to-end',
    title: 'To the furthest event played',
    line: 'to the start, to the furthest event played',
    keys: [walk('End', 'End')],
    run: (page) => page.time.toEnd(),
  },
  {
    id: 'mark',
    title: 'Mark this place of the run',
    line: 'mark this place of the run',
    keys: [letter('m')],
    run: (page) => page.bookmarks.mark(),
  },
  {
    id: 'loop',
    title: 'Loop the selected stretch, or stop looping',
    line: 'loop the selected stretch',
    keys: [],
    run: (page) => page.bookmarks.toggleLoop(),
  },
  {
    id: 'slower',
    title: 'Slower',
    line: 'slower, faster',
    keys: [letter('[')],
    run: (page) => page.transport.slower(),
  },
  {
    id: 'faster',
    title: 'Faster',
    line: 'slower, faster',
    keys: [letter(']')],
    run: (page) => page.transport.faster(),
  },
  {
    id: 'real-time',
    title: 'Real time',
    line: 'real time',
    keys: [letter('\\')],
    run: (page) => page.transport.realTime(),
  },
  {
    id: 'zoom-in',
    title: 'Zoom in',
    line: 'zoom in, out',
    keys: [letter('w')],
    run: (_, grid) => grid?.zoom(1),
  },
  {
    id: 'zoom-out',
    title: 'Zoom out',
    line: 'zoom in, out',
    keys: [letter('s')],
    run: (_, grid) => grid?.zoom(-1),
  },
  {
    id: 'pan-left',
    title: 'Pan left',
    line: 'pan left, right',
    keys: [letter('a')],
    run: (_, grid) => grid?.pan(-1),
  },
  {
    id: 'pan-right',
    title: 'Pan right',
    line: 'pan left, right',
    keys: [letter('d')],
    run: (_, grid) => grid?.pan(1),
  },
  {
    id: 'fit',
    title: 'Fit all pools',
    line: 'fit all pools',
    keys: [letter('0')],
    run: (_, grid) => grid?.fit(),
  },
  ...COLOURS,
  {
    id: 'compare',
    title: 'Compare: with and without',
    line: 'compare: the same without throttling, or with it, or nothing',
    keys: [letter('c')],
    run: (page) => page.compare.toggle(),
  },
  {
    id: 'undo',
    title: 'Undo the last change',
    line: 'undo a change, do it again',
    keys: [held('z')],
    run: (page) => page.undo.back(),
  },
  {
    id: 'redo',
    title: 'Do the undone change again',
    line: 'undo a change, do it again',
    keys: [{ ...held('z'), shift: true }],
    run: (page) => page.undo.forth(),
  },
  {
    id: 'export',
    title: 'Export tables and a trace',
    line: 'export',
    keys: [letter('e')],
    run: (page) => page.look.toggle('exportOpen'),
  },
  {
    id: 'palette',
    title: 'Commands',
    line: 'all commands',
    keys: [held('k', [])],
    run: (page) => page.look.toggle('paletteOpen'),
  },
  {
    id: 'help',
    title: 'Help and keys',
    line: 'this help',
    keys: [letter('?')],
    run: (page) => page.look.toggle('helpOpen'),
  },
  {
    id: 'escape',
    title: 'Close the innermost panel, or unpin',
    line: 'close, unpin',
    keys: [ESCAPE],
    run: escape,
  },
];

/** A key alone that types something: WCAG 2.1.4 asks that such keys can be switched off. */
export function isLetter({ key, ctrl }: KeyStroke): boolean {
  return ctrl !== true && key.length === 1 && key !== ' ';
}
