/** The exports of this browser tab. Nothing of them exists before somebody wants a file. */
import { startExportWorker } from '../worker/export-client.ts';
import { ExportStore } from './export.ts';

export const exporting = new ExportStore(startExportWorker);
