// Made from the migrations by "bun run generate". Do not edit.
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** What a json or jsonb column takes: an object, or JSON text (`json(value)`) for anything else. */
export type JsonInput = string | { readonly [key: string]: unknown };

export interface JobsOutbox {
  id: GeneratedAlways<bigint>;
  kind: "event" | "job";
  name: string;
  payload: ColumnType<unknown, JsonInput, JsonInput>;
  run_at: Date | null;
  key: string | null;
  cause: string;
  at: Date;
}

export interface PublicMigration {
  name: string;
  checksum: string;
  applied_at: Generated<Date>;
}

export interface RpcIdempotency {
  scope: string;
  key: string;
  digest: string;
  status: number | null;
  answer: ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>;
  at: Date;
}

export interface RulesRule {
  name: string;
  version: number;
  value: ColumnType<unknown, JsonInput, JsonInput>;
  reason: string;
  set_by: string | null;
  effective_at: Date;
}

export interface Database {
  "jobs.outbox": JobsOutbox;
  "public.migration": PublicMigration;
  "rpc.idempotency": RpcIdempotency;
  "rules.rule": RulesRule;
}
