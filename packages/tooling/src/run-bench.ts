/** Runs one benchmark: a module whose default export takes `print` and answers when it has cleaned up. */
const file = process.argv[2];
if (!file) throw new Error("run-bench needs a file");
const { default: bench } = (await import(file)) as {
  default: (print: (line: string) => void, files?: readonly string[]) => Promise<void>;
};
await bench((line) => console.log(line), process.argv.slice(3));
process.exit(0);
