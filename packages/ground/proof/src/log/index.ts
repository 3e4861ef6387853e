export * from "./note.ts";
export * from "./tiles.ts";
export * from "./tree.ts";
