import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";

export const AuditFilter = v.object({
  ...pageEntries,
  actorId: v.optional(idOf("user")),
  object: v.optional(textOf(120)),
  action: v.optional(textOf(80)),
});

export const OwnTrail = v.object(pageEntries);

export const AuditLine = v.object({
  id: v.string(),
  at: momentOut,
  actorId: v.nullable(idOut("user")),
  actorName: v.nullable(v.string()),
  actorRole: v.nullable(v.string()),
  action: v.string(),
  object: v.string(),
  before: v.unknown(),
  after: v.unknown(),
  origin: v.nullable(v.string()),
  requestId: v.string(),
});

export const AuditPage = pageOf(AuditLine);

const chain = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15));
const place = v.pipe(v.string(), v.regex(/^[1-9]\d{0,17}$/, "Enter a whole number."));

/** The last row of a chain, to note down elsewhere. */
export const AuditHead = v.object({
  chain,
  seq: place,
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Enter 64 hex digits.")),
});

export const NotedHeads = v.object({
  heads: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          AuditHead,
          v.transform((head) => ({ ...head, seq: BigInt(head.seq) })),
        ),
      ),
      v.maxLength(1_000),
    ),
    [],
  ),
});

/** `gap`: rows before this one are gone. `missing`: a noted head is not there. */
export const AuditVerdict = v.object({
  whole: v.boolean(),
  rows: v.string(),
  /** How many heads that were noted elsewhere it was compared with; with none, a cut tail is not seen. */
  compared: v.number(),
  broken: v.array(
    v.object({ chain: v.number(), seq: v.string(), fault: v.picklist(["hash", "link", "gap", "missing"]) }),
  ),
  heads: v.array(v.object({ chain: v.number(), seq: v.string(), hash: v.string() })),
});
