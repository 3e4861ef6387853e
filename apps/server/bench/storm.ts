/**
 * How others are served while somebody sends batches of 500, headers of a megabyte and bodies of a gigabyte, as fast as they
 * are taken. The sender has the same processors as the server, so what counts is the same storm at a server that does
 * nothing but cut it off. Rounds alternate; figures are the medians of the rounds.
 */
import { join } from "node:path";
import { startLiveWorld } from "../src/testing.ts";

const ROUNDS = 7;
const MILLIS = 3_000;

const parts = join(import.meta.dir, "parts");

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
const at = (all: readonly number[], share: number): number =>
  all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0;

const start = (name: string, ...words: string[]) =>
  Bun.spawn([process.execPath, join(parts, `${name}.ts`), ...words], { stdout: "pipe", stderr: "inherit" });

const said = async (child: ReturnType<typeof start>) => JSON.parse(await new Response(child.stdout).text());

type Heard = { median: number; p99: number; failed: number; megabytes: number };

/** What bystanders wait at an address, with a storm about it or without. */
const heard = async (url: string, path: string, stormy: boolean): Promise<Heard> => {
  const storm = stormy ? start("storm", url, String(MILLIS + 1_000)) : null;
  if (storm) await Bun.sleep(500);
  const { waits, failed } = await said(start("bystander", url + path, String(MILLIS)));
  const megabytes: number = storm ? (await said(storm)).megabytes : 0;
  return { median: median(waits), p99: at(waits, 0.99), failed, megabytes };
};

const startBare = async () => {
  const child = start("bare");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  return { child, url: `http://localhost:${new TextDecoder().decode(value).trim()}` };
};

export default async (print: (line: string) => void): Promise<void> => {
  const world = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100" });
  const bare = await startBare();
  try {
    const path = "/health";
    await heard(world.url, path, true);
    const [usual, ours, floor]: Heard[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      usual?.push(await heard(world.url, path, false));
      ours?.push(await heard(world.url, path, true));
      floor?.push(await heard(bare.url, path, true));
    }
    const of = (all: Heard[] | undefined, name: keyof Heard) => median((all ?? []).map((one) => one[name]));
    const figure = (all: Heard[] | undefined, name: keyof Heard) => of(all, name).toFixed(1);
    print(
      `storm: others' p99 ${figure(ours, "p99")} ms, usually ${figure(usual, "p99")} ms, at a bare server in the same storm ${figure(floor, "p99")} ms (goal 2.0) ratio=${(of(ours, "p99") / of(floor, "p99")).toFixed(2)}`,
    );
    print(`storm: others' median ${figure(ours, "median")} ms, usually ${figure(usual, "median")} ms`);
    print(
      `storm: others that were not answered ${of(ours, "failed")}, sent against us ${of(ours, "megabytes")} MB in ${(MILLIS + 1_000) / 1_000} s`,
    );
  } finally {
    bare.child.kill();
    await world.close();
  }
};
