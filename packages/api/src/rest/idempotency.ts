import type { Db } from "@evx/db";
import { type Clock, sha256Hex } from "@evx/kernel";
import { refuseCall } from "@evx/rpc";
import { claimKey, dropKey, storeAnswer } from "./queries/keys.ts";

/** Says whether two contents are the same, for where nothing that is sent is secret. */
export const plainDigest = (content: string): Promise<string> => sha256Hex(content);

export type StoredAnswer = { status: number; body: unknown };

/** How long a request that never answered (its server died) blocks its key. */
const abandonedAfterMs = 60_000;

/**
 * Runs a request at most once per key: the same key with the same content answers what was answered first;
 * another content is refused. `digest` says whether it is the same and must tell nothing else of it; an answer that shows a
 * secret is not kept, so that it cannot be read from a table or a backup. Only successes are kept, since a refusal changed nothing and may be asked again.
 * If the server dies half-way, the key frees itself after a minute; the repeated run then names the same rows
 * (`ctx.nameFor`), so even that does nothing twice.
 */
export const onlyOnce = async (
  world: { db: Db; clock: Clock },
  request: { scope: string; key: string; digest: string; keepAnswer: boolean },
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> => {
  const { db, clock } = world;
  const { scope, digest } = request;
  const key = await sha256Hex(request.key);
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
    if (row.answer === null) throw refuseCall("answer_shown_once");
    return { status: row.status, body: row.answer };
  }
  try {
    const answer = await run();
    await storeAnswer(db, {
      scope,
      key,
      status: answer.status,
      body: request.keepAnswer ? answer.body : null,
    });
    return answer;
  } catch (error) {
    await dropKey(db, { scope, key });
    throw error;
  }
};
