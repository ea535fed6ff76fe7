// Output piped into something that stops reading, like `head`: the tool ends without a word.

/** What a shell reports of a program that ended because nobody reads on: 128 + SIGPIPE. */
const NOBODY_READS = 141;

/** Ends the process quietly when its output is no longer read. */
export function endWithPipe() {
  process.stdout.on('error', (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
    process.exit(NOBODY_READS);
  });
}
