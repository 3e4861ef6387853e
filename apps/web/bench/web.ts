import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUDGET, buildInto, firstLoads } from "../e2e/size.ts";

/** What a reader's browser must fetch before each public page stands, in a build as it is shipped. */
export default async (print: (line: string) => void): Promise<void> => {
  const dist = mkdtempSync(join(tmpdir(), "evx-web-bench-"));
  try {
    await buildInto(dist);
    for (const { page, total } of await firstLoads(dist))
      print(
        `web: ${page}, ${(total / 1_000).toFixed(1)} kB of JavaScript, ${BUDGET / 1_000} kB (goal 1) ratio=${(total / BUDGET).toFixed(2)}`,
      );
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
};
