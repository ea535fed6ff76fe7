/** The commands by name, and how a pipeline of them is run. Pure: what is to be done is returned. */
import { fault, print, type Command, type Effect, type ShellContext } from './command.ts';
import { takesNothing } from './file-tree.ts';
import type { Pipeline } from './parse.ts';
import { expanded } from './patterns.ts';
import { resolvePath } from './paths.ts';
import { cd, ls, pwd } from './places.ts';
import { cat, grep, head, tail } from './readers.ts';
import { sysctl } from './sysctl.ts';

/** Told by `help`: no more than the panel shows at once, and no row wider than it is. */
const HELP = [
  'cat FILE...  ls [-l]  cd  pwd',
  'echo VALUE > FILE',
  'sysctl KEY[=VALUE]  or -a',
  'watch [-n SECS] CMD  q ends',
  'dmesg  head  tail  grep  history',
  'Tab completes; an empty line it leaves, as Shift+Tab does any. Ctrl+L clears.',
];

/** Most seconds between two looks of `watch`. */
const LONGEST_WATCH_S = 3600;
const SHORTEST_WATCH_S = 0.1;

const echo: Command = ({ args }) => [print((args[0] === '-n' ? args.slice(1) : args).join(' '))];

const watch: Command = ({ args }) => {
  const isTimed = (args[0] ?? '').startsWith('-n');
  const isSplit = args[0] === '-n';
  const asked = isSplit ? (args[1] ?? '') : (args[0] ?? '').slice(2);
  const words = isTimed ? args.slice(isSplit ? 2 : 1) : args;
  if (isTimed && !/^\d{1,6}(\.\d{1,6})?$/.test(asked)) {
    return [fault(`watch: invalid interval '${asked}'`)];
  }
  if (words.length === 0) return [fault('watch: which command?')];
  const seconds = Math.min(Math.max(Number(asked), SHORTEST_WATCH_S), LONGEST_WATCH_S);
  return [{ kind: 'watch', seconds: isTimed ? seconds : null, line: words.join(' ') }];
};

const history: Command = ({ context }) => [
  print(...context.history.map((line, row) => `${String(row + 1).padStart(4)}  ${line}`)),
];

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['cat', cat],
  ['cd', cd],
  ['clear', () => [{ kind: 'clear' }]],
  ['dmesg', ({ context }) => [print(...context.dmesg)]],
  ['echo', echo],
  ['grep', grep],
  ['head', head],
  ['help', () => [print(...HELP)]],
  ['history', history],
  ['ls', ls],
  ['pwd', pwd],
  ['sysctl', sysctl],
  ['tail', tail],
  ['watch', watch],
]);

export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()];

function isLines(effect: Effect): effect is Extract<Effect, { kind: 'print' }> {
  return effect.kind === 'print';
}

/** Runs a pipeline: what its last command asks for, and the faults of those before it. */
export function runPipeline({ stages, target }: Pipeline, context: ShellContext): Effect[] {
  let input: readonly string[] | null = null;
  const before: Effect[] = [];
  let last: readonly Effect[] = [];
  for (const stage of stages) {
    const [name = '', ...args] = expanded(stage, context.tree, context.cwd);
    before.push(...last.filter((effect) => effect.kind === 'fault'));
    const command = COMMANDS.get(name);
    last = command ? command({ args, context, input }) : [fault(`sh: ${name}: not found`)];
    input = last.filter(isLines).flatMap(({ lines }) => lines);
  }
  const others = last.filter((effect) => !isLines(effect));
  if (target === null) return [...before, ...last];
  return [...before, ...others, ...redirected(target.text, input ?? [], context)];
}

/** Writes what was printed into a file. The newline that `echo` adds goes without saying. */
function redirected(typed: string, lines: readonly string[], context: ShellContext): Effect[] {
  const entry = context.tree.get(resolvePath(context.cwd, typed));
  if (!entry) return [fault(`sh: can't create ${typed}: No such file or directory`)];
  if (entry.kind === 'directory') return [fault(`sh: can't create ${typed}: Is a directory`)];
  // Root may open it, but procfs takes nothing for it.
  if (takesNothing(entry)) return [fault('sh: write error: Input/output error')];
  // A command that only failed has written nothing.
  if (lines.length === 0) return [];
  return [{ kind: 'write', file: entry.writtenAs, typed, text: lines.join(' '), key: null }];
}
