/**
 * What a price hint costs a seller through the whole server over HTTP: beside the plainest read there is, one's own account, which
 * is one row. One asks after the other, both in turn, so that noise of the machine falls on both alike.
 */
import { trainedMarket } from "@evx/pricing/testing";
import { startLiveWorld } from "../src/testing.ts";

const SALES = 3_000;
const WARM = 200;
const ASKED = 2_000;
const GOAL_MS = 5;

const at = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] as number;

export default async (print: (line: string) => void): Promise<void> => {
  const world = await startLiveWorld({ RATE_LIMIT_PER_MINUTE: "100000000" });
  try {
    const trained = await trainedMarket(world.database, {
      seed: Date.now() % 100_000,
      trades: SALES,
      perDay: 10,
      traders: 200,
    });
    if (trained.run !== "serving") throw new Error(`the model does not serve: ${trained.run}`);
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${world.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    const credentials = { email: "bench@example.com", password: "bench-password-1" };
    await post("/trpc/identity.signUp", { ...credentials, fullName: "Bench", role: "buyer" });
    const { token } = (await (await post("/api/users/login", credentials)).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    const ways = {
      hint: () =>
        post("/api/ai/predict-price", { creditsAmount: "0.5", country: "VN", listingType: "fixed" }, headers),
      row: () => fetch(`${world.url}/api/users/profile`, { headers }),
    };
    const times = { hint: [] as number[], row: [] as number[] };
    let told = 0;
    for (let n = 0; n < WARM + ASKED; n++)
      for (const way of ["row", "hint"] as const) {
        const began = performance.now();
        const answer = await ways[way]();
        const text = await answer.text();
        const took = performance.now() - began;
        if (answer.status !== 200) throw new Error(`${way}: ${answer.status}: ${text}`);
        if (n < WARM) continue;
        times[way].push(took);
        if (way === "hint" && (JSON.parse(text) as { basis: string }).basis === "model") told++;
      }
    const [middle, slow] = [0.5, 0.99].map((share) => at(times.hint, share)) as [number, number];
    const [plain, slowPlain] = [0.5, 0.99].map((share) => at(times.row, share)) as [number, number];
    print(`hint: ${told} of ${ASKED} had a figure, from ${SALES} sales`);
    print(
      `hint: ${middle.toFixed(2)} ms, a plain read of one row ${plain.toFixed(2)} ms ratio=${(middle / plain).toFixed(2)}`,
    );
    print(
      `hint: ${slow.toFixed(2)} ms at p99, a plain read of one row ${slowPlain.toFixed(2)} ms ratio=${(slow / slowPlain).toFixed(2)}`,
    );
    print(
      `hint: ${(slow - slowPlain).toFixed(2)} ms more than a plain read at p99, of the ${GOAL_MS} that it may cost (goal 1) ratio=${((slow - slowPlain) / GOAL_MS).toFixed(2)}`,
    );
  } finally {
    await world.close();
  }
};
