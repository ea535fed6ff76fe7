/** The files the shell can reach: debugfs of the allocator, and the sysctls of its throttle. */
import { sysctlDirectory } from '../../engine/debugfs.ts';
import { debugfsRows, type Row } from './debugfs-rows.ts';
import { DEBUGFS_DIRECTORY, resolvePath, splitPath } from './paths.ts';

/** What the files of a restricted region say. */
export type RegionCounters = Omit<KernelCounters, 'buddyinfo' | 'pagetypeinfo' | 'regions'> & {
  readonly name: string;
};

/** What the kernel's files say at one moment; null where the kernel has no such file. */
export interface KernelCounters {
  readonly nslabs: number;
  readonly used: number;
  readonly hiwater: number;
  readonly transientNslabs: number | null;
  /** The same of each restricted region, whose directory has its name. */
  readonly regions?: readonly RegionCounters[];
  /** `/proc/buddyinfo`; not there where the page allocator is not modelled. */
  readonly buddyinfo?: string | null;
  /** `/proc/pagetypeinfo` as it was fetched last: the shell fetches it before it is read. */
  readonly pagetypeinfo?: string;
  readonly throttle: {
    readonly high: number;
    readonly low: number;
    readonly highCount: number;
    readonly lowCount: number;
  } | null;
}

export interface KernelFile {
  readonly kind: 'file';
  /** As `ls -l` shows it. */
  readonly mode: '-r--------' | '-r--r--r--' | '-rw-------' | '-rw-r--r--';
  /** What reading it gives, without the newline. */
  readonly text: string;
  /** The name under which a write of it is sent. */
  readonly writtenAs: string;
}

export interface Directory {
  readonly kind: 'directory';
  /** Names of what is in it, sorted. */
  readonly names: readonly string[];
}

export type Entry = KernelFile | Directory;

const BUDDYINFO = '/proc/buddyinfo';
const PAGETYPEINFO = '/proc/pagetypeinfo';

/** Every directory and file by its absolute path. */
export type FileTree = ReadonlyMap<string, Entry>;

function sysctlRows({ throttle }: Pick<KernelCounters, 'throttle'>): readonly Row[] {
  if (throttle === null) return [];
  return [
    ['high_throttle', '-rw-r--r--', throttle.high],
    ['low_throttle', '-rw-r--r--', throttle.low],
  ];
}

export function fileTree(counters: KernelCounters): FileTree {
  const files = new Map<string, KernelFile>();
  addAllocator(files, '', counters);
  for (const region of counters.regions ?? []) addAllocator(files, region.name, region);
  if (counters.buddyinfo) {
    const text = counters.buddyinfo.replace(/\n$/, '');
    files.set(BUDDYINFO, { kind: 'file', mode: '-r--r--r--', text, writtenAs: BUDDYINFO });
    files.set(PAGETYPEINFO, {
      kind: 'file',
      mode: '-r--------',
      text: counters.pagetypeinfo ?? '',
      writtenAs: PAGETYPEINFO,
    });
  }
  return new Map<string, Entry>([
    ...directoriesOf(['/root/', '/proc/sys/', ...files.keys()]),
    ...files,
  ]);
}

/** Whether a file of procfs takes nothing, though root may open it: those of /proc/sys do. */
export function takesNothing({ writtenAs }: KernelFile): boolean {
  return writtenAs === BUDDYINFO || writtenAs === PAGETYPEINFO;
}

/** Whether a line may read `/proc/pagetypeinfo`: by its name, or by a pattern. */
export function mayReadPagetypeinfo(line: string): boolean {
  return /pagetypeinfo|[*?]/.test(line);
}

/** The files of one allocator; `region` is empty for the default one. */
function addAllocator(
  files: Map<string, KernelFile>,
  region: string,
  counters: Omit<KernelCounters, 'regions'>,
): void {
  for (const [name, mode, value] of debugfsRows(counters)) {
    const file = region === '' ? name : `${region}/${name}`;
    const entry = { kind: 'file', mode, text: String(value), writtenAs: file } as const;
    files.set(`${DEBUGFS_DIRECTORY}/${file}`, entry);
  }
  for (const [name, mode, value] of sysctlRows(counters)) {
    const path = `${sysctlDirectory(region)}/${name}`;
    files.set(path, { kind: 'file', mode, text: String(value), writtenAs: path });
  }
}

/** The directories on the way to these paths; one that ends in a slash is a directory itself. */
function directoriesOf(paths: readonly string[]): Map<string, Directory> {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    let { before, name } = splitPath(path);
    for (;;) {
      const directory = resolvePath('/', before);
      const known = names.get(directory) ?? new Set();
      names.set(directory, known);
      if (name !== '') known.add(name);
      if (directory === '/') break;
      ({ before, name } = splitPath(directory));
    }
  }
  return new Map(
    [...names].map(([path, inside]) => [
      path,
      { kind: 'directory', names: [...inside].toSorted() },
    ]),
  );
}
