import type { Db } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { refuseCall } from "@evx/rpc";
import { claimKey, dropKey, storeAnswer } from "./queries/keys.ts";

export type StoredAnswer = { status: number; body: unknown };

/** How long a request that never answered (its server died) blocks its key. */
const abandonedAfterMs = 60_000;

const sha256 = async (text: string): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();

/**
 * Runs a request at most once per key: the same key with the same content answers what was answered first;
 * another content is refused. Only successes are kept, since a refusal changed nothing and may be asked again.
 * If the server dies half-way, the key frees itself after a minute; the repeated run then names the same rows
 * (`ctx.nameFor`), so even that does nothing twice.
 */
export const onlyOnce = async (
  world: { db: Db; clock: Clock },
  request: { scope: string; key: string; content: string },
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> => {
  const { db, clock } = world;
  const { scope } = request;
  const key = await sha256(request.key);
  const digest = await sha256(request.content);
  const at = clock.now();
  const row = await claimKey(db, {
    scope,
    key,
    digest,
    at,
    abandonedBefore: new Date(at.getTime() - abandonedAfterMs),
  });
  if (row) {
    if (row.digest !== digest) throw refuseCall("idempotency_key_reused");
    if (row.status === null) throw refuseCall("request_in_progress");
    return { status: row.status, body: row.answer };
  }
  try {
    const answer = await run();
    await storeAnswer(db, { scope, key, ...answer });
    return answer;
  } catch (error) {
    await dropKey(db, { scope, key });
    throw error;
  }
};
