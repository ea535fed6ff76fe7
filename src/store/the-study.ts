/** The study of this browser tab. Nothing of it exists before somebody wants it to run. */
import { startStudyWorker } from '../worker/study-client.ts';
import { StudyStore } from './study.ts';

export const study = new StudyStore(startStudyWorker);
