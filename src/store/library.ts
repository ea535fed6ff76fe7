/**
 * The scenarios to choose from. The one of a first visit is there from the beginning; the others are
 * loaded when its picture stands, or at once when the address asks for one of them.
 */
import type { Scenario } from '../engine/scenario.ts';
import { confidentialVm } from '../scenarios/confidential-vm.ts';
import type { Page } from './page.ts';

export class Library {
  readonly #page: Page;
  #loading: Promise<readonly Scenario[]> | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens the scenario of that id; of none, or where it cannot be had, that of a first visit. */
  async open(id: string | null): Promise<void> {
    const scenarios = id === null || id === confidentialVm.id ? [confidentialVm] : await this.all();
    if (scenarios === null) this.#page.openFirst([confidentialVm], null);
    else this.#page.openFirst(scenarios, id);
  }

  /** Has the others fetched before anybody asks for them: the connection may be gone by then. */
  async prefetch(): Promise<void> {
    await this.#load().catch(() => undefined);
  }

  /** The list is looked at: says so if it is not whole. */
  async look(): Promise<void> {
    await this.all();
  }

  /** All of them; null where they cannot be had, which is said. */
  async all(): Promise<readonly Scenario[] | null> {
    try {
      return await this.#load();
    } catch {
      this.#page.fault('The other scenarios could not be loaded. Reload to try again.');
      return null;
    }
  }

  #load(): Promise<readonly Scenario[]> {
    this.#loading ??= this.#fetch();
    return this.#loading;
  }

  async #fetch(): Promise<readonly Scenario[]> {
    try {
      const { SCENARIOS } = await import('../scenarios/index.ts');
      this.#page.set({ scenarios: SCENARIOS });
      return SCENARIOS;
    } catch (error) {
      // Tried again when they are wanted, by browsers that do not keep the failure.
      this.#loading = null;
      throw error;
    }
  }
}
