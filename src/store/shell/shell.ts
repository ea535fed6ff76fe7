/**
 * The shell of the page. What understands its lines is loaded after the first picture; a line that is
 * entered earlier waits for it.
 */
import type { Page } from '../page.ts';
import type { Interpreter } from './interpreter.ts';
import { withLines, type ShellLine } from './screen.ts';

const NOT_LOADED = 'sh: this part of the page could not be loaded: reload to try again';

export class Shell {
  readonly #page: Page;
  #interpreter: Interpreter | null = null;
  #loading: Promise<Interpreter> | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  get history(): readonly string[] {
    return this.#interpreter?.history ?? [];
  }

  /** Has the interpreter fetched before anybody types: the connection may be gone by then. */
  async prefetch(): Promise<void> {
    // What is missing is said when it is wanted, and tried again.
    await this.#load().catch(() => undefined);
  }

  /** Runs a line when those before it are through. */
  async enter(line: string): Promise<void> {
    const interpreter = await this.#load().catch(() => null);
    if (interpreter) await interpreter.enter(line);
    else {
      this.#print('typed', line);
      this.#print('fault', NOT_LOADED);
    }
  }

  /** Ends what is watched, and what is still to be done of a line. */
  interrupt(): void {
    this.#interpreter?.interrupt();
  }

  /** Gives up a line that was typed, as Ctrl+C does. */
  drop(line: string): void {
    this.#print('typed', `${line}^C`);
  }

  clear(): void {
    this.#page.use.setState({ shell: { ...this.#page.state.shell, lines: [] } });
  }

  /** Completes what stands left of the cursor; a second time in a row lists the choices. */
  complete(text: string, isSecond: boolean): string {
    if (this.#interpreter) return this.#interpreter.complete(text, isSecond);
    void this.prefetch();
    return text;
  }

  #load(): Promise<Interpreter> {
    this.#loading ??= this.#fetch();
    return this.#loading;
  }

  async #fetch(): Promise<Interpreter> {
    try {
      const { Interpreter: Fetched } = await import('./interpreter.ts');
      this.#interpreter = new Fetched(this.#page);
      return this.#interpreter;
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  #print(kind: ShellLine['kind'], text: string): void {
    const { shell } = this.#page.state;
    this.#page.use.setState({ shell: { ...shell, lines: withLines(shell.lines, kind, [text]) } });
  }
}
