// Opens a page in the person's browser, if there is one. Never fails: the URL is printed anyway.
import { spawn } from 'node:child_process';

/** @returns {[string, ...string[]] | null} the command that opens a URL here, without the URL */
function opener() {
  if (process.env['CI']) return null;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  const hasScreen = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  return hasScreen ? ['xdg-open'] : null;
}

/** @param {string} url */
export function openUrl(url) {
  const command = opener();
  if (!command) return;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {}); // no such program: the person opens the printed URL by hand
  child.unref();
}
