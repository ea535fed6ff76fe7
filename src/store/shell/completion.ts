/** What Tab makes of a line: commands, paths, or keys of sysctl. */
import { COMMAND_NAMES } from './commands.ts';
import type { FileTree } from './file-tree.ts';
import { resolvePath, splitPath } from './paths.ts';
import { sysctlKeys } from './sysctl.ts';

export interface Completion {
  /** The text left of the cursor, completed as far as it is sure. */
  readonly text: string;
  /** What it could go on with, when there are several. */
  readonly choices: readonly string[];
}

export interface CompletionPlace {
  readonly cwd: string;
  readonly tree: FileTree;
}

/** Completes the last word of `text`, which is what stands left of the cursor. */
export function complete(text: string, place: CompletionPlace): Completion {
  const start = Math.max(...[' ', ';', '|', '>'].map((stop) => text.lastIndexOf(stop))) + 1;
  const word = text.slice(start);
  const found = candidates(text.slice(0, start), word, place);
  const common = commonPrefix(found.map(({ whole }) => whole));
  if (found.length === 0 || common.length < word.length) return { text, choices: [] };
  const [only] = found.length === 1 ? found : [];
  return {
    text: text.slice(0, start) + common + (only?.isEnd ? ' ' : ''),
    choices: only ? [] : found.map(({ shown }) => shown),
  };
}

interface Candidate {
  /** The word when it is chosen, and how it is listed. */
  readonly whole: string;
  readonly shown: string;
  /** Whether the word is over with it, and a space follows. */
  readonly isEnd: boolean;
}

function candidates(before: string, word: string, place: CompletionPlace): Candidate[] {
  const typed = before.slice(Math.max(before.lastIndexOf(';'), before.lastIndexOf('|')) + 1);
  const command = commandIn(typed);
  if (command === null) return named(COMMAND_NAMES, word);
  if (command === 'sysctl') return named(sysctlKeys(place.tree), word);
  if (command === 'watch' || COMMAND_NAMES.includes(command)) return paths(word, command, place);
  return [];
}

/** The command whose argument is being typed, or null when it is the command itself. */
function commandIn(typed: string): string | null {
  const words = typed.split(' ').filter((word) => word !== '');
  // What is watched is a command of its own.
  if (words[0] === 'watch') {
    const rest = words.slice(words[1] === '-n' ? 3 : 1);
    return words[1] === '-n' && words.length < 3 ? 'watch' : (rest[0] ?? null);
  }
  return words[0] ?? null;
}

function named(names: readonly string[], word: string): Candidate[] {
  return names
    .filter((name) => name.startsWith(word))
    .map((name) => ({ whole: name, shown: name, isEnd: true }));
}

function paths(word: string, command: string, { cwd, tree }: CompletionPlace): Candidate[] {
  const { before, name } = splitPath(word);
  const at = resolvePath(cwd, before);
  const entry = tree.get(at);
  if (entry?.kind !== 'directory') return [];
  return entry.names
    .filter((known) => known.startsWith(name))
    .map((known) => ({ known, kind: tree.get(resolvePath(at, known))?.kind }))
    .filter(({ kind }) => command !== 'cd' || kind === 'directory')
    .map(({ known, kind }) => {
      const isEnd = kind === 'file';
      const shown = isEnd ? known : `${known}/`;
      return { whole: before + shown, shown, isEnd };
    });
}

function commonPrefix(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) {
    while (!word.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}
