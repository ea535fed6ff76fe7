/** Names of exported files, and how they reach the disk. */
import type { PageState } from '../store/page-state.ts';

/** Wall ms after which the browser has surely taken a file. */
const TAKEN_MS = 60_000;
const NAME_CHARACTERS = 60;

/** A word of a file's name: letters, digits and hyphens. */
function worded(text: string): string {
  const word = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return word.slice(0, NAME_CHARACTERS) || 'run';
}

/** A moment in a file's name: ms and µs, `12.345ms`. */
function moment(ns: number): string {
  return `${(ns / 1e6).toFixed(3)}ms`;
}

/** What a file is of. */
export interface FileFacts {
  readonly state: Pick<PageState, 'replay' | 'scenario'>;
  /** A moment, or a stretch, virtual ns. */
  readonly at: number | { readonly fromNs: number; readonly toNs: number };
  readonly kind: string;
  readonly ending: string;
}

/** `scenario-moment-kind.ending`: the same picture has the same name. */
export function fileName({ state, at, kind, ending }: FileFacts): string {
  const { replay, scenario } = state;
  const what = replay === null ? (scenario?.id ?? 'run') : worded(replay.name);
  const when = typeof at === 'number' ? moment(at) : `${moment(at.fromNs)}-${moment(at.toNs)}`;
  return `${what}-${when}-${kind}.${ending}`;
}

/** Has the browser save a file. */
export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), TAKEN_MS);
}
