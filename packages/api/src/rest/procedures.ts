import type { Meta, RestMeta } from "@evx/rpc";
import type { AnyTRPCRouter } from "@trpc/server";
import type * as v from "valibot";

/** What the REST view and its documentation need of a procedure. */
export type RestProcedure = {
  readonly path: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly rest: RestMeta;
  readonly meta: Meta;
  readonly input: v.GenericSchema | undefined;
  readonly output: v.GenericSchema | undefined;
};

type Definition = { type: RestProcedure["type"]; meta?: Meta; inputs: unknown[]; output?: unknown };

/** All procedures of a router that have a REST view, in the router's order. */
export const restProcedures = (router: AnyTRPCRouter): RestProcedure[] =>
  Object.entries(router._def.procedures as Record<string, { _def: Definition }>).flatMap(
    ([path, { _def }]) =>
      _def.meta?.rest
        ? [
            {
              path,
              type: _def.type,
              rest: _def.meta.rest,
              meta: _def.meta,
              input: _def.inputs.at(-1) as v.GenericSchema | undefined,
              output: _def.output as v.GenericSchema | undefined,
            },
          ]
        : [],
  );
