// Runs the command of an installed package, the same way on every platform: no shell, no .cmd.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './places.mjs';

/**
 * The script behind `node_modules/.bin/<command>`.
 *
 * @param {string} packageName
 * @param {string} command
 */
function binOf(packageName, command) {
  const folder = path.join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (!script) throw new Error(`the package ${packageName} has no command ${command}`);
  return path.join(folder, script);
}

/**
 * Runs `command` of `packageName` in the project's folder with our own standard streams.
 *
 * @param {string} packageName
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to our own environment
 * @returns {Promise<boolean>} whether it ended with status 0
 */
export function runCommand(packageName, command, args, env = {}) {
  const child = spawn(process.execPath, [binOf(packageName, command), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status === 0));
  });
}
