import { createGate, type Gate } from "@evx/kernel";

/** Passwords are hashed and compared so many at a time, and so many wait; the others come again in a few seconds. */
export type Hashing = { readonly cost: number; readonly gate: Gate };

export const openHashing = (cost = 12): Hashing => ({
  cost,
  gate: createGate({ atOnce: Math.max(2, navigator.hardwareConcurrency), waiting: 64 }),
});

const hashAt = (password: string, cost: number): Promise<string> =>
  Bun.password.hash(password, { algorithm: "bcrypt", cost });

/** A new hash at the present cost. Refuses `server_busy` when too many wait. */
export const hashOf = ({ cost, gate }: Hashing, password: string): Promise<string> =>
  gate(() => hashAt(password, cost));

/** The cost in a bcrypt hash: `$2b$12$…` → 12. */
export const costOf = (hash: string): number => Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1] ?? 0);

/**
 * Whether it is the password of a hash. Takes as long for a hash of a lower cost as for one of the present cost, so that
 * the time does not tell which addresses have had an account since the cost was raised: 2^c, then 2^c + … + 2^(C-1)
 * more are 2^C.
 */
export const isPassword = ({ cost, gate }: Hashing, password: string, hash: string): Promise<boolean> =>
  gate(async () => {
    const right = await Bun.password.verify(password, hash);
    for (let at = Math.max(4, costOf(hash)); at < cost; at++) await hashAt(password, at);
    return right;
  });
