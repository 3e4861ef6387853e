import type { Db } from "@evx/db";
import { auditBooks } from "@evx/ledger";
import { fromBase64url } from "@evx/proof";
import { base64, noteKeyText } from "@evx/proof/log";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { stateRows } from "./queries/state.ts";

/** Faults of the books that are told at once. */
const mostFaults = 20;

/** The registry's rows as they are now, for whoever holds them against the public log. */
export const registryState = async (db: Db) => {
  const rows = await stateRows(db);
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ facts }) => facts);
  const violations = await auditBooks(db);
  return {
    format: "evx-state/1" as const,
    batches: of("batch"),
    certificates: of("certificate"),
    retirements: of("retirement"),
    revoked: of("revoked"),
    keys: of("key"),
    audit: of("audit"),
    totals: of("totals")[0] ?? {},
    books: violations
      .slice(0, mostFaults)
      .map(({ rule, subject, detail }) => `${rule}: ${subject}, ${detail}`),
  };
};

/** Who the registry is: what a stranger pins. */
export const registryFacts = async (db: Db, ports: CertificatePorts, now: Date) => {
  const { origin, key, witnesses, wanted } = ports.log;
  const publicKey = fromBase64url(key.publicKey);
  return {
    format: "evx-registry/1" as const,
    issuer: "EV Carbon Exchange",
    url: ports.publicUrl,
    log: {
      origin,
      url: `${ports.publicUrl}/log`,
      key: publicKey ? noteKeyText({ name: origin, kind: "log", publicKey }) : base64(new Uint8Array()),
    },
    keys: await publicKeys(db, ports, now),
    witnesses: witnesses.map(({ key: witness, url }) => ({
      name: witness.name,
      url,
      key: noteKeyText(witness),
    })),
    policy: { witnessesWanted: wanted },
    formats: ["evx-certificate/1", "evx-bundle/1", "evx-status/1", "evx-inclusion/1", "evx-state/1"],
  };
};
