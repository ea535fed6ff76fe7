/** Which theme the page wears: the address, else the last choice, else the system's preference. */
export const THEMES = ['dark', 'light', 'projector'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'bouncescope.theme';

function isTheme(text: string | null): text is Theme {
  return THEMES.some((theme) => theme === text);
}

/** What a browser may refuse (private windows, sandboxed frames). */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The theme to open with. */
export function openingTheme(search: string): Theme {
  const asked = new URLSearchParams(search).get('theme');
  if (isTheme(asked)) return asked;
  const last = remembered();
  if (isTheme(last)) return last;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** Remembers a choice made on the page. */
export function rememberTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A choice that cannot be kept still holds for this visit.
  }
}

/** The one after `theme`, in turn. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'dark';
}
