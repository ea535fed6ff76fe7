/** Commands about where things are: ls, cd, pwd. */
import { fault, print, type Command, type Effect, type ShellContext } from './command.ts';
import type { Entry } from './file-tree.ts';
import { DEBUGFS_DIRECTORY, resolvePath } from './paths.ts';

export const pwd: Command = ({ context }) => [print(context.cwd)];

export const cd: Command = ({ args, context }) => {
  const [path = DEBUGFS_DIRECTORY] = args;
  const to = resolvePath(context.cwd, path);
  const entry = context.tree.get(to);
  if (entry?.kind === 'directory') return [{ kind: 'move', to }];
  const why = entry ? 'Not a directory' : 'No such file or directory';
  return [fault(`sh: cd: can't cd to ${path}: ${why}`)];
};

export const ls: Command = ({ args, context }) => {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const odd = flags.find((flag) => !/^-[la1]*$/.test(flag));
  if (odd !== undefined) return [fault(`ls: unrecognized option: ${odd}`)];
  const isLong = flags.some((flag) => flag.includes('l'));
  const paths = args.filter((arg) => !arg.startsWith('-'));
  const asked = paths.length > 0 ? paths : ['.'];
  return asked.flatMap((path) => listed(path, { context, isLong, isNamed: asked.length > 1 }));
};

interface Listing {
  readonly context: ShellContext;
  readonly isLong: boolean;
  /** Whether each directory is told by name. */
  readonly isNamed: boolean;
}

function listed(path: string, { context, isLong, isNamed }: Listing): Effect[] {
  const { cwd, tree } = context;
  const at = resolvePath(cwd, path);
  const entry = tree.get(at);
  if (!entry) return [fault(`ls: ${path}: No such file or directory`)];
  const row = (name: string, shown: Entry | undefined) =>
    isLong ? `${modeOf(shown)} root ${name}` : name;
  if (entry.kind === 'file') return [print(row(path, entry))];
  const rows = entry.names.map((name) => row(name, tree.get(resolvePath(at, name))));
  return [print(...(isNamed ? [`${path}:`] : []), ...rows)];
}

function modeOf(entry: Entry | undefined): string {
  return entry?.kind === 'file' ? entry.mode : 'drwx------';
}
