/** What a command is given, and what it asks for. */
import type { FileTree } from './file-tree.ts';

/** What a command sees of the machine, at one moment. */
export interface ShellContext {
  readonly cwd: string;
  readonly tree: FileTree;
  /** Lines of the kernel log, stamped. */
  readonly dmesg: readonly string[];
  readonly history: readonly string[];
}

/** What is to be done, in order. */
export type Effect =
  | { readonly kind: 'print'; readonly lines: readonly string[] }
  | { readonly kind: 'fault'; readonly text: string }
  | {
      readonly kind: 'write';
      /** As the kernel is told, and as it was typed. */
      readonly file: string;
      readonly typed: string;
      readonly text: string;
      /** The key, when `sysctl` asked for it: it has words of its own. */
      readonly key: string | null;
    }
  | { readonly kind: 'move'; readonly to: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'watch'; readonly seconds: number | null; readonly line: string };

export interface Call {
  /** Without the command's own name. */
  readonly args: readonly string[];
  readonly context: ShellContext;
  /** What the command before the `|` printed, or null. */
  readonly input: readonly string[] | null;
}

export type Command = (call: Call) => readonly Effect[];

export function print(...lines: readonly string[]): Effect {
  return { kind: 'print', lines };
}

export function fault(text: string): Effect {
  return { kind: 'fault', text };
}
