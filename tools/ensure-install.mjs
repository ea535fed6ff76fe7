// Runs `npm ci` when node_modules is missing or is not what the lockfile says. Needs nothing
// installed. Prints to stderr only, so that a tool's own output stays clean.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isEntry, ROOT } from './places.mjs';

/** Lowest Node that vite, vitest and the tools run on: [major, minor], as in package.json. */
const LOWEST_NODE = [20, 19];

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | null} null when there is no such file, or no lockfile in it
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm leaves a lockfile of what it
 * really installed in node_modules; optional packages (other platforms' binaries) may be missing.
 */
export function isInstalled() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([place, asked]) => {
    const found = present[place];
    if (place === '' || (!found && asked.optional)) return true;
    return found?.version === asked.version && found?.integrity === asked.integrity;
  });
}

/** @returns {string | null} what is wrong with this Node */
function faultOfNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [lowestMajor = 0, lowestMinor = 0] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return null;
  return `Bouncescope needs Node ${LOWEST_NODE.join('.')} or newer; this is ${process.versions.node}.`;
}

/** `npm ci`, by the npm that runs us if one does. Its output goes to stderr. */
function install() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2] };
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js')) return spawnSync(process.execPath, [npm, ...args], options);
  const shell = process.platform === 'win32'; // npm is npm.cmd there, which needs a shell
  return spawnSync('npm', args, { ...options, shell });
}

/** @returns {boolean} whether everything is installed now; if not, why not was said */
export function tryInstall() {
  let fault = faultOfNode();
  if (!fault && !isInstalled()) {
    process.stderr.write('Installing what package-lock.json names (npm ci) ...\n');
    const { status, error } = install();
    if (status !== 0) fault = `npm ci failed${error ? `: ${error.message}` : ''}.`;
  }
  if (fault) process.stderr.write(`${fault}\n`);
  return fault === null;
}

/** Ends the process when the installation fails: nothing else could work. */
export function ensureInstall() {
  if (!tryInstall()) process.exit(1);
}

if (isEntry(import.meta)) ensureInstall();
