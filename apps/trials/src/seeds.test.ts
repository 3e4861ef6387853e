import { expect, setDefaultTimeout, test } from "bun:test";
import { runSeed } from "./chaos.ts";

// A database that was killed comes back in seconds on a quiet machine, and in a minute or two on a busy one.
setDefaultTimeout(400_000);

for (const seed of [1, 2, 3])
  test(`everybody works while programs are killed, by seed ${seed}: what was promised is there`, async () => {
    const { faults, done, promised } = await runSeed({ seed, run_ms: 12_000, rest_ms: 240_000 });
    expect(faults).toEqual([]);
    expect(Object.keys(done).length).toBeGreaterThan(0);
    expect(Object.values(promised).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(9);
  });
