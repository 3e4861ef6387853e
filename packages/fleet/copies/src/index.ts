/** How drives follow one another, and whether they do so elsewhere: see the README. */
export type { KeptTraces, Trace } from "./kept.ts";
export { leastRow, rareOf, threadedOf } from "./threads.ts";
export { copiedOf, habit, Tracer } from "./traces.ts";
