/** The command `sysctl`: keys of /proc/sys with dots, read and written. */
import { fault, print, type Call, type Command, type Effect } from './command.ts';
import type { FileTree } from './file-tree.ts';
import { resolvePath } from './paths.ts';

const ROOT = '/proc/sys';
const USAGE = 'usage: sysctl [-n] KEY | [-w] KEY=VALUE | -a';

/** Every key there is, as it is shown. */
export function sysctlKeys(tree: FileTree): string[] {
  return filesUnder(ROOT, tree).map(keyOf);
}

function filesUnder(path: string, tree: FileTree): string[] {
  const entry = tree.get(path);
  if (!entry) return [];
  if (entry.kind === 'file') return [path];
  return entry.names.flatMap((name) => filesUnder(`${path}/${name}`, tree));
}

function keyOf(path: string): string {
  return path.slice(ROOT.length + 1).replaceAll('/', '.');
}

/** The path of a key. Whichever of dot and slash comes first is what parts it. */
function pathOf(key: string): string {
  const isDotted = /^[^/]*\./.test(key);
  return resolvePath(ROOT, (isDotted ? key.replaceAll('.', '/') : key).replace(/^\/+/, ''));
}

export const sysctl: Command = (call) => {
  const flags = call.args.filter((arg) => arg.startsWith('-'));
  const odd = flags.find((flag) => !/^-[anw]+$/.test(flag));
  if (odd !== undefined) return [fault(`sysctl: unrecognized option '${odd}'`)];
  const has = (flag: string) => flags.some((given) => given.includes(flag));
  const asked = call.args.filter((arg) => !arg.startsWith('-'));
  if (has('a')) return [told(ROOT, call, has('n'))];
  if (asked.length === 0) return [fault(USAGE)];
  return asked.flatMap((word) => {
    if (word.includes('=')) return written(word, call);
    if (has('w')) return [fault(`sysctl: "${word}" must be of the form name=value`)];
    return [read(word, call, has('n'))];
  });
};

function told(path: string, { context }: Call, bare: boolean): Effect {
  const lines = filesUnder(path, context.tree).map((file) => {
    const entry = context.tree.get(file);
    const text = entry?.kind === 'file' ? entry.text : '';
    return bare ? text : `${keyOf(file)} = ${text}`;
  });
  return print(...lines);
}

function absent(key: string): Effect {
  return fault(`sysctl: cannot stat ${pathOf(key)}: No such file or directory`);
}

/** Whether a path is below /proc/sys; one with `..` in it may lead out. */
function isKey(path: string): boolean {
  return path.startsWith(`${ROOT}/`);
}

function read(key: string, call: Call, bare: boolean): Effect {
  const path = pathOf(key);
  return isKey(path) && call.context.tree.has(path) ? told(path, call, bare) : absent(key);
}

function written(word: string, { context }: Call): Effect[] {
  const at = word.indexOf('=');
  const [key, text] = [word.slice(0, at), word.slice(at + 1)];
  if (key === '' || text === '') return [fault(`sysctl: malformed setting "${word}"`)];
  const path = pathOf(key);
  const entry = context.tree.get(path);
  if (!entry || !isKey(path)) return [absent(key)];
  const name = keyOf(path);
  if (entry.kind === 'directory') {
    return [fault(`sysctl: setting key "${name}": Is a directory`)];
  }
  return [{ kind: 'write', file: entry.writtenAs, typed: path, text, key: name }];
}
