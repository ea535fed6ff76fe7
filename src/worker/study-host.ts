/** The worker's side of a study: checks what it is asked, runs it in one go, and tells of it. */
import { isRecord, quoted } from '../engine/field-check.ts';
import { effectsOf } from '../scenarios/study/effects.ts';
import { StudyRunner, type StudyScale } from '../scenarios/study/run-study.ts';
import { STUDIES } from '../scenarios/study/studies.ts';
import type { Study } from '../scenarios/study/study.ts';
import type { Port } from './port.ts';
import type { StudyReport } from './study-protocol.ts';

/**
 * Obeys one message of the page. It listens to nothing meanwhile: who wants it to stop ends the
 * worker.
 *
 * @param scale how long the runs are; the page leaves it out.
 */
export function hearStudy(port: Port, message: unknown, scale: StudyScale = {}): void {
  const tell = (report: StudyReport) => port.postMessage(report, []);
  const study = studyOf(message);
  if (typeof study === 'string') {
    tell({ kind: 'refused', sentence: study });
    return;
  }
  const runner = new StudyRunner(study, scale);
  let told = 0;
  const tellRows = () => {
    for (const row of runner.rows.slice(told)) tell({ kind: 'row', row });
    told = runner.rows.length;
  };
  for (const progress of runner.run()) {
    tellRows();
    tell({ kind: 'progress', progress });
  }
  tellRows();
  tell({ kind: 'done', effects: effectsOf(runner.rows) });
}

/** The study that a message asks for, or one sentence on why there is none. */
function studyOf(message: unknown): Study | string {
  if (!isRecord(message) || message['kind'] !== 'study') {
    return `${quoted(isRecord(message) ? message['kind'] : message)} is no command of a study`;
  }
  const study = STUDIES.find(({ id }) => id === message['id']);
  return study ?? `there is no study ${quoted(message['id'])}`;
}
