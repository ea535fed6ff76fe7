import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND_NAMES, runPipeline } from './commands.ts';
import { complete } from './completion.ts';
import { fileTree } from './file-tree.ts';
import { parseLine } from './parse.ts';
import { DEBUGFS_DIRECTORY } from './paths.ts';
import { MAX_LINE_CHARS, MAX_LINES, withLines, type ShellLine } from './screen.ts';

const throttle = { high: 3, low: 2, highCount: 0, lowCount: Number.MAX_SAFE_INTEGER };
const tree = fileTree({ nslabs: 4, used: 1, hiwater: 1, transientNslabs: 0, throttle });
const dmesg = Array.from({ length: 900 }, (_, row) => `[${row}] ${'x'.repeat(row)}`);
const context = { cwd: DEBUGFS_DIRECTORY, tree, dmesg, history: ['pwd'] };

/** Lines of what the shell knows, in any order, among anything else. */
const lines = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...COMMAND_NAMES,
          ' ',
          ' ',
          ';',
          '|',
          '>',
          '"',
          "'",
          '\\',
          '*',
          '?',
          '=',
          '..',
          '/',
          '~',
          '-n',
          '-a',
        ),
        fc.constantFrom(
          'io_tlb_used',
          'high_throttle',
          'kernel.dma',
          '/proc/sys',
          '__proto__',
          '9',
        ),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

/** Runs a line on a screen as the page does, writes left out. */
function screenAfter(line: string, before: readonly ShellLine[]): readonly ShellLine[] {
  const parsed = parseLine(line);
  if (parsed.kind === 'fault') return withLines(before, 'fault', [parsed.text]);
  const effects = parsed.pipelines.flatMap((pipeline) => runPipeline(pipeline, context));
  return effects.reduce((screen, effect) => {
    if (effect.kind === 'print') return withLines(screen, 'out', effect.lines);
    return effect.kind === 'fault' ? withLines(screen, 'fault', [effect.text]) : screen;
  }, before);
}

test('whatever is typed, nothing throws and the screen stays within its bounds', () => {
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 4 }), (typed) => {
      let screen: readonly ShellLine[] = [];
      for (const line of typed) screen = screenAfter(line, withLines(screen, 'typed', [line]));
      expect(screen.length).toBeLessThanOrEqual(MAX_LINES);
      expect(screen.every(({ text }) => text.length <= MAX_LINE_CHARS)).toBe(true);
      expect(screen.every(({ text }) => !/[\p{Cc}\p{Cf}]/u.test(text))).toBe(true);
      expect(new Set(screen.map(({ id }) => id)).size).toBe(screen.length);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is typed, Tab only adds to it', () => {
  fc.assert(
    fc.property(lines, (line) => {
      const { text, choices } = complete(line, context);
      expect(text.startsWith(line)).toBe(true);
      expect(choices.length).toBeLessThan(50);
    }),
    { numRuns: 2000 },
  );
});
