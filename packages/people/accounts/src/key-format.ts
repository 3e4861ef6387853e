import { sha256 } from "@evx/kernel";

/** How API keys look: `evx_`, 43 random characters, and 8 that only we could have put there. */
export const keyPrefix = "evx_";

const encoder = new TextEncoder();
const randomLength = 43;

const seal = async (random: string, secret: string): Promise<string> => {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(`api key\n${secret}`),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(random)));
  return mac.toBase64({ alphabet: "base64url" }).slice(0, 8);
};

/** A new key. The last characters let a server turn a made-up key away without asking the database. */
export const newKey = async (secret: string): Promise<string> => {
  const random = crypto
    .getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  return `${keyPrefix}${random}${await seal(random, secret)}`;
};

/** Whether a key could be ours. Not whether it is good: that is in the database. */
export const isOurKey = async (key: string, secret: string): Promise<boolean> => {
  if (!key.startsWith(keyPrefix) || key.length !== keyPrefix.length + randomLength + 8) return false;
  const random = key.slice(keyPrefix.length, -8);
  return key.slice(-8) === (await seal(random, secret));
};

/** What the database keeps of a key: better-auth's digest of it. */
export const digestOf = async (key: string): Promise<string> =>
  (await sha256(key)).toBase64({ alphabet: "base64url", omitPadding: true });

/** better-auth's permissions as scopes: `{ vehicles: ["read", "write"] }` → `["vehicles:read", "vehicles:write"]`. */
export const scopesOf = (permissions: Record<string, string[]> | null | undefined): string[] =>
  Object.entries(permissions ?? {}).flatMap(([room, rights]) => rights.map((right) => `${room}:${right}`));

/** Scopes as better-auth's permissions. */
export const permissionsOf = (scopes: readonly string[]): Record<string, string[]> => {
  const permissions: Record<string, string[]> = {};
  for (const scope of scopes) {
    const [room = "", right = ""] = scope.split(":");
    permissions[room] = [...(permissions[room] ?? []), right];
  }
  return permissions;
};
