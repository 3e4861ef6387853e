/** Attacks on what is kept beside the registry's rows: daily snapshots, rules, old checkpoints. */
import { audit } from "@evx/audit";
import { sequencePending } from "@evx/log";
import { type Attack, asOwner, ports, row, tryAll } from "./attacks.testing.ts";
import { closeDay } from "./books.ts";
import { takeSnapshot } from "./snapshots.ts";

/** The day's snapshot is taken, and then changed. */
const snapshot = (name: string, sees: RegExp, ...statements: string[]): Attack => ({
  name,
  sees,
  run: async (t) => {
    await t.transact((tx) => takeSnapshot(tx, ports, "2026-02-28"));
    await t.transact((tx) => sequencePending(tx, ports.log));
    await asOwner(t, ...statements);
  },
});

tryAll([
  snapshot(
    "a day's snapshot exchanged",
    /The snapshot of 2026-02-28: The snapshot is not the one that the statement is about/,
    "update verification.snapshot set content = 'x'",
  ),
  snapshot(
    "a part of a day's snapshot exchanged",
    /The snapshot of 2026-02-28: The snapshot is not the one that the statement is about/,
    "update verification.snapshot_part set content = 'x'",
  ),
  snapshot(
    "something put after a day's snapshot",
    /The snapshot of 2026-02-28: The snapshot is not the one that the statement is about/,
    "insert into verification.snapshot_part values ('2026-02-28', 1, 'x')",
  ),
  snapshot(
    "a snapshot put under another day",
    /The snapshot of 2025-12-31: It is of another day/,
    "update verification.snapshot set day = '2025-12-31'",
  ),
  snapshot(
    "a day's snapshot deleted with all of its parts",
    /The snapshot of 2026-02-28 is in the log, and the registry hides it/,
    "delete from verification.snapshot_part",
    "delete from verification.snapshot",
  ),
  snapshot(
    "what was signed of a day's snapshot exchanged",
    /The snapshot of 2026-02-28: the registry says statement "\w+", the log "/,
    `update verification.snapshot set statement = replace(statement, '"rows":', '"rows":1')`,
  ),
  row(
    "a rule that nobody set, from long ago",
    /By the audit trail nobody set version 1 of rule credits.buffer_shares/,
    `insert into rules.rule (name, version, value, reason, set_by, effective_at)
     values ('credits.buffer_shares', 1, '{}', 'Cheaper.', 'usr_thief', '2026-01-01Z')`,
  ),
  {
    name: "a change of a rule that was made to call another off",
    sees: /Version 2 of rule x calls off version 1; by the audit trail it calls off none/,
    run: async (t, { three }) => {
      for (const version of [1, 2]) {
        const line = { version, value: {}, reason: "Cheaper.", from: "2099-01-01T00:00:00.000Z" };
        await t.transact((tx) => audit(tx, three.reviewer, "rule.set", "x", { after: line }));
      }
      await asOwner(
        t,
        `insert into rules.rule (name, version, value, reason, set_by, effective_at, calls_off)
         values ('x', 1, '{}', 'Cheaper.', '${three.reviewer.id}', '2099-01-01Z', null), ('x', 2, '{}', 'Cheaper.', '${three.reviewer.id}', '2099-01-01Z', 1)`,
      );
    },
  },
  {
    name: "a rule set with its line in the audit trail, and backdated",
    sees: /Version 1 of rule credits.buffer_shares counts from 2026-01-01T00:00:00.000Z on, and was set after the book of 2026/,
    run: async (t, w) => {
      const line = { version: 1, value: {}, reason: "Cheaper.", from: "2026-01-01T00:00:00.000Z" };
      const { three } = w;
      await t.transact((tx) => audit(tx, three.reviewer, "rule.set", "x", { after: { ...line } }));
      await t.transact((tx) => closeDay(tx, "2026-03-01"));
      await asOwner(
        t,
        `insert into rules.rule (name, version, value, reason, set_by, effective_at)
         values ('credits.buffer_shares', 1, '{}', 'Cheaper.', '${three.reviewer.id}', '2026-01-01Z'), ('x', 1, '{}', 'Cheaper.', '${three.reviewer.id}', '2026-01-01Z')`,
      );
      await t.transact((tx) =>
        audit(tx, three.reviewer, "rule.set", "credits.buffer_shares", { after: line }),
      );
    },
  },
  {
    name: "a rule moved to an earlier day",
    sees: /Version 1 of rule x is \{\} from 2025-01-01T00:00:00.000Z on .*; by the audit trail it is .*"from": "2026-03-01/,
    run: async (t, w) => {
      const from = t.clock.now().toISOString();
      const { id } = w.three.reviewer;
      await asOwner(
        t,
        `insert into rules.rule (name, version, value, reason, set_by, effective_at) values ('x', 1, '{}', 'Fit.', '${id}', '${from}')`,
      );
      await t.transact((tx) =>
        audit(tx, w.three.reviewer, "rule.set", "x", {
          after: { version: 1, value: {}, reason: "Fit.", from },
        }),
      );
      await asOwner(t, "update rules.rule set effective_at = '2025-01-01Z'");
    },
  },
  {
    name: "an old checkpoint deleted",
    sees: /The book of 2026-03-01 names 1 checkpoints of 0 to \d+ entries, and 0 are kept, or others/,
    run: async (t) => {
      t.clock.advance(24 * 3_600_000);
      await t.transact((tx) => closeDay(tx, "2026-03-01"));
      await t.transact((tx) => sequencePending(tx, ports.log));
      await asOwner(t, "delete from log.checkpoint where size = (select min(size) from log.checkpoint)");
    },
  },
]);
