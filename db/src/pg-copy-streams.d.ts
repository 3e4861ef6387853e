declare module "pg-copy-streams" {
  import type { Readable, Writable } from "node:stream";

  export function from(
    statement: string,
  ): Writable & { rowCount: number | null; submit(connection: unknown): void };
  export function to(statement: string): Readable & { rowCount: number; submit(connection: unknown): void };
}
