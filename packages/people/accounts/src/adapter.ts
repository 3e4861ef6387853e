import { AsyncLocalStorage } from "node:async_hooks";
import type { Db, Tx } from "@evx/db";
import { assert } from "@evx/kernel";

/** Runs what better-auth does inside it on the open transaction, so that it commits with everything else or not at all. */
export type Within = <T>(tx: Tx, work: () => Promise<T>) => Promise<T>;

/**
 * The database as better-auth sees it: our schema, on the pool or on the transaction that `within` names.
 * Without it a person could be stored and the event that tells of them be lost.
 */
export const scopedDatabase = (db: Db): { scoped: Db; within: Within; currentTx: () => Tx } => {
  const current = new AsyncLocalStorage<Tx>();
  const onPool = db.withSchema("identity");

  const scoped = new Proxy(onPool, {
    get(_, name) {
      const tx = current.getStore();
      const target = tx ? tx.withSchema("identity") : onPool;
      // A transaction of better-auth's own joins ours.
      if (tx && name === "transaction")
        return () => ({ execute: (work: (joined: Db) => unknown) => work(target) });
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

  return {
    scoped,
    within: (tx, work) => current.run(tx, work),
    /** The transaction in which better-auth calls us back. */
    currentTx: () => {
      const tx = current.getStore();
      assert(tx, "better-auth was asked for this outside of a transaction");
      return tx;
    },
  };
};
