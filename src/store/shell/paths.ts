/** Paths as a shell resolves them. */

/** Where the shell begins. */
export const DEBUGFS_DIRECTORY = '/sys/kernel/debug/swiotlb';
const HOME = '/root';

/** The absolute path that `path` means in `directory`, without `.`, `..` and doubled slashes. */
export function resolvePath(directory: string, path: string): string {
  const isHome = path === '~' || path.startsWith('~/');
  const whole = isHome ? HOME + path.slice(1) : path;
  const parts = (whole.startsWith('/') ? whole : `${directory}/${whole}`).split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

/** Last part of a path, and what is before it with its slash. */
export function splitPath(path: string): { readonly before: string; readonly name: string } {
  const at = path.lastIndexOf('/') + 1;
  return { before: path.slice(0, at), name: path.slice(at) };
}
