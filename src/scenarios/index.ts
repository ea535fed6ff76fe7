/** The scenarios that ship with the page, in the order the picker shows them. */
import type { Scenario } from '../engine/scenario.ts';
import { anAreaEach } from './an-area-each.ts';
import { confidentialVm } from './confidential-vm.ts';
import { everyday64Bit } from './everyday-64bit.ts';
import { fragmented } from './fragmented.ts';
import { GROWING_SCENARIOS } from './growing/index.ts';
import { oldCardNewMemory } from './old-card-new-memory.ts';
import { oneAreaManyCpus } from './one-area-many-cpus.ts';
import { stuck } from './stuck.ts';
import { THROTTLING_SCENARIOS } from './throttling/index.ts';
import { tooSmall } from './too-small.ts';

export const SCENARIOS: readonly Scenario[] = [
  confidentialVm,
  everyday64Bit,
  oldCardNewMemory,
  tooSmall,
  oneAreaManyCpus,
  anAreaEach,
  fragmented,
  stuck,
  ...THROTTLING_SCENARIOS,
  ...GROWING_SCENARIOS,
];
