import type { Db, Tx } from "@evx/db";
import { afterCursor, day_ms, type Page, pageFrom } from "@evx/kernel";
import type * as v from "valibot";
import { deleteLinesBefore, insertLines, lineRows } from "./queries/lines.ts";
import type * as S from "./schema.ts";

/** A warning or an error of a program, as it is kept: its sentence, whom and what it names, and nothing that is secret. */
export type KeptLine = {
  at: Date;
  level: "warn" | "error";
  service: string;
  message: string;
  requestId: string | null;
  userId: string | null;
  about: Readonly<Record<string, string | number | boolean>>;
};

/** How long they are kept. */
const KEPT_DAYS = 14;

const MOST_ABOUT = 12;
const LONGEST = 300;

/** Fields that say what a line is about. All others stay on the program's own output. */
const named = new Set(
  "path code queue job attempts waitMs repeated seconds status method channel notificationId order payment attempt withdrawal refund request letter kind gateway sweep source worker violations missed".split(
    " ",
  ),
);

const said = (value: unknown): string | number | boolean | null => {
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "string" ? value.slice(0, LONGEST) : null;
};

const idIn = (fields: Record<string, unknown>, names: readonly string[], longest: number): string | null => {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value !== "") return value.slice(0, longest);
  }
  return null;
};

/** A line as it is kept, of what a program logs. An error gives its name and sentence; its stack stays where it was logged. */
export const keptLine = (
  { at, level, service }: Pick<KeptLine, "at" | "level" | "service">,
  fields: Record<string, unknown>,
  message: string,
): KeptLine => {
  const about: Record<string, string | number | boolean> = {};
  const { error } = fields;
  if (error instanceof Error) {
    about.error = `${error.name}: ${error.message}`.slice(0, LONGEST);
    if ("code" in error && typeof error.code === "string") about.errorCode = error.code.slice(0, 40);
  }
  for (const [name, value] of Object.entries(fields)) {
    const text = named.has(name) ? said(value) : null;
    if (text !== null && Object.keys(about).length < MOST_ABOUT) about[name] = text;
  }
  return {
    at,
    level,
    service: service.slice(0, 60),
    message: message.slice(0, 500) || "a line without words",
    requestId: idIn(fields, ["requestId", "cause"], 100),
    userId: idIn(fields, ["userId", "user_id", "user"], 60),
    about,
  };
};

/** Keeps what programs warned of. */
export const keepLines = (tx: Tx, lines: readonly KeptLine[]): Promise<void> => insertLines(tx, lines);

/** Lets go what is older than a fortnight. */
export const forgetLines = (tx: Tx): Promise<number> =>
  deleteLinesBefore(tx, new Date(tx.at.getTime() - KEPT_DAYS * day_ms));

const before = (cursor: string | undefined): bigint | null =>
  afterCursor(cursor, ([id, ...rest]) =>
    rest.length === 0 && typeof id === "string" && /^\d{1,18}$/.test(id) ? BigInt(id) : null,
  );

/** Warnings and errors of the programs, newest first. Refuses `cursor_unknown`. */
export const programLines = async (
  db: Db,
  { cursor, limit, ...wanted }: v.InferOutput<typeof S.LineFilter>,
): Promise<Page<v.InferInput<typeof S.ProgramLine>>> => {
  const rows = await lineRows(db, { ...wanted, limit, before: before(cursor) });
  return pageFrom(
    rows,
    limit,
    (row) => ({
      id: String(row.id),
      at: row.at,
      level: row.level === "error" ? ("error" as const) : ("warn" as const),
      service: row.service,
      message: row.message,
      requestId: row.request_id,
      userId: row.user_id,
      about: row.about,
    }),
    (row) => [String(row.id)],
  );
};
