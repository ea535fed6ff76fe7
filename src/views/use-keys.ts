import { useEffect } from 'react';
import type { KeyFocus } from '../store/commands.ts';
import { keyCommand } from '../store/keys.ts';
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

function isDialogOpen(): boolean {
  const { helpOpen, studyOpen, exportOpen, paletteOpen, shareOpen, scope } = page.state;
  return helpOpen || studyOpen || exportOpen || paletteOpen || shareOpen || scope.open;
}

/** The keys of the whole page; an open dialog keeps its own. */
export function useKeys() {
  useEffect(() => {
    /** Some browsers press a focused button when Space comes up. */
    let taken = '';
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Tab') pressed = null;
      if (event.defaultPrevented || isDialogOpen()) return;
      const command = keyCommand(event, focusOf(event.target), page.state.letterKeys);
      if (!command) return;
      if (command.id !== 'escape') event.preventDefault();
      taken = event.key;
      command.run(page, grid.current);
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
