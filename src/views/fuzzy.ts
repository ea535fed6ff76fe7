/** Finding what was meant by a few letters of it: beginnings of words count most. */

/** How well a text fits, higher is better, and which of its characters were meant. */
export interface Fit {
  readonly score: number;
  readonly at: readonly number[];
}

/** What a letter earns that begins a word, or follows the one before it: runs of letters win. */
const BEGINS = 6;
const FOLLOWS = 7;
/** What it costs to leave out a letter within a word. */
const LEFT_OUT = 2;
/** Of two that fit alike, one that is so much longer comes later. */
const SHORT_CHARS = 40;

const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const begins = (text: string, index: number) => isWord(text[index]) && !isWord(text[index - 1]);

/** What the letter at `index` earns when the one before it stood just before `from`; null: not found so. */
function earnedAt(text: string, index: number, from: number): number | null {
  const isFirst = from === 0;
  const isBegin = begins(text, index);
  if (!isFirst && index === from) return isBegin ? BEGINS : FOLLOWS;
  if (isBegin) return BEGINS;
  const isWithin = !isFirst && !/[^\p{L}\p{N}]/u.test(text.slice(from, index + 1));
  return isWithin ? -LEFT_OUT * (index - from) : null;
}

/** The best way to find `letters` in `text` from `from` on; null when there is none. */
function search(
  text: string,
  letters: string,
  from: number,
  known: Map<number, Fit | null>,
): Fit | null {
  if (letters === '') return { score: 0, at: [] };
  const key = letters.length * (text.length + 1) + from;
  const before = known.get(key);
  if (before !== undefined) return before;
  let best: Fit | null = null;
  for (
    let index = text.indexOf(letters.charAt(0), from);
    index >= 0;
    index = text.indexOf(letters.charAt(0), index + 1)
  ) {
    const earned = earnedAt(text, index, from);
    const rest = earned === null ? null : search(text, letters.slice(1), index + 1, known);
    if (earned === null || rest === null) continue;
    const score = earned + rest.score;
    if (best === null || score > best.score) best = { score, at: [index, ...rest.at] };
  }
  known.set(key, best);
  return best;
}

/**
 * How `text` fits what was typed; null where some of it is not found. Words may come in any order;
 * letters may be left out within a word, but its beginning must be there.
 */
export function fitOf(text: string, typed: string): Fit | null {
  const lower = text.toLowerCase();
  const found: Fit[] = [];
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const fit = search(lower, word, 0, new Map());
    if (fit === null) return null;
    found.push(fit);
  }
  const at = [...new Set(found.flatMap((fit) => fit.at))].toSorted((one, other) => one - other);
  const score =
    found.reduce((sum, fit) => sum + fit.score, 0) - Math.floor(text.length / SHORT_CHARS);
  return { score, at };
}
