// The checks that read the code without running it.
import { runCommand } from './command.mjs';

/**
 * Everything together, then each part as it must stand alone: the page without Node's types, model
 * and engine without the browser's too, the tools as JavaScript.
 */
const TYPE_PROJECTS = ['.', 'src', 'src/model', 'src/engine', 'tools'];
const LINTED = ['src', 'e2e', 'tools', 'vite.config.ts'];

/** @returns {Promise<boolean>} */
export async function checkTypes() {
  for (const project of TYPE_PROJECTS) {
    if (!(await runCommand('typescript', 'tsc', ['-p', project]))) return false;
  }
  return true;
}

export function checkLint() {
  return runCommand('oxlint', 'oxlint', ['--type-aware', ...LINTED]);
}

export function checkFormat() {
  return runCommand('prettier', 'prettier', ['--check', '.']);
}
