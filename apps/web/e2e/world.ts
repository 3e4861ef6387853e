/** Loaded before the first file (`bun test --preload`): what is said here holds for the whole run. */
import { afterAll } from "bun:test";
import { rmSync } from "node:fs";
import { restingWorld } from "./product.ts";

afterAll(() => rmSync(restingWorld, { recursive: true, force: true }));
