// A static file server for dist/, on this machine only: what any static host does, and no more.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { DIST } from './build-page.mjs';
import { isEntry } from './places.mjs';

const FIRST_PORT = 4173;
const PORTS_TRIED = 50;

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  // No content-encoding: a recording is a gzip file, not a compressed something else.
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * The file a request means, or null: outside `folder`, malformed, or not there.
 *
 * @param {string} folder
 * @param {string} mount path the folder is served under, with a slash at both ends
 * @param {string} url as requested
 */
export function fileFor(folder, mount, url) {
  let wanted;
  try {
    // Cut by hand: `new URL` would resolve `..` before we could refuse it.
    wanted = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
  } catch {
    return null;
  }
  if (wanted.includes('\0') || !wanted.startsWith(mount)) return null;
  const file = path.resolve(folder, wanted.slice(mount.length) || 'index.html');
  const inside = path.relative(folder, file);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return null;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? { file, size: stat.size } : null;
}

/**
 * @param {string} folder
 * @param {string} mount
 * @returns {import('node:http').RequestListener}
 */
function answer(folder, mount) {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const found = fileFor(folder, mount, request.url ?? '/');
    if (!found) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[path.extname(found.file)] ?? 'application/octet-stream',
      'content-length': found.size,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(found.file)
        .on('error', () => response.destroy())
        .pipe(response);
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number | null>} the port taken, or null when it is in use or not allowed
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    /** @param {NodeJS.ErrnoException} error */
    const refused = (error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    };
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : null);
    });
  });
}

/**
 * @param {string | undefined} text the PORT variable
 * @returns {number} a port, 0 = any
 */
function portFrom(text) {
  if (text === undefined || text === '') return FIRST_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`PORT is "${text}"; expected a whole number from 0 to 65535`);
}

/**
 * Serves `folder` on 127.0.0.1, on `port` or the next free one.
 *
 * @param {{ folder?: string, mount?: string, port?: number }} [options] `mount` begins and ends with a
 *   slash; `port` defaults to the PORT variable, then 4173; 0 takes any
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 * @throws Error when no port near the wanted one is free
 */
export async function serve({
  folder = DIST,
  mount = '/',
  port = portFrom(process.env['PORT']),
} = {}) {
  const server = createServer(answer(folder, mount));
  const last = port === 0 ? 0 : Math.min(port + PORTS_TRIED, 65_535);
  for (let candidate = port; candidate <= last; candidate++) {
    const taken = await listen(server, candidate);
    if (taken === null) continue;
    const close = () =>
      new Promise((/** @type {(value: void) => void} */ resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return { url: `http://127.0.0.1:${taken}${mount}`, close };
  }
  throw new Error(`no free port from ${port} to ${last}`);
}

if (isEntry(import.meta)) {
  const { url } = await serve();
  process.stdout.write(`${url}\n`);
}
