/** Attacks on the log itself, in the window before it is numbered, and on the database's own guards. */
import { expect, test } from "bun:test";
import { sql } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { publishedCheckpoint, sequencePending } from "@evx/log";
import { monitor } from "@evx/proof/monitor";
import { type Attack, asOwner, ports, tryAll, world } from "./attacks.testing.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { anIssuedBatch, enterKeys, testPorts } from "./testing.ts";
import { fromInside, verifyAll } from "./verification.ts";

const swapped = (column: string, from: string, to: string) =>
  `convert_to(replace(convert_from(${column}, 'UTF8'), '${from}', '${to}'), 'UTF8')`;

const inTheWindow: Attack[] = [
  {
    name: "a beneficiary changed between writing and numbering",
    sees: /Retirement ret_\w+: the registry says (reason|beneficiary)/,
    run: async (t, w) => {
      const retired = {
        id: newId("retirement"),
        amount: 500n,
        beneficiaryName: "Third",
        reason: "event",
      } as const;
      await t.transact((tx) => retireCredits(tx, ports, w.buyer, retired));
      await asOwner(
        t,
        `update log.pending set body = ${swapped("body", '"event"', '"travel"')} where kind = 'retired'`,
      );
    },
  },
  {
    name: "row and entry changed together before the entry is numbered",
    sees: /Retirement ret_\w+: the registry says .*"reason": "travel".*, its certificate EVXC\S+ says/,
    run: async (t, w) => {
      const retired = {
        id: newId("retirement"),
        amount: 500n,
        beneficiaryName: "Third",
        reason: "event",
      } as const;
      await t.transact((tx) => retireCredits(tx, ports, w.buyer, retired));
      await asOwner(
        t,
        `update log.pending set body = ${swapped("body", '"event"', '"travel"')} where kind = 'retired'`,
        `update credits.retirement set reason = 'travel' where id = '${retired.id}'`,
      );
    },
  },
  {
    name: "a revocation removed with its entry before it is numbered",
    sees: /Line \S+ of the audit trail says certificate.revoke of crt_\w+, and nothing of it is there/,
    run: async (t, w) => {
      const reason = "It was sold twice.";
      const purchase = await t.db
        .selectFrom("verification.certificate")
        .select("id")
        .where("kind", "=", "purchase")
        .executeTakeFirstOrThrow();
      await t.transact((tx) =>
        revokeCertificate(tx, ports, { id: w.two.reviewer.id, role: "admin" }, { id: purchase.id, reason }),
      );
      await asOwner(
        t,
        `delete from verification.revocation where certificate_id = '${purchase.id}'`,
        "delete from log.pending",
      );
    },
  },
  {
    name: "a batch taken away before its entry is numbered, its number declared void",
    sees: /Batch 000004 is void, though numbers are given without a gap since the log began/,
    run: async (t) => {
      const { batch } = await anIssuedBatch(t, ports);
      await asOwner(
        t,
        `delete from verification.certificate_lot where batch_id = '${batch.id}'`,
        `delete from verification.certificate where subject_id = '${batch.requestId}'`,
        `delete from verification.tree where batch_id = '${batch.id}'`,
        `delete from credits.batch where id = '${batch.id}'`,
        "delete from log.pending",
        `select log.enter('void', '4', '{"batch": "000004"}', now())`,
      );
    },
  },
  {
    name: "a voucher changed before its key is numbered",
    sees: /Key \S+ is not signed by the one that is said to vouch for it/,
    run: async (t) => {
      const next = await testPorts();
      const rotated = { keys: { current: next.keys.current, all: [next.keys.current, ports.keys.current] } };
      await enterKeys(t, rotated);
      await asOwner(
        t,
        `update log.pending set body = convert_to(jsonb_set(convert_from(body, 'UTF8')::jsonb, '{cross}',
           jsonb_build_object('by', '${ports.keys.current.id}', 'signature', repeat('A', 86)))::text, 'UTF8') where kind = 'key'`,
      );
    },
  },
];

const keys: Attack[] = [
  {
    name: "a key's withdrawal hidden",
    sees: /Key \S+ was withdrawn on \S+, the registry says never/,
    run: async (t) => {
      await sql`select verification.withdraw_key(${ports.keys.current.id}, ${t.clock.now()}, 'It was stolen.')`.execute(
        t.admin,
      );
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(t, "delete from verification.withdrawn_key");
    },
  },
  {
    name: "a key's withdrawal moved to a later day by a second entry",
    sees: /Key \S+ was withdrawn before, on/,
    run: async (t) => {
      const key = ports.keys.current.id;
      await sql`select verification.withdraw_key(${key}, ${t.clock.now()}, 'It was stolen.')`.execute(
        t.admin,
      );
      await asOwner(
        t,
        `select log.enter('key_withdrawn', '${key}/2', '{"id": "${key}"}', now() + interval '1 year')`,
      );
    },
  },
  {
    name: "a withdrawn key entered anew",
    sees: /Key \S+ was added before/,
    run: async (t) => {
      const { id, publicKey } = ports.keys.current;
      await sql`select verification.withdraw_key(${id}, ${t.clock.now()}, 'It was stolen.')`.execute(t.admin);
      const body = JSON.stringify({ id, publicKey, cross: null });
      await asOwner(t, `select log.enter('key', '${id}/2', '${body}', now())`);
    },
  },
];

const inTheLog: Attack[] = [
  {
    name: "tiles of hashes changed, from which everybody's proofs are made",
    sees: /The log's tile\/0\/000.p\/\d+ does not hold the hashes of its entries/,
    run: (t) => asOwner(t, "update log.tile set hashes = overlay(hashes placing sha256('x') from 1)"),
  },
  {
    name: "an old checkpoint's root replaced",
    sees: /The checkpoint of \d+ entries (is not as the log's key signed it|has another root)/,
    run: async (t) => {
      await anIssuedBatch(t, ports);
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(
        t,
        "update log.checkpoint set root = sha256(root) where size = (select min(size) from log.checkpoint)",
      );
    },
  },
  {
    name: "an entry found under another's name",
    sees: /Entry \d+ is found as certificate/,
    run: (t) =>
      asOwner(
        t,
        `update log.entry set subject = subject || 'X' where place = (select min(place) from log.entry where kind = 'certificate')`,
      ),
  },
  {
    name: "an entry that makes a certificate of other grams current",
    sees: /passes \S+ on to \S+, which is not of these grams|for which it was not current/,
    run: (t, w) =>
      asOwner(
        t,
        `select log.enter('standing', 'forged', jsonb_build_object('number', '${w.three.certificate.number}', 'part', 1,
           'by', '${w.one.certificate.number}', 'ranges', '["000003-1-20000"]'::jsonb), now())`,
      ),
  },
  {
    name: "by the application's role: a certificate noted down as passed on",
    sees: /Certificate \S+: the registry says 20000 g current, the log 0 g/,
    run: (t, w) =>
      sql`select log.note_down('standing', 'forged', jsonb_build_object('number', ${w.three.certificate.number}::text, 'part', 1,
        'by', null, 'ranges', '["000003-1-20000"]'::jsonb), now())`.execute(t.db),
  },
  {
    name: "by the application's role: a book noted down that was never closed",
    sees: /The book of 2026-03-01 is in the log, and the registry hides it/,
    run: (t) =>
      sql`select log.note_down('book', '2026-03-01', (select convert_from(body, 'UTF8')::jsonb || '{"day": "2026-03-01"}'
        from log.entry where kind = 'book'), ${t.clock.now()})`.execute(t.db),
  },
  {
    name: "by the application's role: a factor set noted down that nobody published",
    sees: /Factor set flat-v1\/9 was logged as \w+, the registry shows none/,
    run: (t) =>
      sql`select log.note_down('factor_set', 'flat-v1/9', jsonb_build_object('name', 'flat-v1/9', 'method', 'flat-v1',
        'hash', repeat('ab', 32)), ${t.clock.now()})`.execute(t.db),
  },
];

const ddl = (name: string, sees: RegExp, ...statements: string[]): Attack => ({
  name,
  sees,
  run: async (t) => {
    for (const statement of statements) await sql.raw(statement).execute(t.admin);
  },
});

const guards: Attack[] = [
  ddl(
    "a function that tells the totals made to lie",
    /"create FUNCTION verification.registry_totals\(\)" is not that of this version/,
    `create or replace function verification.registry_totals() returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp
     as $$ select convert_from(body, 'UTF8')::jsonb -> 'totals' from log.entry where kind = 'book' order by place desc limit 1 $$`,
  ),
  ddl(
    "a function that shows rows made to show the log instead",
    /"create FUNCTION verification.state_retirements\S+.*" is not that of this version/,
    `create or replace function verification.state_retirements(p_after text, p_limit int) returns table (name text, facts jsonb)
     language sql stable security definer set search_path = pg_catalog, pg_temp as $$
     select convert_from(body, 'UTF8')::jsonb ->> 'id', convert_from(body, 'UTF8')::jsonb from log.entry where kind = 'retired' and subject > p_after $$`,
    "set session_replication_role = replica",
    "update credits.retirement set beneficiary_name = 'Other'",
    "set session_replication_role = origin",
  ),
  ddl(
    "a trigger that logs switched off",
    /Trigger a_logged of credits.batch is switched off/,
    "alter table credits.batch disable trigger a_logged",
  ),
  ddl(
    "every trigger of a table switched off, also those of its foreign keys",
    /Trigger "?RI_ConstraintTrigger_\S+ of verification.certificate is switched off/,
    "alter table verification.certificate disable trigger all",
  ),
  ddl(
    "a trigger that refuses changes dropped",
    /"create table log.entry" is not that of this version: "CREATE TRIGGER append_only/,
    "drop trigger append_only on log.entry",
  ),
  ddl(
    "a trigger added that rewrites what is written",
    /"create table credits.retirement" is not that of this version: "CREATE TRIGGER thief/,
    "create trigger thief before insert on credits.retirement for each row execute function log.number_batch()",
  ),
  ddl(
    "a constraint dropped",
    /"create table ledger.account" is not that of this version: " {2}constraint account_check /,
    "alter table ledger.account drop constraint account_check",
  ),
  ddl(
    "rights given to the application's role",
    /"create table log.pending" is not that of this version: "grant delete, insert, select, update on log.pending to evx_app;"/,
    "grant insert, update, delete on log.pending to evx_app",
  ),
  ddl(
    "a table of the log given to the application's role",
    /log.pending belongs to evx_app, a role of the application/,
    "alter table log.pending owner to evx_app",
  ),
  ddl(
    "a rule that swallows what is written",
    /Rule nothing of credits.cancellation is none of this version/,
    "create rule nothing as on insert to credits.cancellation do instead nothing",
  ),
  ddl(
    "a function added with all rights",
    /The database has "create FUNCTION public.anything\(p text\)", which this version does not make/,
    "create function public.anything(p text) returns void language plpgsql security definer as $$ begin execute p; end $$",
  ),
];

tryAll([...inTheWindow, ...keys, ...inTheLog, ...guards]);

test("leaves deleted and numbered again otherwise after a restart: who remembers names the fork, witnesses refuse", async () => {
  const t = await testDatabase();
  try {
    await strictly(t);
    await world(t);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const look = (more: object = {}) =>
      monitor({
        url: ports.publicUrl,
        fetch: fromInside(t.db, ports, t.clock.now()),
        patience_ms: 0,
        now: t.clock.now(),
        ...more,
      });
    const { remember } = await look();
    // All of the log is forgotten, and entered again from the rows in another order.
    await asOwner(
      t,
      "create table log.again as select kind, subject, body, at from log.entry order by kind = 'book', kind <> 'key', place",
      "delete from log.cosignature",
      "delete from log.checkpoint",
      "delete from log.tile",
      "delete from log.entry",
      "update log.again set body = convert_to(replace(convert_from(body, 'UTF8'), '\"reason\":\"event\"', '\"reason\":\"travel\"'), 'UTF8')",
      "insert into log.pending (kind, subject, body, at) select * from log.again",
      "drop table log.again",
      "update credits.retirement set reason = 'travel'",
    );
    await t.transact((tx) => sequencePending(tx, ports.log));
    expect((await look({ remembered: remember })).faults[0]).toContain("the log has forked");
    const { faults } = await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0, remembered: remember });
    expect(faults[0]).toContain("the log has forked");
    // Without memory it shows all the same, for what was signed says otherwise.
    expect((await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults.join()).toContain(
      "its certificate",
    );
  } finally {
    await t.close();
  }
}, 60_000);

test("a cosignature made up in the database counts for nothing", async () => {
  const t = await testDatabase();
  try {
    await world(t);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const stranger = await testPorts();
    const { noteKeyOf } = await import("@evx/log/testing");
    const key = noteKeyOf("witness.test", "witness", stranger.keys.current.publicKey);
    const wanting = { ...ports, log: { ...ports.log, witnesses: [{ url: "http://w", key }], wanted: 1 } };
    const size = (await publishedCheckpoint(t.db))?.size ?? 0;
    const line = `— witness.test ${Buffer.alloc(76, 7).toString("base64")}\n`;
    await sql`select log.keep_cosignature(${size}, 'witness.test', ${line}, now())`.execute(t.admin);
    const { faults } = await verifyAll(t.db, wanting, t.clock.now(), { patience_ms: 0 });
    expect(faults.join("\n")).toContain("0 witnesses signed the checkpoint, 1 are promised");
  } finally {
    await t.close();
  }
}, 60_000);

test("another set of entries for one address: whoever gets it sees that it does not give the signed root", async () => {
  const t = await testDatabase();
  try {
    await world(t);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const honest = fromInside(t.db, ports, t.clock.now());
    const forThem = async (address: string) => {
      const bytes = await honest(address);
      if (!bytes || !address.includes("/tile/entries/")) return bytes;
      const text = Buffer.from(bytes).toString("latin1");
      return new Uint8Array(Buffer.from(text.replace('"grams":"5000"', '"grams":"4000"'), "latin1"));
    };
    const seen = await monitor({ url: ports.publicUrl, fetch: forThem, patience_ms: 0, now: t.clock.now() });
    expect(seen.faults[0]).toBe("The entries do not give the checkpoint's root.");
    expect(
      (await monitor({ url: ports.publicUrl, fetch: honest, patience_ms: 0, now: t.clock.now() })).faults,
    ).toEqual([]);
  } finally {
    await t.close();
  }
}, 60_000);

test("functions that were dropped are named, and what is left is checked all the same", async () => {
  const t = await testDatabase();
  try {
    const w = await world(t);
    await t.transact((tx) => sequencePending(tx, ports.log));
    const gone = [
      "verification.faults_of_lots()",
      "verification.faults_of_holders(timestamptz)",
      "verification.state_head()",
    ];
    for (const one of gone) await sql.raw(`drop function ${one}`).execute(t.admin);
    await asOwner(t, `update credits.retirement set message = 'Otherwise.' where id = '${w.retirement}'`);
    const { faults } = await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 });
    const said = faults.join("\n");
    for (const [name, what] of [
      ["faults_of_lots", "faults_of_lots"],
      ["faults_of_holders", "whose grams certificates read current for"],
      ["state_head", "what a monitor reads at /log/state.json"],
    ])
      expect(said).toContain(
        `Function verification.${name} of the database is missing, so this was not checked: ${what}.`,
      );
    expect(said).toMatch(/Retirement ret_\w+: the registry says .*"message": "Otherwise."/);
  } finally {
    await t.close();
  }
}, 60_000);
