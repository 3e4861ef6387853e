/**
 * `bun run planted [WORDS]`: takes each guard of `docs/security.md` out, one at a time, and runs the test that must notice. A
 * test that passes without its guard is a defect; so is a guard that is written in other words than here. Files are put
 * back as they were, also when this is stopped.
 */
import { join } from "node:path";
import { plantedInHouse } from "./planted-house.ts";
import { plantedInRooms } from "./planted-rooms.ts";

export type Planted = {
  /** The guard's file, what stands there, and what stands there when it is taken out. */
  readonly file: string;
  readonly guard: string;
  readonly without: string;
  /** The test that must fail: its file, and a part of its name. */
  readonly test: string;
  readonly named: string;
};

export const planted: readonly Planted[] = [...plantedInHouse, ...plantedInRooms];

const root = join(import.meta.dir, "../../..");

/** Runs one test; answers what it said and whether it failed. One that is not there has not, nor one that merely took too long. */
const runs = async ({ test, named }: Planted): Promise<{ failed: boolean; said: string }> => {
  const [folder = "", file = ""] = test.split("/src/");
  const pattern = named.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const child = Bun.spawn([process.execPath, "test", `src/${file}`, "-t", pattern, "--timeout=240000"], {
    cwd: join(root, folder),
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
  });
  const said = (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  await child.exited;
  return { failed: /^\(fail\)/m.test(said) && !/this test timed out/.test(said), said };
};

/** Takes a guard out while something is done, and puts the file back as it was. */
const without = async <T>({ file, guard, without: hole }: Planted, work: () => Promise<T>): Promise<T> => {
  const path = join(root, file);
  const whole = await Bun.file(path).text();
  if (whole.split(guard).length !== 2) throw new Error(`${file} does not hold this guard once: ${guard}`);
  const back = () => Bun.write(path, whole);
  const stopped = () => void back().then(() => process.exit(130));
  process.once("SIGINT", stopped);
  process.once("SIGTERM", stopped);
  try {
    await Bun.write(
      path,
      whole.replace(guard, () => hole),
    );
    return await work();
  } finally {
    await back();
    process.off("SIGINT", stopped);
    process.off("SIGTERM", stopped);
  }
};

if (import.meta.main) {
  const wanted = process.argv[2] ?? "";
  const unnoticed: string[] = [];
  for (const one of planted) {
    if (!`${one.file} ${one.test} ${one.named}`.includes(wanted)) continue;
    const { failed, said } = await without(one, () => runs(one));
    console.log(`${failed ? "noticed  " : "UNNOTICED"}  ${one.file}: "${one.named}"`);
    if (!failed) unnoticed.push(`${one.named}\n${said.split("\n").slice(-8).join("\n")}`);
  }
  if (unnoticed.length > 0) console.error(`\n${unnoticed.join("\n\n")}`);
  process.exit(unnoticed.length > 0 ? 1 : 0);
}
