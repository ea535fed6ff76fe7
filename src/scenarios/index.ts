/** The scenarios that ship with the page, in the order the picker shows them. */
import type { Scenario } from '../engine/scenario.ts';
import { confidentialVm } from './confidential-vm.ts';

export const SCENARIOS: readonly Scenario[] = [confidentialVm];
