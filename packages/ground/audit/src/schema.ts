import { idOf, idOut, momentOut, pageEntries, pageOf, textOf } from "@evx/kernel";
import * as v from "valibot";
import { levels } from "./policy.ts";

/** What an answer's `x-request-id` says, or a part of the work behind. */
const requestId = v.optional(textOf(100));

export const AuditFilter = v.object({
  ...pageEntries,
  actorId: v.optional(idOf("user")),
  object: v.optional(textOf(120)),
  action: v.optional(textOf(80)),
  requestId,
  level: v.optional(v.picklist(levels)),
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
  /** `security`: a door was opened or closed; `alarm`: it may be an attack, or a fault of the venue. */
  level: v.picklist(levels),
});

export const AuditPage = pageOf(AuditLine);

const lineLevel = v.picklist(["warn", "error"]);

export const LineFilter = v.object({
  ...pageEntries,
  level: v.optional(lineLevel),
  requestId,
  userId: v.optional(idOf("user")),
});

/** A warning or an error of a program. */
export const ProgramLine = v.object({
  id: v.string(),
  at: momentOut,
  level: lineLevel,
  service: v.string(),
  message: v.string(),
  requestId: v.nullable(v.string()),
  userId: v.nullable(v.string()),
  about: v.unknown(),
});

export const ProgramLines = pageOf(ProgramLine);

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
