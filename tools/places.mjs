// Where things are: the project, its cache, and the folder the command was typed in.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** Everything the tools build for themselves; `npm ci` sweeps it away together with node_modules. */
export const CACHE = path.join(ROOT, 'node_modules', '.cache', 'bouncescope');

/**
 * An absolute path for `name` as the person meant it. npm runs scripts in the project's folder and
 * leaves the folder the command was typed in behind in INIT_CWD.
 *
 * @param {string} name
 */
export function asTyped(name) {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
}

/**
 * Whether the module with this `import.meta` is the one node was started with.
 *
 * @param {ImportMeta} meta
 */
export function isEntry(meta) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === meta.filename;
}
