/// <reference path="./pg-copy-streams.d.ts" />
import { CompiledQuery } from "kysely";
import { from } from "pg-copy-streams";
import type { Tx } from "./client.ts";

/**
 * Sends rows by COPY inside a transaction: the fastest way in, five times an insert of the same rows.
 * `statement` is "copy x.y (…) from stdin (format binary)"; `chunks` are its bytes in that format.
 * Answers how many rows arrived. An error leaves the transaction aborted, as that of any statement does.
 */
export const copyIn = async (
  tx: Tx,
  statement: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> => {
  const stream = from(statement);
  const done = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
  });
  // A listener from the start: the error must not be unhandled while chunks are still being written.
  done.catch(() => {});
  // pg takes a stream where it takes a text, and Kysely hands on what it is given, on this transaction's connection.
  await tx.executeQuery({ ...CompiledQuery.raw(statement), sql: stream as unknown as string });
  for await (const chunk of chunks) {
    if (stream.destroyed) break;
    if (!stream.write(chunk))
      await Promise.race([done, new Promise((resolve) => stream.once("drain", resolve))]);
  }
  if (!stream.destroyed) stream.end();
  await done;
  return stream.rowCount ?? 0;
};
