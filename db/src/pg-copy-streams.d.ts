declare module "pg-copy-streams" {
  import type { Writable } from "node:stream";

  export function from(statement: string): Writable & { rowCount: number | null };
}
