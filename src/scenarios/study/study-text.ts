/** A study as lines of text, for the command line. */
import { effectsOf } from './effects.ts';
import { RUN_FIGURES } from './run-figures.ts';
import type { StudyRow } from './run-study.ts';
import type { Study, StudyWords } from './study.ts';
import { minus, percent, signedPercent } from './study-words.ts';

const LOAD_WIDTH = 7;
const FIGURE_WIDTH = 9;
const DETAIL_WIDTH = 26;
const TEXT_WIDTH = 100;

/** The whole report. Equal rows give equal lines. */
export function studyLines(
  study: Study,
  words: StudyWords,
  rows: readonly StudyRow[],
): readonly string[] {
  const machines = study.machines.map(({ id }) => ({ id, words: words.machines[id] }));
  return [
    words.title,
    '',
    ...wrapped(`Published: ${words.source}.`),
    ...wrapped(
      `Modelled: ${study.runs} runs of each load without a reboot, the first from boot. Nothing was measured; every cost is an assumption of the model.`,
    ),
    ...wrapped(
      'var is the coefficient of variance of the runs’ bandwidth, diff the mean bandwidth against base. base: 64 MiB that cannot grow; default: 64 MiB that may; growing: 1 MiB that may.',
    ),
    ...machines.flatMap(({ id, words: own }) => ['', own?.title ?? id, ...machineLines(id, rows)]),
    '',
    'What was published, and whether the model shows it',
    ...effectsOf(rows).flatMap(({ claim, verdict, numbers }) => [
      ...wrapped(`${`[${verdict}]`.padEnd(12)}${claim}`, '  '),
      ...wrapped(numbers, '              '),
    ]),
    '',
    'What it cannot show',
    ...listLines(words.cannotShow),
    '',
    'Assumed of all machines',
    ...listLines(words.assumptions),
    ...machines.flatMap(({ id, words: own }) => [
      '',
      `Assumed of the ${own?.title ?? id}`,
      ...listLines(own?.assumptions ?? []),
    ]),
  ];
}

function machineLines(id: string, rows: readonly StudyRow[]): readonly string[] {
  const own = rows.filter(({ machine }) => machine === id);
  const side = figures(['base', 'default', '', 'growing', '']);
  const heads = figures(['var', 'var', 'diff', 'var', 'diff']);
  const gap = ' '.repeat(LOAD_WIDTH);
  return [
    `${gap}${'modelled'.padStart(FIGURE_WIDTH)}${' '.repeat(4 * FIGURE_WIDTH)}   ${'published'.padStart(FIGURE_WIDTH)}`,
    `${gap}${side}   ${side}`.trimEnd(),
    `${gap}${heads}   ${heads}`,
    ...own.map(tableLine),
    '',
    ...own.flatMap(detailLines),
  ];
}

function tableLine({ load, cells, defaultDiff, growingDiff, published }: StudyRow): string {
  const modelled = figures([
    percent(cells.base.variation),
    percent(cells.default.variation),
    signedPercent(defaultDiff),
    percent(cells.growing.variation),
    signedPercent(growingDiff),
  ]);
  const printed = figures([
    published.baseVar,
    published.defaultVar,
    minus(published.defaultDiff),
    published.growingVar,
    minus(published.growingDiff),
  ]);
  return `${load.padEnd(LOAD_WIDTH)}${modelled}   ${printed}`;
}

function detailLines({ load, cells }: StudyRow): readonly string[] {
  const { base, growing } = cells;
  const rates = base.runs.map(({ mibPerSecond }) => mibPerSecond.toFixed(2));
  return [
    `${load}, run 1 to ${growing.runs.length}`,
    detailLine('  base, MiB/s', rates),
    ...RUN_FIGURES.map(({ name, of }) => detailLine(`  ${name}`, growing.runs.map(of))),
  ];
}

function detailLine(name: string, values: readonly string[]): string {
  return `${' '.repeat(LOAD_WIDTH)}${name.padEnd(DETAIL_WIDTH)}${figures(values)}`;
}

function figures(values: readonly string[]): string {
  return values.map((value) => value.padStart(FIGURE_WIDTH)).join('');
}

function listLines(sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((sentence) => {
    const [first = '', ...more] = wrapped(sentence, '    ');
    return [`  - ${first.trimStart()}`, ...more];
  });
}

/** Lines of at most `TEXT_WIDTH`, each behind `indent`. */
function wrapped(text: string, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isFull = line.length + word.length + 1 > TEXT_WIDTH && line.trim() !== '';
    if (isFull) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  lines.push(line);
  return lines;
}
