/** What a key means. Keys never take from the control that has the focus what it needs itself. */

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

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

export type KeyAction =
  | { readonly kind: 'toggle' | 'step' | 'slower' | 'faster' | 'real-time' }
  | { readonly kind: 'zoom-in' | 'zoom-out' | 'pan-left' | 'pan-right' | 'fit' }
  | { readonly kind: 'compare' | 'help' | 'escape' }
  /** `index` into `COLOUR_MODES`. */
  | { readonly kind: 'colour'; readonly index: number };

const LETTERS: Readonly<Record<string, KeyAction>> = {
  k: { kind: 'toggle' },
  '[': { kind: 'slower' },
  ']': { kind: 'faster' },
  '\\': { kind: 'real-time' },
  w: { kind: 'zoom-in' },
  s: { kind: 'zoom-out' },
  a: { kind: 'pan-left' },
  d: { kind: 'pan-right' },
  '0': { kind: 'fit' },
  c: { kind: 'compare' },
  '?': { kind: 'help' },
};

/** Keys that some controls need for themselves. */
function shared(key: string, focus: KeyFocus): KeyAction | null {
  if (key === ' ') return focus === 'button' ? null : { kind: 'toggle' };
  return focus === 'page' || focus === 'button' ? { kind: 'step' } : null;
}

/** What to do, or null when the key belongs to the focused control or means nothing. */
export function keyAction(press: KeyPress, focus: KeyFocus): KeyAction | null {
  const { key } = press;
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (key === 'Escape') return { kind: 'escape' };
  if (focus === 'text') return null;
  if (key === ' ' || key === 'ArrowRight') return shared(key, focus);
  if (/^[1-7]$/.test(key)) return { kind: 'colour', index: Number(key) - 1 };
  return LETTERS[key.toLowerCase()] ?? null;
}
