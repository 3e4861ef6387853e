/** Attacks on what people did: interests, accreditations, grid factors, revocations, roles and names. */
import { audit } from "@evx/audit";
import type { TestDatabase } from "@evx/db/testing";
import { enterAccreditation } from "./accreditations.ts";
import { type Attack, asOwner, row, tryAll, type World } from "./attacks.testing.ts";

/** An accreditation is entered, and then its row changed. */
const accreditation = (name: string, sees: RegExp, ...statements: string[]): Attack => ({
  name,
  sees,
  run: async (t, { three }) => {
    const facts = { body: "Board", number: "A-1", assurance: "limited", validUntil: "2027-01-01" } as const;
    await t.transact((tx) =>
      enterAccreditation(tx, { id: three.owner.id, role: "admin" }, { id: three.reviewer.id, ...facts }),
    );
    await asOwner(t, ...statements);
  },
});

/** A person of whom the audit trail knows, and what is then written into their row. */
const person = (name: string, sees: RegExp, set: string): Attack => ({
  name,
  sees,
  run: async (t: TestDatabase, { buyer }: World) => {
    const { id, role } = buyer;
    await t.transact((tx) => audit(tx, buyer, "user.register", id, { after: { role } }));
    await asOwner(t, `update identity."user" set ${set} where id = '${id}'`);
  },
});

tryAll([
  accreditation(
    "an accreditation by another body",
    /Accreditation A-1 of auditor usr_\w+: by the audit trail usr_\w+ did not enter it as it stands/,
    "update verification.accreditation set body = 'Other'",
  ),
  accreditation(
    "an accreditation that never ends",
    /Accreditation A-1 of auditor usr_\w+: by the audit trail usr_\w+ did not enter it as it stands/,
    "update verification.accreditation set valid_until = null",
  ),
  accreditation(
    "an accreditation entered earlier",
    /Accreditation A-1 of auditor usr_\w+: by the audit trail usr_\w+ did not enter it as it stands/,
    "update verification.accreditation set at = at - interval '2 years'",
  ),
  accreditation(
    "an accreditation deleted",
    /Line \d+\/\d+ of the audit trail says auditor.accreditation of usr_\w+ .*, and no such thing is kept/,
    "delete from verification.accreditation",
  ),
  row(
    "a grid factor that nobody entered",
    /Grid factor VN 2025, version 1: by the audit trail usr_thief did not enter it as it stands/,
    `insert into vehicles.grid_factor (country_code, year, version, grid_mg_per_kwh, source, set_by, set_at)
     values ('VN', 2025, 1, 1000, 'Nobody.', 'usr_thief', '2025-01-01Z')`,
  ),
  row(
    "an interest that nobody declared",
    /That auditor usr_a has an interest in usr_b: by the audit trail usr_a did not say so as it stands/,
    `insert into verification.interest (reviewer_id, subject_id, reason, declared_by, declared_at)
     values ('usr_a', 'usr_b', 'Cousin.', 'usr_a', '2026-01-01Z')`,
  ),
  row(
    "a revocation in another auditor's name",
    /The revocation of crt_\w+: by the audit trail usr_thief did not make it as it stands/,
    "update verification.revocation set revoked_by = 'usr_thief'",
  ),
  row(
    "a cancellation of somebody else's grams",
    /Cancellation tfr_\w+: its row says that usr_thief had the grams/,
    "update credits.cancellation set holder_id = 'usr_thief' where holder_id is not null",
  ),
  row(
    "a cancellation for another reason",
    /Cancellation tfr_\w+: its row says that .* \(Old age.\), by the ledger they left/,
    "update credits.cancellation set reason = 'Old age.'",
  ),
  row(
    "a cancellation moved in the ledger",
    /Cancellation tfr_\w+ is of 2026-03-01T\S+, its grams left on 2026-02-2/,
    "update ledger.transfer set at = at - interval '3 days' where kind = 'cancel'",
    "update ledger.entry e set at = t.at from ledger.transfer t where t.id = e.transfer_id",
  ),
  row(
    "a sale moved to another month in each of its rows",
    /Certificate EVXC-\S+ is of 2026-03-01T\S+, its sale of 2026-01/,
    "update ledger.transfer set at = at - interval '40 days' where kind = 'sale'",
    "update ledger.entry e set at = t.at from ledger.transfer t where t.id = e.transfer_id",
  ),
  person(
    "a buyer made an auditor",
    /usr_\w+ has the role cva; by the audit trail it is buyer/,
    "role = 'cva'",
  ),
  person(
    "a name in public that nobody chose",
    /usr_\w+ is called Chevron in public; by the audit trail nobody said so/,
    "public_kind = 'company', public_name = 'Chevron'",
  ),
]);
