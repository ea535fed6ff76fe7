// A hash of the sources, to know whether what was built from them is still theirs.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './places.mjs';

/**
 * @param {string} place file or folder, relative to the project
 * @returns {string[]} the files in it, in a fixed order
 */
function filesIn(place) {
  const stat = statSync(path.join(ROOT, place), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [place];
  return readdirSync(path.join(ROOT, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/**
 * Names and contents of everything in `places` but the tests, as 16 hex digits.
 *
 * @param {readonly string[]} places files or folders, relative to the project; missing ones count as empty
 */
export function fingerprint(places) {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesIn)) {
    const text = readFileSync(path.join(ROOT, file));
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex').slice(0, 16);
}
