/** A line cut into commands: words, quotes, `;`, `|` and `>`. What else a shell knows is refused. */

import { MAX_INPUT_CHARS } from './screen.ts';

/** One command: its words, and whether `*` and `?` in them stand for names. */
export interface Word {
  readonly text: string;
  readonly isPattern: boolean;
}

/** Commands of which each reads what the one before it printed. */
export interface Pipeline {
  readonly stages: readonly (readonly Word[])[];
  /** The file that what the last one prints is written into, or null. */
  readonly target: Word | null;
}

export type Parsed =
  | { readonly kind: 'ok'; readonly pipelines: readonly Pipeline[] }
  | { readonly kind: 'fault'; readonly text: string };

interface Fault {
  readonly kind: 'fault';
  readonly text: string;
}

type Token = { readonly kind: 'word'; readonly word: Word } | { readonly kind: ';' | '|' | '>' };

/** Why a line is not looked at at all, or null. */
export function lineFault(line: string): string | null {
  if (line.length > MAX_INPUT_CHARS) {
    return `sh: the line has ${line.length} characters; at most ${MAX_INPUT_CHARS} are taken`;
  }
  // Also what turns writing round, and halves of characters.
  return /\p{C}/u.test(line) ? 'sh: the line holds a control character' : null;
}

/** Never throws; a line that cannot be understood is one fault, and nothing of it is done. */
export function parseLine(line: string): Parsed {
  const refused = lineFault(line);
  if (refused !== null) return { kind: 'fault', text: refused };
  const tokens: Token[] = [];
  for (let at = 0; at < line.length && line.charAt(at) !== '#';) {
    const read = tokenAt(line, at);
    if (read.kind === 'fault') return read;
    if (read.token !== null) tokens.push(read.token);
    at = read.end;
  }
  return pipelinesOf(tokens);
}

function syntaxFault(what: string): Fault {
  return { kind: 'fault', text: `sh: syntax error: ${what}` };
}

/** Characters that mean something to a real shell and nothing here. */
const UNKNOWN = new Set('&<()$`!{}');

type Read = { readonly kind: 'read'; readonly token: Token | null; readonly end: number } | Fault;

function tokenAt(line: string, at: number): Read {
  const char = line.charAt(at);
  if (char === ' ') return { kind: 'read', token: null, end: at + 1 };
  if (char !== ';' && char !== '|' && char !== '>') return wordAt(line, at);
  // To the kernel, adding to a file and writing it are the same.
  const length = char === '>' && line.charAt(at + 1) === '>' ? 2 : 1;
  return { kind: 'read', token: { kind: char }, end: at + length };
}

function wordAt(line: string, from: number): Read {
  let text = '';
  let isPattern = false;
  let at = from;
  while (at < line.length && !' ;|>'.includes(line.charAt(at))) {
    const char = line.charAt(at);
    if (UNKNOWN.has(char)) return syntaxFault(`unexpected "${char}"`);
    if (char === '"' || char === "'") {
      const close = line.indexOf(char, at + 1);
      if (close < 0) return syntaxFault('unterminated quoted string');
      text += line.slice(at + 1, close);
      at = close + 1;
    } else {
      const isEscape = char === '\\' && at + 1 < line.length;
      isPattern ||= char === '*' || char === '?';
      text += isEscape ? line.charAt(at + 1) : char;
      at += isEscape ? 2 : 1;
    }
  }
  return { kind: 'read', token: { kind: 'word', word: { text, isPattern } }, end: at };
}

function pipelinesOf(tokens: readonly Token[]): Parsed {
  const pipelines: Pipeline[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined && token.kind !== ';') continue;
    const part = tokens.slice(from, at);
    if (part.length === 0 && token !== undefined) return syntaxFault('unexpected ";"');
    const pipeline = part.length > 0 ? pipelineOf(part) : null;
    if (pipeline?.kind === 'fault') return pipeline;
    if (pipeline !== null) pipelines.push(pipeline.pipeline);
    from = at + 1;
  }
  return { kind: 'ok', pipelines };
}

interface Stage {
  readonly kind: 'stage';
  readonly words: readonly Word[];
  readonly target: Word | null;
}

/** The words between two bars, and the file behind `>` among them. */
function stageOf(tokens: readonly Token[]): Stage | Fault {
  const words: Word[] = [];
  let target: Word | null = null;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === 'word') {
      words.push(token.word);
    } else {
      const next = tokens[++at];
      if (next?.kind !== 'word') return syntaxFault('unexpected ">"');
      target = next.word;
    }
  }
  return { kind: 'stage', words, target };
}

function pipelineOf(
  tokens: readonly Token[],
): { readonly kind: 'pipeline'; readonly pipeline: Pipeline } | Fault {
  const stages: (readonly Word[])[] = [];
  let target: Word | null = null;
  for (let from = 0; from <= tokens.length;) {
    const bar = tokens.findIndex(({ kind }, at) => at >= from && kind === '|');
    const end = bar < 0 ? tokens.length : bar;
    const stage = stageOf(tokens.slice(from, end));
    if (stage.kind === 'fault') return stage;
    if (target !== null || (stage.words.length === 0 && (bar >= 0 || stages.length > 0))) {
      return syntaxFault('unexpected "|"');
    }
    if (stage.words.length === 0) return syntaxFault('nothing to write');
    stages.push(stage.words);
    ({ target } = stage);
    from = end + 1;
  }
  return { kind: 'pipeline', pipeline: { stages, target } };
}
