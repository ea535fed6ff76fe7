/** Whether single characters are keys of the page: the last choice, remembered like the theme. */
const KEY = 'bouncescope.letters';

/** As it was chosen last; on where nothing was, or where the browser keeps nothing. */
export function openingLetters(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** Remembers a choice made on the page. */
export function rememberLetters(letters: boolean): void {
  try {
    localStorage.setItem(KEY, letters ? 'on' : 'off');
  } catch {
    // A choice that cannot be kept still holds for this visit.
  }
}
