/** What a key means. Keys never take from the control that has the focus what it needs itself. */
import { COMMANDS, isLetter, type KeyFocus, type KeyStroke, type PageCommand } from './commands.ts';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

function isPressed(stroke: KeyStroke, press: KeyPress): boolean {
  if (stroke.key !== (press.key.length === 1 ? press.key.toLowerCase() : press.key)) return false;
  const isHeld = press.ctrlKey || press.metaKey;
  if (isHeld !== (stroke.ctrl === true)) return false;
  const saysItself = !isHeld && press.key.length === 1;
  return saysItself || press.shiftKey === (stroke.shift === true);
}

/**
 * What to do, or null when the key belongs to the focused control or means nothing.
 *
 * @param letters whether single characters mean anything.
 */
export function keyCommand(press: KeyPress, focus: KeyFocus, letters: boolean): PageCommand | null {
  if (press.altKey) return null;
  const means = (stroke: KeyStroke) =>
    isPressed(stroke, press) && !stroke.yields.includes(focus) && (letters || !isLetter(stroke));
  return COMMANDS.find(({ keys }) => keys.some(means)) ?? null;
}
