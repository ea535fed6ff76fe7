/** The page of this browser tab. Its worker starts when `main.tsx` says so. */
import { startWorker } from '../worker/client.ts';
import { Page } from './page.ts';

export const page = new Page(startWorker);
