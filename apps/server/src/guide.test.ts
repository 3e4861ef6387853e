/** The commands of the guide to the API, run as they stand. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

const guide = join(import.meta.dir, "../../../docs/api-guide.md");
const able = ["bash", "curl", "jq"].every((program) => Bun.which(program));

let world: LiveWorld;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "evx-guide-"));
  world = await startLiveWorld();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!able)(
  "every command of the guide does what the page says (needs bash, curl and jq)",
  async () => {
    const text = await Bun.file(guide).text();
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands ?? "");
    expect(blocks.length).toBeGreaterThan(5);
    const script = blocks.map((commands, place) => `echo "block ${place + 1}" >&2\n${commands}`).join("\n");
    const ran = Bun.spawn(["bash", "-euo", "pipefail", "-c", script], {
      env: {
        PATH: Bun.env.PATH ?? "",
        BASE: world.url,
        NAME: "lan",
        VIN: "RLLV8EA25PH009876",
        FOLDER: folder,
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const said = await new Response(ran.stderr).text();
    expect([await ran.exited, said.trim().split("\n").at(-1)]).toEqual([0, `block ${blocks.length}`]);
    expect(Bun.file(join(folder, "trips.xlsx")).size).toBeGreaterThan(1_000);
  },
  120_000,
);
