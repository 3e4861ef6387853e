import { Failed } from "./failed.ts";
import type { Venue } from "./venues.ts";

type Verdict = { whole: boolean; rows: string; compared: number; broken: unknown[]; heads: unknown[] };

/**
 * Recomputes the audit trail. With a file that an earlier run wrote, what was cut off since is found as well: the end
 * of a chain is the one thing that the chain itself cannot tell.
 */
export const verifyTrail = async (venue: Venue, noted?: string): Promise<Verdict> => {
  let heads: unknown = [];
  if (noted) {
    const file = Bun.file(noted);
    if (!(await file.exists())) throw new Failed(`There is no file ${noted}.`);
    const earlier: unknown = await file.json().catch(() => null);
    heads = typeof earlier === "object" && earlier !== null ? Reflect.get(earlier, "heads") : null;
    if (!Array.isArray(heads))
      throw new Failed(`${noted} is not what an earlier audit verify wrote: it has no heads.`);
  }
  const verdict = (await venue.invoke("identity.audit.verify", "query", { heads })) as Verdict;
  if (!verdict.whole)
    throw new Failed(
      `The audit trail is broken in ${verdict.broken.length} place(s); the first: ${JSON.stringify(verdict.broken[0])}`,
      verdict,
    );
  return verdict;
};

type Portion = { done: number; left: number };

/** What lies encrypted, and the procedure that seals a portion of it anew. */
const sealed = { documents: "identity.kyc.rotate", bankAccounts: "payments.rotate" } as const;

/** Seals all that lies under older keys with the present one. It can be stopped and run again. */
export const rotateKeys = async (venue: Venue): Promise<Record<keyof typeof sealed, Portion>> => {
  const rotate = async (path: string): Promise<Portion> => {
    let done = 0;
    for (;;) {
      const portion = (await venue.invoke(path, "mutation", undefined)) as Portion;
      done += portion.done;
      if (portion.left === 0 || portion.done === 0) return { done, left: portion.left };
    }
  };
  const answer = {
    documents: await rotate(sealed.documents),
    bankAccounts: await rotate(sealed.bankAccounts),
  };
  if (answer.documents.left + answer.bankAccounts.left > 0)
    throw new Failed(
      "Something is left under an older key: keep that key in DATA_KEYS and run it again.",
      answer,
    );
  return answer;
};
