/** What a scenario from outside says of throttling and of what runs beside it, field by field. */
import { GROWTH_MODES } from './growth-mode.ts';
import { isRecord, numberFault, quoted, textFault, wholeFault, wordFault } from './field-check.ts';
import {
  SCENARIO_GROUPS,
  type Argument,
  type Beside,
  type Scenario,
  type ThrottleSpec,
} from './scenario.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';

const LONGEST_MS = 3_600_000;
const LONGEST_TIMEOUT_MS = 60_000;
const SHORTEST_MS = 0.001;
const CLAIMS = 16;
/** Names of bundled recordings. */
const RECORDING_NAME = /^[a-z0-9]+(?:-[a-z0-9]+){0,9}$/;
const NAME_CHARS = 60;

type Fields = Readonly<Record<string, unknown>>;
type Extras = Pick<Scenario, 'group' | 'throttle' | 'argument' | 'beside'>;

/** Faults of the parts that a scenario may leave out, a sentence each. */
export function extrasFaults(scenario: Fields): (string | null)[] {
  const { group, throttle, argument, beside, machine } = scenario;
  return [
    group === undefined ? null : wordFault('group', group, SCENARIO_GROUPS),
    ...(throttle === undefined ? [] : throttleFaults(throttle, machine)),
    ...(argument === undefined ? [] : argumentFaults(argument)),
    ...(beside === undefined ? [] : besideFaults(beside)),
  ];
}

function throttleFaults(throttle: unknown, machine: unknown): (string | null)[] {
  if (!isRecord(throttle)) return [`throttle is ${quoted(throttle)}; it must be an object`];
  return [
    wordFault('throttle.policy', throttle['policy'], POLICY_IDS),
    throttle['policy'] === 'timeout-grow' && isRecord(machine) && machine['dynamic'] === false
      ? 'throttle.policy is "timeout-grow"; it makes pools, so machine.dynamic must be true'
      : null,
    thresholdFault('throttle.high', throttle['high']),
    thresholdFault('throttle.low', throttle['low']),
    numberFault('throttle.timeoutMs', throttle['timeoutMs'], SHORTEST_MS, LONGEST_TIMEOUT_MS),
    numberFault('throttle.starvedMs', throttle['starvedMs'], SHORTEST_MS, LONGEST_MS),
  ];
}

function thresholdFault(name: string, value: unknown): string | null {
  return value === null ? null : wholeFault(name, value, 0, Number.MAX_SAFE_INTEGER);
}

function argumentFaults(argument: unknown): (string | null)[] {
  if (!isRecord(argument)) return [`argument is ${quoted(argument)}; it must be an object`];
  return [
    wholeFault('argument.claim', argument['claim'], 1, CLAIMS),
    textFault('argument.where', argument['where'], 1, 240),
  ];
}

function besideFaults(beside: unknown): (string | null)[] {
  if (!isRecord(beside)) return [`beside is ${quoted(beside)}; it must be an object`];
  if (beside['kind'] === 'policy')
    return [wordFault('beside.policy', beside['policy'], POLICY_IDS)];
  if (beside['kind'] === 'mode') return [wordFault('beside.mode', beside['mode'], GROWTH_MODES)];
  const { name } = beside;
  const isName = typeof name === 'string' && name.length <= NAME_CHARS && RECORDING_NAME.test(name);
  return [
    wordFault('beside.kind', beside['kind'], ['policy', 'mode', 'recording']),
    isName ? null : `beside.name is ${quoted(name)}; it must be the name of a bundled recording`,
  ];
}

/** The same parts, built anew from what was checked. */
export function rebuiltExtras({ group, throttle, argument, beside }: Extras): Extras {
  return {
    ...(group === undefined ? {} : { group }),
    ...(throttle === undefined ? {} : { throttle: rebuiltThrottle(throttle) }),
    ...(argument === undefined ? {} : { argument: rebuiltArgument(argument) }),
    ...(beside === undefined ? {} : { beside: rebuiltBeside(beside) }),
  };
}

function rebuiltThrottle({ policy, high, low, timeoutMs, starvedMs }: ThrottleSpec): ThrottleSpec {
  return { policy, high, low, timeoutMs, starvedMs };
}

function rebuiltArgument({ claim, where }: Argument): Argument {
  return { claim, where };
}

function rebuiltBeside(beside: Beside): Beside {
  if (beside.kind === 'policy') return { kind: 'policy', policy: beside.policy };
  if (beside.kind === 'mode') return { kind: 'mode', mode: beside.mode };
  return { kind: 'recording', name: beside.name };
}
