/** Commands that print files, or lines of them: cat, head, tail, grep. */
import { fault, print, type Call, type Command, type Effect } from './command.ts';
import { holds } from './patterns.ts';
import { resolvePath } from './paths.ts';

const HEAD_LINES = 10;

/** One source of lines: a file, or what came through the pipe (under no name). */
interface Source {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The sources that are there, and a fault for each that is not. */
function sourcesOf(command: string, files: readonly string[], { context, input }: Call) {
  const faults: Effect[] = [];
  const sources: Source[] = [];
  for (const file of files) {
    const entry = context.tree.get(resolvePath(context.cwd, file));
    if (entry?.kind === 'file') sources.push({ name: file, lines: entry.text.split('\n') });
    else if (entry) faults.push(fault(`${command}: read error: Is a directory`));
    else faults.push(fault(`${command}: can't open '${file}': No such file or directory`));
  }
  if (files.length === 0 && input !== null) sources.push({ name: '', lines: input });
  if (files.length === 0 && input === null) faults.push(fault(`${command}: which file?`));
  return { faults, sources };
}

export const cat: Command = (call) => {
  const { faults, sources } = sourcesOf('cat', call.args, call);
  return [print(...sources.flatMap(({ lines }) => lines)), ...faults];
};

/** `head` and `tail`: as many lines of each file as asked for. */
function part(command: 'head' | 'tail'): Command {
  return (call) => {
    const { count, files, odd } = countedArgs(call.args);
    if (odd !== null) return [fault(`${command}: invalid number '${odd}'`)];
    const { faults, sources } = sourcesOf(command, files, call);
    const lines = sources.flatMap((source) => [
      ...(sources.length > 1 ? [`==> ${source.name} <==`] : []),
      ...(command === 'head'
        ? source.lines.slice(0, count)
        : source.lines.slice(Math.max(0, source.lines.length - count))),
    ]);
    return [print(...lines), ...faults];
  };
}

export const head = part('head');
export const tail = part('tail');

/** Reads `-n 3`, `-n3` and `-3`; `odd` is what should have been a number. */
function countedArgs(args: readonly string[]) {
  const [first = '', second = ''] = args;
  const isSplit = first === '-n';
  const asked = isSplit ? second : (/^-n?(.*)$/.exec(first)?.[1] ?? null);
  if (asked === null) return { count: HEAD_LINES, files: args, odd: null };
  const isNumber = /^\d{1,9}$/.test(asked);
  return {
    count: Number(asked),
    files: args.slice(isSplit ? 2 : 1),
    odd: isNumber ? null : asked,
  };
}

/** Lines that hold a text, a dot in which is any character; with their file where there are more. */
export const grep: Command = (call) => {
  const [pattern, ...files] = call.args;
  if (pattern === undefined) return [fault('grep: which text?')];
  const { faults, sources } = sourcesOf('grep', files, call);
  const lines = sources.flatMap(({ name, lines: all }) =>
    all
      .filter((line) => holds(line, pattern))
      .map((line) => (files.length > 1 ? `${name}:${line}` : line)),
  );
  return [print(...lines), ...faults];
};
