/** `npm run study`: runs a study and prints it. */
import { effectsOf } from './effects.ts';
import { StudyRunner, type StudyProgress, type StudyRow } from './run-study.ts';
import { studyLines } from './study-text.ts';
import { STUDIES } from './studies.ts';
import type { Study } from './study.ts';
import { tesarik2023Words } from './tesarik-2023-words.ts';

/** What the command needs from outside. */
export interface StudyIo {
  readonly print: (line: string) => void;
  /** Told before every run; what it makes of it is no part of the report. */
  readonly progress: (progress: StudyProgress) => void;
}

/**
 * Runs the study named in `args` and prints it as text, or with `--json` as one object.
 *
 * @returns the exit status: 2 when no study is named, or one that does not exist.
 */
export function studyMain(args: readonly string[], io: StudyIo): number {
  const json = args.includes('--json');
  const [name, ...more] = args.filter((arg) => arg !== '--json');
  const study = STUDIES.find(({ id }) => id === name);
  if (study === undefined || more.length > 0) {
    const known = STUDIES.map(({ id }) => id).join(', ');
    io.print(`usage: npm run -s study -- [--json] NAME; there is ${known}`);
    return 2;
  }
  const rows = finished(study, io);
  if (json) io.print(JSON.stringify({ study: study.id, rows, effects: effectsOf(rows) }));
  else for (const line of studyLines(study, tesarik2023Words, rows)) io.print(line);
  return 0;
}

function finished(study: Study, io: StudyIo): readonly StudyRow[] {
  const steps = new StudyRunner(study).run();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    io.progress(step.value);
  }
}
