/** Recordings for tests: the bundled ones as text, changed as a test needs, and handed to the page. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { App } from './page.ts';

const FOLDER = path.resolve(import.meta.dirname, '../src/trace/fixtures/recordings');

/** The lines of a bundled recording, header first. */
export function linesOf(name: string): string[] {
  return gunzipSync(readFileSync(path.join(FOLDER, `${name}.jsonl.gz`)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
}

type Json = Record<string, unknown>;

/** The lines with one of them changed, as a gzip'ed file. `line` counts from 1. */
export function withLine(
  lines: readonly string[],
  line: number,
  change: (fields: Json) => Json,
): Buffer {
  const changed = lines.map((text, index) =>
    index === line - 1 ? JSON.stringify(change(JSON.parse(text) as Json)) : text,
  );
  return gzipSync(changed.join('\n'));
}

/** The first line from `from` on that is a map which found room. */
export function mappedLine(lines: readonly string[], from: number): number {
  const found = lines.findIndex((text, index) => {
    if (index < from) return false;
    const { op, ret } = JSON.parse(text) as Json;
    return op === 'map' && typeof ret === 'string';
  });
  return found + 1;
}

/** Opens a file with the picker's own button. */
export async function openFile({ page }: App, name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel('Recording or session').setInputFiles({
    name,
    mimeType: 'application/octet-stream',
    buffer,
  });
}

/** Picks one of the bundled recordings. */
export async function openBundled({ page }: App, name: string): Promise<void> {
  await page.getByRole('button', { name: /What runs/ }).click();
  await page.locator('#picker').getByRole('button', { name }).click();
}
