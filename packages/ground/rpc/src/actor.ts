import type { Id } from "@evx/kernel";

/** The four roles. A person has one of them; nobody can sign up as `admin`. */
export const roles = ["ev_owner", "buyer", "cva", "admin"] as const;

export type Role = (typeof roles)[number];

/** Who is acting: what the edges know of a signed-in person without asking the database. */
export type Actor<R extends Role = Role> = {
  readonly id: Id<"user">;
  readonly role: R;
  /** Only an accredited cva may review. Always false for other roles. */
  readonly accredited: boolean;
  readonly emailVerified: boolean;
  readonly kycStatus: "none" | "submitted" | "verified" | "rejected";
  /** Set when they came with an API key: what it may do, as `room:read` or `room:write`, `*` for every room. */
  readonly scopes?: readonly string[];
  /** Set when they came by a session, of a browser or of a script that signed in: what is theirs as long as it lasts hangs on it. */
  readonly sessionId?: Id<"session">;
  /** Their role demands a second factor that they have not set up: until then they may do that and nothing else. */
  readonly needsTwoFactor?: true;
};
