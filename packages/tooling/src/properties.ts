/**
 * fast-check with the house's seed. Import it from here, never from "fast-check": the same sequences are played on
 * every machine, and `SEED=random` (the nightly run) or `SEED=<number>` (to see one again) plays others.
 * A property that fails prints its seed; `SEED=<that> bun test <file>` plays it again.
 */
import fc from "fast-check";
import { seedOf } from "./seed.ts";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOf(process.env.SEED) });

export default fc;
export type { Arbitrary } from "fast-check";
