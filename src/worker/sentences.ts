/** What the page is told when something goes wrong inside the worker. */

/** A command could not be obeyed. */
export function undoneSentence(error: unknown): string {
  return `This could not be done: ${reasonOf(error)}.`;
}

/** The run broke an invariant while it was played. */
export function stoppedSentence(error: unknown): string {
  return `This run stopped because something in it does not add up (${reasonOf(error)}); it can be started again.`;
}

/** The same of what runs beside it. */
export function fellOverSentence(error: unknown): string {
  return `What ran beside this run stopped because something in it does not add up (${reasonOf(error)}).`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
