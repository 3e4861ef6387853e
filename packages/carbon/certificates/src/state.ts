import type { Db } from "@evx/db";
import { factorSets } from "@evx/emissions";
import { auditBooks } from "@evx/ledger";
import { fromBase64url } from "@evx/proof";
import { base64, noteKeyText } from "@evx/proof/log";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { stateHead, stateKinds, stateRows } from "./queries/state.ts";

/** Faults of the books that are told at once. */
const mostFaults = 20;

/** Where the ledger does not hold, in sentences. Reads the whole of it. */
export const bookFaults = async (db: Db): Promise<string[]> =>
  (await auditBooks(db))
    .slice(0, mostFaults)
    .map(({ rule, subject, detail }) => `${rule}: ${subject}, ${detail}`);

/** The registry as it is now, for whoever holds it against the public log; its rows are had by `registryRows`. */
export const registryState = async (db: Db, books: readonly string[], now: Date) => ({
  format: "evx-state/3" as const,
  ...(await stateHead(db)),
  factorSets: (await factorSets(db, now)).items.map(({ factorSet, hash }) => ({ name: factorSet, hash })),
  books,
});

/** Rows of one page. */
const pageRows = 2_000;

/** A page of rows in the words of the log's entries; `after` is empty for the first. Null for what is no page. */
export const registryRows = async (db: Db, kind: string, after: string) => {
  const known = stateKinds.find((each) => each === kind);
  const shaped = known === "batches" ? /^(\d{1,18})?$/ : /^[\w-]{0,60}$/;
  if (!known || !shaped.test(after)) return null;
  const rows = await stateRows(db, known, { after, limit: pageRows });
  return {
    format: "evx-rows/1" as const,
    rows: rows.map(({ facts }) => facts),
    next: rows.length === pageRows ? (rows.at(-1)?.name ?? null) : null,
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
    formats: [
      "evx-certificate/1",
      "evx-bundle/1",
      "evx-status/1",
      "evx-inclusion/2",
      "evx-state/3",
      "evx-holding/1",
    ],
  };
};
