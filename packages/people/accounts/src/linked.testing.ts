import type { Db } from "@evx/db";
import { type Clock, type Id, newId } from "@evx/kernel";

type World = { admin: Db; clock: Clock };

const digest = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32)));

/** One browser that all of them have signed in from. */
export const oneBrowser = async ({ admin, clock }: World, ...users: Id<"user">[]): Promise<void> => {
  const shared = { digest: digest(), seen_at: clock.now() };
  for (const user_id of users)
    await admin
      .insertInto("identity.device")
      .values({ ...shared, user_id })
      .execute();
};

/** One passport that all of them have handed in. */
export const oneDocument = async ({ admin, clock }: World, ...users: Id<"user">[]): Promise<void> => {
  const shared = { digest: digest(), sealed: Buffer.from("sealed"), key_id: "k", submitted_at: clock.now() };
  for (const user_id of users)
    await admin
      .insertInto("identity.kyc_file")
      .values({ ...shared, id: newId("kycFile"), user_id, country_code: "VN", document_type: "passport" })
      .execute();
};

/** One bank account that all of them have withdrawn to. */
export const oneBank = async ({ admin, clock }: World, ...users: Id<"user">[]): Promise<void> => {
  const bank_digest = newId("token");
  for (const user_id of users)
    await admin
      .insertInto("payments.withdrawal")
      .values({
        id: newId("withdrawal"),
        user_id,
        amount_minor: 100n,
        currency: "USD",
        status: "requested",
        gateway: "stripe",
        bank_masked: "••1",
        bank_sealed: "sealed",
        bank_digest,
        requested_at: clock.now(),
        looked_at: clock.now(),
      })
      .execute();
};
