/**
 * What authentication costs: a tRPC read of the public marketplace through the whole server over HTTP, as nobody, by a
 * session's cookie, by an access token and by an API key. Rounds alternate, so that noise of the machine falls on
 * all alike; each figure is the median of the rounds' ratios to the read as nobody.
 */
import { startLiveWorld } from "../src/testing.ts";

const CLIENTS = 32;
const ROUNDS = 15;
const MILLIS = 400;

const median = (all: number[]): number => all.sort((a, b) => a - b)[all.length >> 1] as number;

export default async (print: (line: string) => void): Promise<void> => {
  const world = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100000000" });
  try {
    const credentials = { email: "bench@example.com", password: "bench-password-1" };
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${world.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    const signedUp = await post("/trpc/identity.signUp", {
      ...credentials,
      fullName: "Bench",
      role: "buyer",
    });
    const cookie = signedUp.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const { token } = (await (await post("/api/users/login", credentials)).json()) as { token: string };
    const made = await post(
      "/trpc/identity.apiKeys.create",
      { name: "Bench", scopes: ["*:read"] },
      { cookie },
    );
    const { result } = (await made.json()) as { result: { data: { key: string } } };

    const ways: Record<string, Record<string, string>> = {
      nobody: {},
      cookie: { cookie },
      token: { authorization: `Bearer ${token}` },
      key: { authorization: `Bearer ${result.data.key}` },
    };
    const read = `${world.url}/trpc/marketplace.listings.search?input=${encodeURIComponent("{}")}`;

    /** Reads a second by that many clients, each asking again as soon as it is answered. */
    const rate = async (headers: Record<string, string>): Promise<number> => {
      const began = performance.now();
      let answered = 0;
      const client = async () => {
        while (performance.now() - began < MILLIS) {
          const answer = await fetch(read, { headers });
          if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
          await answer.arrayBuffer();
          answered++;
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      return (answered * 1_000) / (performance.now() - began);
    };

    for (const headers of Object.values(ways)) await rate(headers);
    const rates: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, headers] of Object.entries(ways)) {
        rates[way] ??= [];
        rates[way].push(await rate(headers));
      }
    }
    const base = rates.nobody ?? [];
    for (const way of ["cookie", "token", "key"]) {
      const ratios = (rates[way] ?? []).map((value, round) => value / (base[round] as number));
      print(
        `read by ${way}: ${median([...(rates[way] ?? [])]).toFixed(0)}/s, as nobody ${median([...base]).toFixed(0)}/s ratio=${median(ratios).toFixed(2)}`,
      );
    }
  } finally {
    await world.close();
  }
};
