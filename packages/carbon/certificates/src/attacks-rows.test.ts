/** Attacks on rows: what was done is told otherwise, taken back, or done a second time. */

import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { newId } from "@evx/kernel";
import { post, wallet } from "@evx/ledger";
import { sequencePending } from "@evx/log";
import { enterAccreditation } from "./accreditations.ts";
import { type Attack, asOwner, ports, row, tryAll } from "./attacks.testing.ts";
import { issueCertificate } from "./certificates.ts";
import { retireCredits } from "./retirements.ts";
import { anIssuedBatch } from "./testing.ts";

const told: Attack[] = [
  row(
    "a retirement's message and country rewritten",
    /Retirement ret_\w+: the registry says .*"message": "For somebody else.".*, its certificate EVXC\S+ says/,
    "update credits.retirement set message = 'For somebody else.', beneficiary_country = 'US'",
  ),
  row(
    "a retirement moved to another year",
    /Retirement ret_\w+: the registry says at "2025/,
    "update credits.retirement set retired_at = retired_at - interval '1 year'",
  ),
  row(
    "a retirement given to another account",
    /Retirement ret_\w+: the registry says|did not move these grams to its holder/,
    "update credits.retirement set holder_id = 'usr_thief'",
  ),
  row(
    "a certificate's serial numbers moved",
    /Certificate \S+: its rows of serial numbers are not those that were signed/,
    "update verification.certificate_lot set first_g = first_g + 1 where certificate_id = (select id from verification.certificate where kind = 'purchase')",
  ),
  row(
    "a certificate given to another holder",
    /Certificate \S+ is of a sale that did not move these grams to its holder/,
    "update verification.certificate set holder_id = 'usr_thief' where kind = 'purchase'",
  ),
  row(
    "a certificate dated anew",
    /Certificate \S+: the registry says at/,
    "update verification.certificate set issued_at = issued_at - interval '1 year' where kind = 'purchase'",
  ),
  {
    name: "a certificate that was passed on made current again, in its row",
    sees: /Certificate \S+: the registry says \d+ g current, the log \d+ g/,
    run: (t, w) =>
      asOwner(
        t,
        `update verification.current_lot set certificate_id = '${w.one.certificate.id}' where batch_id = '${w.one.batch.id}'`,
      ),
  },
  row(
    "a retirement given a company's identifier",
    /Retirement ret_\w+: the registry says beneficiary/,
    "update credits.retirement set beneficiary_lei = '5493001KJTIIGC8Y1R12'",
  ),
  row(
    "an auditor accredited afterwards, backdated",
    /Batch 00000\d: the registry says accreditation \{.*"number":"VICAS 1"/,
    `insert into verification.accreditation (reviewer_id, body, number, assurance, entered_by, at)
     select cva_id, 'VICAS', 'VICAS 1', 'reasonable', 'usr_thief', issued_at - interval '1 day' from credits.batch`,
  ),
  row(
    "a batch's days moved",
    /Batch 000003: the registry says from "2026-01-01"/,
    "update credits.batch set vintage_from = '2026-01-01' where number = 3",
  ),
  row(
    "fewer grams owed for a revoked batch",
    /Batch 000002: the registry says that 1 g are owed for it, the log 20000 g/,
    "update credits.revoked_batch set owed_g = 1",
  ),
  row(
    "a revocation's reason softened",
    /Batch 000002: the registry gives another reason for its revocation/,
    "update credits.revoked_batch set reason = 'By its owner, for convenience.'",
  ),
  row(
    "a certificate's revocation moved to a later day",
    /Certificate \S+ was revoked on 2026-03-01\S+, the registry says 2026-06/,
    "update verification.revocation set revoked_at = revoked_at + interval '100 days'",
  ),
  row(
    "a cancellation invented, so that nothing seems to be missing",
    /Cancellation tfr_none is in the registry and was never logged/,
    "insert into credits.cancellation (transfer_id, batch_id, grams_g, reason, cancelled_at) select 'tfr_none', batch_id, 5000, 'Made up for.', now() from credits.revoked_batch",
  ),
  row(
    "a cancellation hidden",
    /Cancellation \S+ is in the log, and the registry hides it/,
    "delete from credits.cancellation",
  ),
  row(
    "a book's root replaced",
    /The book of 2026-02-28: the registry says holdings/,
    "update verification.book set root = repeat('ab', 32)",
  ),
  row(
    "a book hidden",
    /The book of 2026-02-28 is in the log, and the registry hides it/,
    "delete from verification.book",
  ),
  row(
    "a key dated before its time",
    /Key \S+ is published as added on 2019/,
    "update verification.signing_key set added_at = '2019-01-01Z'",
  ),
  row(
    "the leaves of a batch exchanged",
    /Batch 000003: its stored leaves do not give its root/,
    "update verification.tree set leaves = set_byte(leaves, 0, 255 - get_byte(leaves, 0)) where batch_id = (select id from credits.batch where number = 3)",
  ),
  row(
    "the ledger's moment of an issue moved",
    /Batch 000003 was issued on \S+, its grams on \S+/,
    "update ledger.transfer set at = at - interval '1 year' where id = (select transfer_id from credits.batch where number = 3)",
  ),
  row(
    "credits invented that make up for a revoked batch",
    /5000 g are said to make up for batch 000002 on \S+, and did not go into the buffer/,
    "insert into credits.replacement select 'tfr_none', batch_id, 'usr_operator', 5000, 'Made up for.', revoked_at from credits.revoked_batch",
  ),
  row(
    "a holder left out of a book's rows, so that they are shown nothing of theirs",
    /The book of \S+: its leaf \d+ of \d+ g is nobody's/,
    "delete from verification.book_holding where ctid = (select min(ctid) from verification.book_holding)",
  ),
  row(
    "a holding in a day's book shown to another",
    /The book of \S+: what usr_thief held \(\w+\) is not in it as its rows say/,
    "update verification.book_holding set holder_id = 'usr_thief' where ctid = (select min(ctid) from verification.book_holding)",
  ),
  row(
    "the leaves of a day's book exchanged, from which holders' proofs are made",
    /The book of \S+: its stored leaves do not give its root/,
    "update verification.book_tile set nodes = set_byte(nodes, 0, 255 - get_byte(nodes, 0)) where level = 0",
  ),
  row(
    "the leaves of a day's book dropped",
    /The book of \S+: not all of its leaves are kept/,
    "delete from verification.book_tile",
  ),
  row(
    "searches made to miss a retirement",
    /Retirement ret_\w+ is not found by "Hoa Sen Group"/,
    "update credits.retirement set words = replace(words, 'hoa sen', '')",
  ),
];

const found: Attack[] = [
  row(
    "a certificate that searches are made to miss",
    /Certificate EVXC\S+ is not found by hoa sen group/,
    "update verification.certificate set words = replace(words, 'hoa sen group', '') where kind = 'retirement'",
  ),
  row(
    "the right to revoke a certificate given to another",
    /Certificate EVXC\S+: another auditor than the one who decided may revoke it/,
    "update verification.certificate set decided_by = 'usr_thief' where kind = 'issuance'",
  ),
  row(
    "a certificate's sale moved to another order",
    /Certificate EVXC\S+ is said to be of order ord_other, its sale was of ord_/,
    "update verification.certificate set order_id = 'ord_other' where kind = 'purchase'",
  ),
  row(
    "a batch told to be of another class of vehicle",
    /Batch 000001: its row says .*"vehicle": "bus".*, its certificate \S+ says .*"vehicle": "passenger car"/,
    "update credits.batch set vehicle_class = 'bus' where number = 1",
  ),
  {
    name: "an auditor's accreditation made greater after the fact",
    sees: /Batch 000004: the registry says accreditation \{.*"assurance":"reasonable".*, the log .*"assurance":"limited"/,
    run: async (t, w) => {
      const auditor = await aUser(t, { role: "cva" });
      const facts = { id: auditor.id, body: "VICAS", number: "VICAS 1", assurance: "limited" } as const;
      await t.transact((tx) => enterAccreditation(tx, w.three.reviewer, facts));
      t.clock.advance(1_000);
      await anIssuedBatch(t, ports, { cvaId: auditor.id });
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(t, "update verification.accreditation set assurance = 'reasonable'");
    },
  },
  {
    name: "an auditor's accreditation deleted",
    sees: /Batch 000004: the registry says accreditation null, the log .*"assurance":"limited"/,
    run: async (t, w) => {
      const auditor = await aUser(t, { role: "cva" });
      const facts = { id: auditor.id, body: "VICAS", number: "VICAS 1", assurance: "limited" } as const;
      await t.transact((tx) => enterAccreditation(tx, w.three.reviewer, facts));
      t.clock.advance(1_000);
      await anIssuedBatch(t, ports, { cvaId: auditor.id });
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(t, "delete from verification.accreditation");
    },
  },
];

const doubled: Attack[] = [
  {
    name: "one retirement certified for two purposes",
    sees: /Retirement ret_\w+ is certified twice, by EVXC\S+ and EVXC\S+/,
    run: (t, w) =>
      t.transact(async (tx) => {
        const lots = await tx
          .selectFrom("verification.certificate_lot as l")
          .innerJoin("verification.certificate as c", "c.id", "l.certificate_id")
          .select(["l.batch_id as batchId", "l.first_g", "l.last_g"])
          .where("c.subject_id", "=", w.retirement)
          .execute();
        const retirement = {
          beneficiary: "Second Airline",
          country: null,
          reason: "travel",
          message: null,
          periodFrom: null,
          periodTo: null,
          retiredAt: tx.at.toISOString(),
        };
        const subjectId = newId("retirement");
        await issueCertificate(tx, ports, {
          kind: "retirement",
          subjectId,
          holderId: w.buyer.id,
          lots,
          retirement,
        });
      }),
  },
  {
    name: "a retirement certified that nobody made",
    sees: /Certificate \S+ says that grams were retired, which no retirement took/,
    run: (t, w) =>
      t.transact((tx) =>
        issueCertificate(tx, ports, {
          kind: "retirement",
          subjectId: newId("retirement"),
          holderId: w.three.owner.id,
          lots: [{ batchId: w.three.batch.id, first_g: 1n, last_g: 500n }],
          retirement: {
            beneficiary: "Ghost Airlines",
            country: null,
            reason: "travel",
            message: null,
            periodFrom: null,
            periodTo: null,
            retiredAt: tx.at.toISOString(),
          },
        }),
      ),
  },
  {
    name: "a retirement written down twice with another purpose",
    sees: /Retirement ret_twice is in the registry and was never logged/,
    run: (t) =>
      asOwner(
        t,
        `insert into credits.retirement (id, transfer_id, holder_id, grams_g, beneficiary_name, reason, words, retired_at)
         select 'ret_twice', 'tfr_twice', holder_id, grams_g, 'Second Airline', 'travel', words, retired_at from credits.retirement`,
      ),
  },
  {
    name: "a revoked batch's cancelled grams brought back",
    sees: /Batch 000002: the registry says 0 g retired or cancelled, the log 20000 g/,
    run: (t, w) =>
      asOwner(
        t,
        `update ledger.block set account_id = 'gCO2e/wallet/${w.two.owner.id}' where batch_id = '${w.two.batch.id}' and hi is not null`,
        `update ledger.account set balance = balance + 20000 where id = 'gCO2e/wallet/${w.two.owner.id}'`,
        `update ledger.account set balance = balance - 20000 where id = 'gCO2e/cancelled'`,
      ),
  },
  {
    name: "cancelled grams exchanged for somebody's good ones, so that every total holds",
    sees: /Batch 000002: the registry says 0 g retired or cancelled, the log 20000 g/,
    run: (t, w) =>
      asOwner(
        t,
        `update ledger.block set account_id = case account_id when 'gCO2e/cancelled' then 'gCO2e/wallet/${w.three.owner.id}' else 'gCO2e/cancelled' end
         where hi is not null and batch_id in ('${w.two.batch.id}', '${w.three.batch.id}')`,
      ),
  },
  {
    name: "two holders' blocks and balances exchanged",
    sees: /own books do not balance/,
    run: (t, w) =>
      asOwner(
        t,
        `update ledger.block set account_id = case account_id when 'gCO2e/wallet/${w.one.owner.id}' then 'gCO2e/wallet/${w.three.owner.id}' else 'gCO2e/wallet/${w.one.owner.id}' end
         where account_id in ('gCO2e/wallet/${w.one.owner.id}', 'gCO2e/wallet/${w.three.owner.id}')`,
        `update ledger.account set balance = 32000 - balance where id in ('gCO2e/wallet/${w.one.owner.id}', 'gCO2e/wallet/${w.three.owner.id}')`,
      ),
  },
  {
    name: "grams moved to a thief by a posting without a sale",
    sees: /Certificate \S+ reads current for grams 000003-1-20000, which are with somebody else/,
    run: async (t, w) => {
      // Gifts, cancellations and listings want their fact at commit; of a correction nothing is asked but a line in its book.
      await t.transact((tx) =>
        post(tx, {
          id: newId("transfer"),
          kind: "correction",
          legs: [
            { account: wallet(w.three.owner.id), amount: -20_000n },
            { account: wallet(w.buyer.id), amount: 20_000n },
          ],
          memo: {},
        }),
      );
      t.clock.advance(2 * 3_600_000);
    },
  },
  {
    name: "a batch minted in an old vintage",
    sees: /Batch 000004 was driven from 2026-02-01 to 2026-02-28, which are not days of its vintage 2020/,
    run: (t) =>
      anIssuedBatch(t, ports, {
        vintageYear: 2020,
        firstTripAt: new Date("2026-02-01Z"),
        lastTripAt: new Date("2026-02-02Z"),
      }),
  },
  {
    name: "a batch for driving to come",
    sees: /Batch 000004 was issued on 2026-03-01\S+ for driving until 2026-12-31/,
    run: (t) => anIssuedBatch(t, ports, { lastTripAt: new Date("2026-12-31Z") }),
  },
  {
    name: "a retirement backdated by the application's own clock",
    sees: /It is dated 2026-02-2\S+, before the book of 2026-02-28 was closed, and was entered after it/,
    run: (t, w) => {
      t.clock.advance(-48 * 3_600_000);
      const retired = {
        id: newId("retirement"),
        amount: 500n,
        beneficiaryName: "Early",
        reason: "event",
      } as const;
      return t.transact((tx) => retireCredits(tx, ports, w.buyer, retired));
    },
  },
  {
    name: "a certificate whose batch names another",
    sees: /Batch 000004 names a certificate that was never logged/,
    run: async (t) => {
      await anIssuedBatch(t, ports);
      await sql`update log.pending set body = convert_to(regexp_replace(convert_from(body, 'UTF8'), '"certificate":"[0-9a-f]{64}"',
        '"certificate":"' || repeat('ab', 32) || '"'), 'UTF8') where kind = 'batch_issued'`.execute(t.admin);
    },
  },
];

tryAll([...told, ...found, ...doubled]);
