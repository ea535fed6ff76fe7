// Builds the page into dist/, unless dist/ is already what the sources say.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { fingerprint } from './fingerprint.mjs';
import { CACHE, ROOT } from './places.mjs';

export const DIST = path.join(ROOT, 'dist');

const SOURCES = ['index.html', 'src', 'public', 'vite.config.ts', 'package-lock.json'];
const STAMP = path.join(CACHE, 'dist-fingerprint');

/** @param {string} print fingerprint of the sources */
function isBuilt(print) {
  if (!existsSync(path.join(DIST, 'index.html')) || !existsSync(STAMP)) return false;
  return readFileSync(STAMP, 'utf8') === print;
}

/**
 * @param {{ always?: boolean }} [options] `always`: build even if nothing changed
 * @returns {Promise<boolean>} whether dist/ is now good
 */
export async function buildPage({ always = false } = {}) {
  const print = fingerprint(SOURCES);
  if (!always && isBuilt(print)) return true;
  if (!(await runCommand('vite', 'vite', ['build', '--logLevel', 'warn']))) return false;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(STAMP, print);
  return true;
}
