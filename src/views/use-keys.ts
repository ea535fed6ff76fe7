import { useEffect } from 'react';
import { COLOUR_MODES } from '../engine/frame.ts';
import { keyAction, type KeyAction, type KeyFocus } from '../store/keys.ts';
import { page } from '../store/the-page.ts';
import { grid } from './grid-controls.ts';

const SELECTORS: readonly (readonly [KeyFocus, string])[] = [
  ['grid', '[data-grid]'],
  ['slider', 'input[type=range]'],
  ['button', 'button, summary, a, input[type=checkbox]'],
  ['text', 'input, textarea, select'],
];

/**
 * The control that was last pressed with a pointer. It keeps the focus, but whoever pressed it looks
 * at the memory: Space and arrows are the page's until Tab says otherwise.
 */
let pressed: Element | null = null;

function focusOf(target: EventTarget | null): KeyFocus {
  if (!(target instanceof Element)) return 'page';
  const focus = SELECTORS.find(([, selector]) => target.matches(selector))?.[0] ?? 'page';
  return focus === 'button' && target === pressed ? 'page' : focus;
}

function notePointer({ target }: PointerEvent) {
  const buttons = SELECTORS.find(([focus]) => focus === 'button')?.[1] ?? '';
  pressed = target instanceof Element ? target.closest(buttons) : null;
}

/** Closes what is open, innermost first. */
function escape() {
  const { logOpen, tableOpen, pinnedAt, span } = page.state;
  if (tableOpen) page.look.toggle('tableOpen');
  else if (logOpen) page.look.toggle('logOpen');
  else if (span) page.set({ span: null });
  else if (pinnedAt) page.pointing.pin(null);
}

const ACTIONS: Readonly<Record<Exclude<KeyAction['kind'], 'colour'>, () => void>> = {
  toggle: () => page.transport.toggle(),
  step: () => page.transport.step(),
  slower: () => page.transport.slower(),
  faster: () => page.transport.faster(),
  'real-time': () => page.transport.realTime(),
  'zoom-in': () => grid.current?.zoom(1),
  'zoom-out': () => grid.current?.zoom(-1),
  'pan-left': () => grid.current?.pan(-1),
  'pan-right': () => grid.current?.pan(1),
  fit: () => grid.current?.fit(),
  compare: () => page.compare.toggle(),
  help: () => page.look.toggle('helpOpen'),
  escape,
};

function act(action: KeyAction) {
  if (action.kind !== 'colour') ACTIONS[action.kind]();
  else page.look.setColourMode(COLOUR_MODES[action.index] ?? 'device');
}

/** The keys of the whole page; an open dialog keeps its own. */
export function useKeys() {
  useEffect(() => {
    /** Some browsers press a focused button when Space comes up. */
    let taken = '';
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Tab') pressed = null;
      const { helpOpen, studyOpen, scope } = page.state;
      if (event.defaultPrevented || helpOpen || studyOpen || scope.open) return;
      const action = keyAction(event, focusOf(event.target));
      if (!action) return;
      if (action.kind !== 'escape') event.preventDefault();
      taken = event.key;
      act(action);
    };
    const release = (event: KeyboardEvent) => {
      if (event.key === taken) event.preventDefault();
      taken = '';
    };
    window.addEventListener('keydown', listen);
    window.addEventListener('keyup', release);
    window.addEventListener('pointerdown', notePointer);
    return () => {
      window.removeEventListener('keydown', listen);
      window.removeEventListener('keyup', release);
      window.removeEventListener('pointerdown', notePointer);
    };
  }, []);
}
