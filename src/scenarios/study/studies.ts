import type { Study } from './study.ts';
import { tesarik2023 } from './tesarik-2023.ts';

/** Every study there is. */
export const STUDIES: readonly Study[] = [tesarik2023];
