/**
 * Lays out the demo world of a development machine, through the same verbs that people use: nothing is written past
 * the rules. Does nothing where it is laid out already, and never anything in production.
 */
import { compose, readConfig, run } from "@evx/runtime";
import { seedPeople } from "./people.ts";

await run(async () => {
  const config = readConfig();
  if (config.production) throw new Error("The demo world is for development only.");
  const runtime = await compose({ ...config, LOG_LEVEL: "warn" }, "seed");
  try {
    await seedPeople(runtime);
    console.log("laid out");
  } finally {
    await runtime.close();
  }
});
