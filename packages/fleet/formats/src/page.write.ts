/** `bun run docs`: writes docs/formats.md anew. */
import { formatsPage } from "./page.ts";

await Bun.write(`${import.meta.dir}/../../../../docs/formats.md`, formatsPage());
