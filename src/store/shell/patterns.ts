/** Patterns of names and of lines, matched without going back: no input takes long. */
import type { FileTree } from './file-tree.ts';
import type { Word } from './parse.ts';
import { resolvePath, splitPath } from './paths.ts';

/** Whether `name` is one that the shell's `*` and `?` mean. */
function matchesName(name: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let char = 0; char < name.length;) {
    const wanted = pattern.charAt(at);
    if (wanted === '*') {
      star = at++;
      starAt = char;
    } else if (at < pattern.length && (wanted === '?' || wanted === name.charAt(char))) {
      at++;
      char++;
    } else if (star >= 0) {
      // The last star takes one more character.
      at = star + 1;
      char = ++starAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

/** The words with patterns put in place of what they match; a pattern without a match stays. */
export function expanded(words: readonly Word[], tree: FileTree, cwd: string): string[] {
  return words.flatMap(({ text, isPattern }) => {
    if (!isPattern) return [text];
    const { before, name } = splitPath(text);
    const entry = tree.get(resolvePath(cwd, before));
    if (entry?.kind !== 'directory') return [text];
    const names = entry.names.filter((known) => matchesName(known, name));
    return names.length > 0 ? names.map((known) => before + known) : [text];
  });
}

/** Whether `line` holds `pattern`, in which a dot is any character. */
export function holds(line: string, pattern: string): boolean {
  for (let from = 0; from + pattern.length <= line.length; from++) {
    let same = 0;
    while (
      same < pattern.length &&
      (pattern.charAt(same) === '.' || pattern.charAt(same) === line.charAt(from + same))
    ) {
      same++;
    }
    if (same === pattern.length) return true;
  }
  return false;
}
