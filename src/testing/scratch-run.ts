export { createSimulation } from '../engine/simulation.ts';
export { DEVICE, DEVICE_FIELDS } from '../engine/frame.ts';
import { confidentialVm } from '../scenarios/confidential-vm.ts';
export const SCENARIOS = [confidentialVm];
