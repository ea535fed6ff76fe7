/**
 * What understands the shell's lines: takes them, runs their commands one after the other, and keeps what they
 * print. A write is waited for, and then the numbers that come after it, so that what a line prints
 * is what it did.
 */
import { HEADER } from '../../engine/frame.ts';
import type { Page } from '../page.ts';
import { THRESHOLD_FILES, type Threshold } from '../throttle.ts';
import type { Effect, ShellContext } from './command.ts';
import { runPipeline } from './commands.ts';
import { complete } from './completion.ts';
import { countersOf } from './counters.ts';
import { fileTree, mayReadPagetypeinfo } from './file-tree.ts';
import { parseLine } from './parse.ts';
import { splitPath } from './paths.ts';
import { MAX_LINES, printable, withLines, type ShellLine, type ShellState } from './screen.ts';
import { Watch } from './watch.ts';
import { acceptanceOf, MAX_WRITE_CHARS, refusalOf, takenBy } from './write-words.ts';

const HISTORY_LINES = 100;
/** A page that is not seen gets no numbers: a write does not wait for them for ever. */
const NUMBERS_WITHIN_MS = 1000;
const NS_PER_S = 1e9;

export class Interpreter {
  readonly #page: Page;
  readonly #watch: Watch;
  #history: readonly string[] = [];
  #last: Promise<void> = Promise.resolve();
  /** Counts what was given up: a line that was begun before does not go on. */
  #generation = 0;
  /** As it was fetched last. */
  #pagetypeinfo = '';
  #isFetching = false;

  constructor(page: Page) {
    this.#page = page;
    this.#watch = new Watch(page, (line) => this.#look(line));
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** Runs a line when those before it are through. */
  enter(line: string): Promise<void> {
    const generation = this.#generation;
    this.#last = this.#last.then(() => this.#run(line, generation));
    return this.#last;
  }

  /** Ends what is watched, and what is still to be done of a line. */
  interrupt(): void {
    this.#generation++;
    this.#print('out', this.#watch.end());
  }

  /** Completes what stands left of the cursor; a second time in a row lists the choices. */
  complete(text: string, isSecond: boolean): string {
    const context = this.#context();
    if (!context) return text;
    const { text: completed, choices } = complete(text, context);
    if (isSecond && completed === text && choices.length > 0) {
      this.#print('typed', [text]);
      this.#print('out', choices);
    }
    return completed;
  }

  async #run(line: string, generation: number): Promise<void> {
    if (generation !== this.#generation) return;
    this.#print('typed', [line]);
    if (line.trim() === '') return;
    const parsed = parseLine(line);
    if (parsed.kind === 'fault') {
      this.#print('fault', [parsed.text]);
      return;
    }
    this.#remember(line);
    await this.#fetch(line);
    for (const pipeline of parsed.pipelines) {
      if (generation !== this.#generation) return;
      const context = this.#context();
      if (!context) {
        this.#print('fault', ['sh: the machine is not up yet']);
        return;
      }
      for (const effect of runPipeline(pipeline, context)) await this.#perform(effect);
    }
  }

  async #perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'print':
        this.#print('out', effect.lines);
        break;
      case 'fault':
        this.#print('fault', [effect.text]);
        break;
      case 'move':
        this.#show({ cwd: effect.to });
        break;
      case 'clear':
        this.#show({ lines: [] });
        break;
      case 'write':
        await this.#write(effect);
        break;
      case 'watch':
        await this.#watch.begin(effect.line, effect.seconds);
        break;
    }
  }

  async #write(write: Extract<Effect, { kind: 'write' }>): Promise<void> {
    const text = write.text.slice(0, MAX_WRITE_CHARS);
    const answer = await this.#page.writes.ask(write.file, text);
    if (answer !== null) {
      this.#print('fault', [refusalOf(write, answer)]);
      return;
    }
    const taken = takenBy({ file: write.file, text });
    const which = thresholdOf(write.file);
    if (which && taken !== null) this.#page.throttle.taken(which, taken);
    this.#print('out', acceptanceOf(write, taken));
    await this.#numbersAfterNow();
  }

  /** Until the page shows what the worker counted after now. */
  #numbersAfterNow(): Promise<void> {
    const before = this.#page.client.frame?.head(HEADER.sequence) ?? -1;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const stop = this.#page.use.subscribe(({ readout }) => {
        if (readout && readout.sequence > before) done();
      });
      const timer = setTimeout(done, NUMBERS_WITHIN_MS);
    });
  }

  /** Has the worker write the file that is too long to come with every frame, if a line reads it. */
  async #fetch(line: string): Promise<void> {
    if (this.#page.state.buddyinfo === null || !mayReadPagetypeinfo(line)) return;
    this.#isFetching = true;
    const text = await this.#page.memory.pagetypeinfo();
    this.#isFetching = false;
    this.#pagetypeinfo = (text ?? '').replace(/\n$/, '');
  }

  /** What a watched line prints now. Only what prints can be watched. */
  #look(line: string): string[] {
    // What has to be fetched is there at the next look.
    if (!this.#isFetching) void this.#fetch(line);
    const parsed = parseLine(line);
    const context = this.#context();
    if (parsed.kind === 'fault') return [parsed.text];
    if (!context) return [];
    const effects = parsed.pipelines.flatMap((pipeline) => runPipeline(pipeline, context));
    return effects
      .flatMap((effect) => {
        if (effect.kind === 'print') return effect.lines;
        return [effect.kind === 'fault' ? effect.text : `watch: only what prints can be watched`];
      })
      .slice(0, MAX_LINES)
      .map((text) => printable(text));
  }

  #context(): ShellContext | null {
    const { state } = this.#page;
    const counters = countersOf(state);
    if (!counters) return null;
    return {
      cwd: state.shell.cwd,
      tree: fileTree({ ...counters, pagetypeinfo: this.#pagetypeinfo }),
      dmesg: state.log.map(({ timeNs, text }) => `${stamp(timeNs)} ${text}`),
      history: this.#history,
    };
  }

  #remember(line: string): void {
    if (line === this.#history.at(-1)) return;
    this.#history = [...this.#history, line].slice(-HISTORY_LINES);
  }

  #print(kind: ShellLine['kind'], texts: readonly string[]): void {
    if (texts.length === 0) return;
    this.#show({ lines: withLines(this.#page.state.shell.lines, kind, texts) });
  }

  #show(part: Partial<ShellState>): void {
    this.#page.use.setState({ shell: { ...this.#page.state.shell, ...part } });
  }
}

function thresholdOf(file: string): Threshold | null {
  const { name } = splitPath(file);
  if (name === THRESHOLD_FILES.high) return 'high';
  return name === THRESHOLD_FILES.low ? 'low' : null;
}

/** Seconds and microseconds, as `dmesg` pads them. */
function stamp(ns: number): string {
  return `[${(ns / NS_PER_S).toFixed(6).padStart(12)}]`;
}
