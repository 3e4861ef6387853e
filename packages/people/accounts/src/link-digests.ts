import type { Db } from "@evx/db";
import { type Id, isId } from "@evx/kernel";
import { verificationOf } from "./queries/credentials.ts";

const encoder = new TextEncoder();

/**
 * Under what a link of a letter, or a sign-in that waits for its second factor, is stored. Keyed by the server's secret: whoever
 * writes to the database without it cannot put a link of their own beside somebody's account.
 */
export const linkDigest =
  (secret: string) =>
  async (identifier: string): Promise<string> => {
    const key = await crypto.subtle.importKey(
      "raw",
      encoder.encode(`links\n${secret}`),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(identifier))).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  };

/**
 * Whose password a reset token sets; null for nobody's. Asked before better-auth spends it, which would take a row whose
 * token is written out plainly, too.
 */
export const resetSubject = async (db: Db, secret: string, token: string): Promise<Id<"user"> | null> => {
  const value = await verificationOf(db, await linkDigest(secret)(`reset-password:${token}`));
  return value && isId("user", value) ? value : null;
};
