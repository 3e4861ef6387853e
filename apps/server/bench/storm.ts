/**
 * How others are served while somebody sends batches of 500, headers of a megabyte and bodies of a gigabyte, four of each
 * at a time, each again as soon as it was answered. Others are four clients of one member who read the market's first page. Real
 * senders are on machines of their own; here they get what processor the server leaves (`nice`), so that what is measured
 * is what the storm does to the server. The usual time is the same clients' at the same server with no storm about it.
 * Rounds alternate; figures are the medians of the rounds.
 */
import { join } from "node:path";
import { startLiveWorld } from "../src/testing.ts";

const ROUNDS = 7;
const MILLIS = 2_500;

const parts = join(import.meta.dir, "parts");

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
const at = (all: readonly number[], share: number): number =>
  all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0;

const start = (name: string, ...words: string[]) =>
  Bun.spawn(
    [
      ...(name === "storm" ? ["nice", "-n", "10"] : []),
      process.execPath,
      join(parts, `${name}.ts`),
      ...words,
    ],
    { stdout: "pipe", stderr: "inherit" },
  );

const said = async (child: ReturnType<typeof start>) => JSON.parse(await new Response(child.stdout).text());

type Heard = { median: number; p99: number; failed: number; megabytes: number };

/** Others are a member, whose requests are counted as theirs: strangers of the senders' network would share its limit. */
const signedIn = async (url: string): Promise<string> => {
  const credentials = { email: "bystander@bench.example", password: "bench-password-1" };
  const post = (path: string, body: object) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await post("/api/users/register", { ...credentials, fullName: "Bystander", role: "buyer" });
  const { token } = (await (await post("/api/users/login", credentials)).json()) as { token: string };
  return token;
};

/** What bystanders wait at an address, with a storm about it or without. */
const heard = async (url: string, path: string, token: string, stormy: boolean): Promise<Heard> => {
  const storm = stormy ? start("storm", url, String(MILLIS + 1_000)) : null;
  if (storm) await Bun.sleep(500);
  const { waits, failed } = await said(start("bystander", url + path, String(MILLIS), token));
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
  const world = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100000" });
  const bare = await startBare();
  try {
    const path = `/trpc/marketplace.listings.search?input=${encodeURIComponent("{}")}`;
    const token = await signedIn(world.url);
    await heard(world.url, path, token, true);
    const [usual, ours, floor]: Heard[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      usual?.push(await heard(world.url, path, token, false));
      ours?.push(await heard(world.url, path, token, true));
      floor?.push(await heard(bare.url, path, token, true));
    }
    const of = (all: Heard[] | undefined, name: keyof Heard) => median((all ?? []).map((one) => one[name]));
    const figure = (all: Heard[] | undefined, name: keyof Heard) => of(all, name).toFixed(1);
    const ratio = (name: keyof Heard) => (of(ours, name) / of(usual, name)).toFixed(2);
    print(
      `storm: others' p99 ${figure(ours, "p99")} ms, usually ${figure(usual, "p99")} ms (goal 2.0) ratio=${ratio("p99")}`,
    );
    print(
      `storm: others' median ${figure(ours, "median")} ms, usually ${figure(usual, "median")} ms (goal 2.0) ratio=${ratio("median")}`,
    );
    print(
      `storm: at a server that does nothing but cut the same storm off: p99 ${figure(floor, "p99")} ms, median ${figure(floor, "median")} ms`,
    );
    print(
      `storm: others that were not answered ${of(ours, "failed")}, sent against us ${of(ours, "megabytes")} MB in ${(MILLIS + 1_000) / 1_000} s`,
    );
  } finally {
    bare.child.kill();
    await world.close();
  }
};
