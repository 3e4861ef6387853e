/** What each command takes: how many words after its name, and which options. */
const commands = {
  monitor: { words: 1, options: ["state", "registry"] },
  verify: { words: 1, options: ["registry", "log"] },
  holding: { words: 1, options: ["registry", "holder"] },
  batch: { words: 2, options: ["registry"] },
  snapshot: { words: 2, options: ["registry"] },
} as const;

export type Command = keyof typeof commands;
type Option = (typeof commands)[Command]["options"][number];

export type Asked = {
  readonly command: Command;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<Option, string>;
};

const isCommand = (word: string | undefined): word is Command =>
  word !== undefined && Object.hasOwn(commands, word);

/** An option's name and value, from `--name=value` or `--name` and the word after it. */
const optionIn = (word: string, next: string | undefined): { name: string; value: string | undefined } => {
  const sign = word.indexOf("=");
  return sign < 0
    ? { name: word.slice(2), value: next?.startsWith("--") ? undefined : next }
    : { name: word.slice(2, sign), value: word.slice(sign + 1) };
};

/**
 * Reads what was asked for. A sentence for whatever is not understood: an option that was passed over in silence would
 * let a check pass that was never made (nobody pinned, a second file never read). Null where help was asked for.
 */
export const readArguments = (given: readonly string[]): Asked | string | null => {
  const words: string[] = [];
  const found: [string, string][] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at] as string;
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const { name, value } = optionIn(word, given[at + 1]);
    if (!word.startsWith("--")) return `${word} is no option: they begin with two dashes.`;
    if (name === "help") return null;
    if (value === undefined || value === "") return `--${name} names nothing.`;
    if (found.some(([known]) => known === name)) return `--${name} is given twice.`;
    found.push([name, value]);
    if (!word.includes("=")) at++;
  }
  const [command, ...rest] = words;
  if (command === undefined) return "No command is given.";
  if (!isCommand(command)) return `${command} is no command.`;
  const { words: wanted, options: known } = commands[command];
  if (rest.length !== wanted || rest.includes(""))
    return `${command} takes ${wanted} word(s), ${rest.length} are given: one at a time.`;
  const options = new Map<Option, string>();
  for (const [name, value] of found) {
    const option = known.find((each) => each === name);
    if (!option) return `${command} knows no --${name}.`;
    options.set(option, value);
  }
  return { command, words: rest, options };
};
