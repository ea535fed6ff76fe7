/** The keys of the page as the help lists them: read from the table of commands, a line for each. */
import { COMMANDS, type KeyStroke } from '../store/commands.ts';

/** The most keys of a line that are all shown; of more the first and the last. */
const MOST_CAPS = 4;

/** What is printed on the keys, in words: "Ctrl Shift Z"; on a Mac the command key is meant. */
export function capOf({ cap, ctrl, shift }: KeyStroke, isMac = onMac()): string {
  const held = ctrl ? [isMac ? 'Cmd' : 'Ctrl'] : [];
  return [...held, ...(shift ? ['Shift'] : []), cap].join(' ');
}

function onMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
}

export interface KeyLine {
  readonly line: string;
  readonly caps: readonly string[];
}

/** Every key of every command; those that share a line stand in it together. */
export function keyLines(isMac = onMac()): readonly KeyLine[] {
  const lines = new Map<string, string[]>();
  for (const { line, keys } of COMMANDS) {
    const caps = keys.map((stroke) => capOf(stroke, isMac));
    lines.set(line, [...(lines.get(line) ?? []), ...caps]);
  }
  return [...lines].filter(([, caps]) => caps.length > 0).map(([line, caps]) => ({ line, caps }));
}

/** The keys of a line as there is room for them: "1 … 7" for seven. */
export function shortened(caps: readonly string[]): readonly string[] {
  const [first, last] = [caps[0], caps.at(-1)];
  if (caps.length <= MOST_CAPS || first === undefined || last === undefined) return caps;
  return [first, '…', last];
}
