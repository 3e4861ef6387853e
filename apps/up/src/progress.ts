/** Ends the launcher with one clear sentence. */
export const fail = (sentence: string): never => {
  console.error(`\n${sentence}`);
  process.exit(1);
};

export type Progress = {
  /** Shows a step while it runs and how long it took. */
  step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
  say(text: string): void;
  readonly quiet: boolean;
};

export const createProgress = (quiet: boolean): Progress => ({
  quiet,
  say: (text) => {
    if (!quiet) console.log(text);
  },
  async step(title, work) {
    const start = performance.now();
    let noted = "";
    // At a terminal the step that runs is named; its line is written over when it is done.
    const live = !quiet && process.stdout.isTTY;
    if (live) process.stdout.write(`  … ${title}`);
    const result = await work((text) => {
      noted = text;
    }).finally(() => {
      if (live) process.stdout.write("\r\x1b[2K");
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (!quiet)
      console.log(`  ✓ ${title.padEnd(22)} ${`${seconds} s`.padStart(7)}${noted ? `   ${noted}` : ""}`);
    return result;
  },
});
