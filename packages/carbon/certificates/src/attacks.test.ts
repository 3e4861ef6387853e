/** A cheating operator's attacks, one a test: before it a monitor is content, after it the monitor names the fault. */
import { expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { publishedCheckpoint, sequencePending } from "@evx/log";
import { noteKeyOf } from "@evx/log/testing";
import { createWitness } from "@evx/log/witness";
import { crossText, generateSigningKey, readSigningKeys, utf8 } from "@evx/proof";
import { signCheckpoint } from "@evx/proof/log";
import { monitor } from "@evx/proof/monitor";
import { type Attack, asOwner, batchColumns, ports, tryAll, world } from "./attacks.testing.ts";
import { closeDay } from "./books.ts";
import { retireCredits } from "./retirements.ts";
import { anIssuedBatch } from "./testing.ts";
import { fromInside } from "./verification.ts";

const attacks: Attack[] = [
  {
    name: "grams minted past the triggers",
    sees: /Batch 000004 is in the registry and was never logged/,
    run: (t) =>
      asOwner(
        t,
        `insert into credits.batch (id, transfer_id, number, ${batchColumns}) overriding system value
         select 'bat_mint', 'tfr_mint', 4, 'req_mint', ${batchColumns.replace("request_id, ", "").replace("grams_g", "5000000").replace("issued_at", "issued_at - interval '6 months'")} from credits.batch where number = 3`,
        "select ledger.issue('tfr_mint', 'bat_mint', now(), array['gCO2e/wallet/usr_thief'], array[5000000], null)",
      ),
  },
  {
    name: "a signing key inserted",
    sees: /Key ed25519-rogue is published and was never logged/,
    run: (t) =>
      asOwner(
        t,
        "insert into verification.signing_key (id, public_key, added_at) values ('ed25519-rogue', 'AAAA', now())",
      ),
  },
  {
    name: "a signing key added through the owner's own function",
    sees: /Key ed25519-rogue was added without the signature of one before it/,
    run: (t) => sql`select verification.add_key('ed25519-rogue', 'AAAA', now(), null, null)`.execute(t.admin),
  },
  {
    name: "a signing key with a forged voucher",
    sees: /not signed by the one that is said to vouch/,
    run: async (t) => {
      const { id, publicKey } = (await readSigningKeys(generateSigningKey())).current;
      await sql`select verification.add_key(${id}, ${publicKey}, now(), ${ports.keys.current.id}, ${"A".repeat(86)})`.execute(
        t.admin,
      );
    },
  },
  {
    name: "a signing key under another's name",
    sees: /Key ed25519-0123456789abcdef is not called as its bytes ask for/,
    run: async (t) => {
      const { publicKey } = (await readSigningKeys(generateSigningKey())).current;
      const id = "ed25519-0123456789abcdef";
      const signature = await ports.keys.current.sign(utf8(crossText({ id, publicKey })));
      await sql`select verification.add_key(${id}, ${publicKey}, now(), ${ports.keys.current.id}, ${signature})`.execute(
        t.admin,
      );
    },
  },
  {
    name: "a retirement's beneficiary rewritten",
    sees: /Retirement ret_\w+: the registry says beneficiary/,
    run: (t) => asOwner(t, "update credits.retirement set beneficiary_name = 'Other Beneficiary Ltd'"),
  },
  {
    name: "a revocation of a certificate taken back",
    sees: /Certificate \S+ was revoked, and the registry has taken that back/,
    run: (t) => asOwner(t, "delete from verification.revocation"),
  },
  {
    name: "a revocation of a batch taken back",
    sees: /Batch 000002 was revoked, and the registry has taken that back/,
    run: (t) => asOwner(t, "delete from credits.revoked_batch"),
  },
  {
    name: "a stored certificate changed",
    sees: /Certificate \S+: the registry says hash/,
    run: (t) =>
      asOwner(
        t,
        "update verification.certificate set document = replace(document, '0.0', '9.0') where kind = 'purchase'",
      ),
  },
  {
    name: "an issued batch's trips replaced and its tree planted anew",
    sees: /Batch 000003: the registry says tree/,
    run: (t, w) =>
      asOwner(
        t,
        `update verification.tree set root = repeat('ab', 32) where batch_id = '${w.three.batch.id}'`,
      ),
  },
  {
    name: "un-retired and retired again",
    sees: /that were retired or cancelled before/,
    run: async (t, w) => {
      await asOwner(
        t,
        `update ledger.block set account_id = 'gCO2e/wallet/${w.buyer.id}' where account_id = 'gCO2e/retired/${w.buyer.id}'`,
        `update ledger.account set balance = balance + 5000 where id = 'gCO2e/wallet/${w.buyer.id}'`,
        `update ledger.account set balance = balance - 5000 where id = 'gCO2e/retired/${w.buyer.id}'`,
      );
      await t.transact((tx) =>
        retireCredits(tx, ports, w.buyer, {
          id: newId("retirement"),
          amount: 8_000n,
          beneficiaryName: "Second Airline",
          reason: "travel",
        }),
      );
    },
  },
  {
    name: "a certificate backdated before its key",
    sees: /before its key was in use/,
    run: (t) =>
      asOwner(
        t,
        `update verification.certificate set document = jsonb_set(document::jsonb, '{issuedAt}', '"2019-01-01T00:00:00.000Z"')::text where kind = 'purchase'`,
      ),
  },
  {
    name: "a batch hidden with all its rows",
    sees: /Batch 000003 is in the log, and the registry hides it/,
    run: (t, w) =>
      asOwner(
        t,
        `delete from verification.certificate_lot where batch_id = '${w.three.batch.id}'`,
        `delete from verification.certificate where subject_id = '${w.three.batch.requestId}'`,
        `delete from verification.tree where batch_id = '${w.three.batch.id}'`,
        `delete from credits.batch where id = '${w.three.batch.id}'`,
      ),
  },
  {
    name: "a hidden batch's serial numbers issued again",
    sees: /Batch 000003 was issued before: its serial numbers are given twice/,
    run: (t, w) =>
      asOwner(
        t,
        `insert into credits.batch (id, transfer_id, number, ${batchColumns}) overriding system value
         select 'bat_again', 'tfr_again', 33, 'req_again', ${batchColumns.replace("request_id, ", "")} from credits.batch
         where id = '${w.three.batch.id}'`,
        `delete from credits.batch where id = '${w.three.batch.id}'`,
        `insert into log.pending (kind, subject, body, at)
         select kind, 'bat_again', body, at from log.entry where kind = 'batch_issued' and subject = '${w.three.batch.id}'`,
      ),
  },
  {
    name: "a batch multiplied and its vintage changed",
    sees: /Batch 000003: the registry says grams/,
    run: (t, w) =>
      asOwner(
        t,
        `update credits.batch set grams_g = grams_g * 10, vintage_year = 2031 where id = '${w.three.batch.id}'`,
      ),
  },
  {
    name: "the audit chain rewritten",
    sees: /audit trail/,
    run: (t) => asOwner(t, "update identity.audit set action = 'nothing.happened', hash = sha256(hash)"),
  },
  {
    name: "the audit chain's tail cut off",
    sees: /Line \d+\/\d+ of the audit trail is not the one that a book named/,
    run: (t) =>
      asOwner(
        t,
        "delete from identity.audit where (chain, seq) = (select chain, max(seq) from identity.audit group by chain order by chain limit 1)",
      ),
  },
  {
    name: "a balance changed",
    sees: /g circulating, the log's entries give|do not balance/,
    run: (t, w) =>
      asOwner(t, `update ledger.account set balance = balance + 1 where id = 'gCO2e/wallet/${w.buyer.id}'`),
  },
  {
    name: "a block moved to another person",
    sees: /own books do not balance/,
    run: (t, w) =>
      asOwner(
        t,
        `update ledger.block set account_id = 'gCO2e/wallet/${w.three.owner.id}' where account_id = 'gCO2e/wallet/${w.buyer.id}'`,
      ),
  },
  {
    name: "a withdrawn key brought back and signed with",
    sees: /Certificate \S+ is signed with \S+, withdrawn on/,
    run: async (t, w) => {
      const key = ports.keys.current.id;
      await sql`select verification.withdraw_key(${key}, ${t.clock.now()}, 'It was stolen.')`.execute(
        t.admin,
      );
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(t, "delete from verification.withdrawn_key");
      t.clock.advance(1_000);
      const id = newId("retirement");
      const retired = { id, amount: 500n, beneficiaryName: "Third", reason: "event" } as const;
      await t.transact((tx) => retireCredits(tx, ports, w.buyer, retired));
    },
  },
  {
    name: "a factor set exchanged for another of its name",
    sees: /Factor set flat-2024 is logged with another hash than before/,
    run: async (t) => {
      const set = (hash: string) => JSON.stringify({ name: "flat-2024", method: "flat-v1", hash });
      await sql`select log.note_down('factor_set', 'flat-2024', ${set("aa".repeat(32))}::jsonb, now())`.execute(
        t.db,
      );
      await t.transact((tx) => sequencePending(tx, ports.log));
      await sql`select log.note_down('factor_set', 'flat-2024/again', ${set("bb".repeat(32))}::jsonb, now())`.execute(
        t.db,
      );
    },
  },
  {
    name: "a tree that gives fewer grams than its batch has",
    sees: /Batch 000004 has 90000 g, its trips give 20000 g/,
    run: async (t, w) => {
      await asOwner(t, "alter table verification.tree disable trigger all");
      await anIssuedBatch(t, ports, { owner: w.three.owner });
      await asOwner(
        t,
        `update log.pending set body = convert_to(replace(convert_from(body, 'UTF8'), '"grams":"20000","kind":"batch_issued"', '"grams":"90000","kind":"batch_issued"'), 'UTF8') where kind = 'batch_issued'`,
      );
    },
  },
  {
    name: "a certificate made current again for grams that were passed on",
    sees: /Certificate \S+ passes on \S+, for which it was not current|both read current/,
    run: (t) =>
      asOwner(
        t,
        `insert into log.pending (kind, subject, body, at)
         select 'standing', subject || '/back', convert_to(jsonb_build_object('at', j ->> 'at', 'v', 1, 'kind', 'standing', 'part', 1,
           'number', j ->> 'number', 'by', j ->> 'by', 'ranges', j -> 'ranges')::text, 'UTF8'), at
         from (select *, convert_from(body, 'UTF8')::jsonb as j from log.entry where kind = 'standing') e limit 1`,
      ),
  },
  {
    name: "a book that leaves somebody's grams out",
    sees: /gives out \d+ g to its holders, the entries before it|g circulating, the log's entries give/,
    run: async (t, w) => {
      await asOwner(t, `update ledger.account set balance = 0 where id = 'gCO2e/wallet/${w.three.owner.id}'`);
      await t.transact((tx) => closeDay(tx, "2026-03-01"));
    },
  },
  {
    name: "a signature replaced",
    sees: /its signature does not fit its document/,
    run: (t) =>
      asOwner(t, `update verification.certificate set signature = repeat('A', 86) where kind = 'purchase'`),
  },
  {
    name: "an entry of the log rewritten in place",
    sees: /do not give the checkpoint's root/,
    run: (t) =>
      asOwner(
        t,
        `update log.entry set body = convert_to(replace(convert_from(body, 'UTF8'), '5000', '4000'), 'UTF8') where kind = 'retired'`,
      ),
  },
  {
    name: "the log cut back to an older size",
    sees: /entries from \d+ on are (missing|cut short)|is in the registry and was never logged/,
    run: (t) => asOwner(t, "delete from log.entry where place = (select max(place) from log.entry)"),
  },
];

tryAll(attacks);

test("the application's own role mints nothing and inserts no key: the database refuses", async () => {
  const t = await testDatabase();
  try {
    await strictly(t);
    const mint = t.transact((tx) =>
      sql`select ledger.issue('tfr_mint', 'bat_mint', now(), array['gCO2e/wallet/usr_thief'], array[5000000], null)`.execute(
        tx,
      ),
    );
    await expect(mint).rejects.toThrow(/grams of no batch/);
    await expect(
      sql`insert into verification.signing_key (id, public_key, added_at) values ('x', 'x', now())`.execute(
        t.db,
      ),
    ).rejects.toThrow(/permission denied/);
  } finally {
    await t.close();
  }
});

test("two registries shown to two people: the witness signs one of them, and who remembers names the fork", async () => {
  const t = await testDatabase();
  try {
    await world(t);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const inside = fromInside(t.db, ports, t.clock.now());
    const watch = { url: ports.publicUrl, fetch: inside, patience_ms: 0, now: t.clock.now() };
    const { remember, faults } = await monitor(watch);
    expect(faults).toEqual([]);
    const { current: key } = await readSigningKeys(generateSigningKey());
    const folder = mkdtempSync(join(tmpdir(), "evx-witness-"));
    const logs = [noteKeyOf(ports.log.origin, "log", ports.log.key.publicKey)];
    const witness = createWitness({ name: "witness.test", key, logs, folder, clock: t.clock });
    const shown = (note: string, old: number) =>
      witness(new Request("http://w/add-checkpoint", { method: "POST", body: `old ${old}\n\n${note}` }));
    const published = await publishedCheckpoint(t.db);
    const size = published?.size ?? 0;
    expect((await shown(published?.note ?? "", 0)).status).toBe(200);
    const fork = await signCheckpoint(ports.log.origin, ports.log.key, { size, root: new Uint8Array(32) });
    expect((await shown(fork, size)).status).toBe(409);
    const other = { ...remember, root: "ab".repeat(32) } as NonNullable<typeof remember>;
    const seen = await monitor({ ...watch, remembered: other });
    expect(seen.faults[0]).toContain("the log has forked");
  } finally {
    await t.close();
  }
}, 30_000);
