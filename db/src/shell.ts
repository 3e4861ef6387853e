/** A database shell for machines without psql: statements and the most used of psql's commands, answers as text. */
import pg from "pg";
import { splitStatements } from "./statements.ts";

export type ShellOptions = {
  /** Unless set, every statement that would change something is refused by the database. */
  write?: boolean;
};

export type Shell = {
  /** Takes a line; answers what to print: nothing while a statement has not ended, null after `\q`. */
  line(text: string): Promise<string | null>;
  /** Runs statements to the end of the text, with or without a last semicolon. Throws the first error. */
  run(text: string): Promise<string>;
  /** Whether a statement was begun and not ended. */
  isPending(): boolean;
  /** Forgets what was begun, and breaks off a statement that runs. */
  cancel(): Promise<void>;
  close(): Promise<void>;
};

type Rows = { names: string[]; rightward: boolean[]; rows: (string | null)[][] };

/** Every value as the database writes it: a shell must not round, shift or reformat. */
const asWritten: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };

const numbers = new Set<number>([
  pg.types.builtins.INT2,
  pg.types.builtins.INT4,
  pg.types.builtins.INT8,
  pg.types.builtins.NUMERIC,
  pg.types.builtins.FLOAT4,
  pg.types.builtins.FLOAT8,
]);

const cell = (value: string | null): string => (value === null ? "null" : value.replaceAll("\n", "↵"));

const counted = (count: number): string => `(${count} ${count === 1 ? "row" : "rows"})`;

const padded = (text: string, width: number, right: boolean): string => {
  const space = " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
  return right ? space + text : text + space;
};

/** Rows as a table with a line of names, as psql draws it. */
export const tableText = ({ names, rightward, rows }: Rows): string => {
  const cells = rows.map((row) => row.map(cell));
  const widths = names.map((name, at) =>
    cells.reduce((widest, row) => Math.max(widest, Bun.stringWidth(row[at] ?? "")), Bun.stringWidth(name)),
  );
  const drawn = (row: readonly string[], isHead: boolean) =>
    row
      .map((text, at) => padded(text, widths[at] ?? 0, !isHead && (rightward[at] ?? false)))
      .join(" | ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("-+-");
  return [drawn(names, true), rule, ...cells.map((row) => drawn(row, false)), counted(rows.length)].join(
    "\n",
  );
};

/** Each row as a block of name and value, for rows that are wider than a screen. */
export const expandedText = ({ names, rows }: Rows): string => {
  const width = Math.max(0, ...names.map((name) => Bun.stringWidth(name)));
  const blocks = rows.map((row, at) =>
    [
      `-[ ${at + 1} ]-`,
      ...names.map((name, n) => `${padded(name, width, false)} | ${cell(row[n] ?? null)}`),
    ].join("\n"),
  );
  return [...blocks, counted(rows.length)].join("\n");
};

const errorText = (error: unknown, statement: string): string => {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error ? error.message : String(error);
  const { message, code, detail, hint, position } = error;
  const line = statement.slice(0, Number(position ?? 1) - 1).split("\n").length;
  return [
    `ERROR ${code ?? ""}: ${message}${position ? ` (line ${line})` : ""}`,
    detail ? `Detail: ${detail}` : "",
    hint ? `Hint: ${hint}` : "",
  ]
    .filter(Boolean)
    .join("\n");
};

/** A statement was refused; the message holds the database's words, the line and any hint. */
export class StatementError extends Error {
  override readonly name = "StatementError";
}

const foreign = "n.nspname !~ '^(pg_|information_schema)' and n.nspname <> 'pgboss'";

/** `x`, `x.*`, `x.y*`, `y`: what psql takes, as a condition on "schema.name" and on each of its parts. */
const named = "($1::text is null or n.nspname like $1 or %s like $1 or n.nspname || '.' || %s like $1)";

const likeOf = (pattern: string | undefined): string | null =>
  pattern ? pattern.replaceAll("\\", "\\\\").replaceAll("_", "\\_").replaceAll("*", "%") : null;

const relations = (kinds: string) => `
  select n.nspname as schema, c.relname as name, case when c.reltuples < 0 then 0 else c.reltuples end::bigint as about_rows,
    pg_size_pretty(pg_total_relation_size(c.oid)) as size, coalesce(obj_description(c.oid, 'pg_class'), '') as comment
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = any ('{${kinds}}') and not c.relispartition and ${foreign}
    and ${named.replaceAll("%s", "c.relname")} order by 1, 2`;

const functions = `
  select n.nspname as schema, p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments,
    pg_get_function_result(p.oid) as result
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${foreign} and ${named.replaceAll("%s", "p.proname")} order by 1, 2`;

const functionText = `
  select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prokind = 'f' and ${foreign} and ${named.replaceAll("%s", "p.proname")} order by 1`;

const columns = `
  select a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attnotnull then 'not null' else '' end as nullable,
    coalesce(pg_get_expr(d.adbin, d.adrelid), '') as default, coalesce(col_description(a.attrelid, a.attnum), '') as comment
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`;

const constraints = `
  select 'index' as what, i.indexrelid::regclass::text as name, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') as text
    from pg_index i where i.indrelid = to_regclass($1)
  union all
  select case contype when 'f' then 'foreign key' when 'c' then 'check' else 'constraint' end, conname, pg_get_constraintdef(oid)
    from pg_constraint where conrelid = to_regclass($1) and contype in ('f', 'c', 'x')
  union all
  select 'trigger', tgname, regexp_replace(pg_get_triggerdef(oid), '^.*? (?=BEFORE|AFTER|INSTEAD)', '')
    from pg_trigger where tgrelid = to_regclass($1) and not tgisinternal order by 1, 2`;

export const shellHelp = `Statements end with a semicolon.
  \\dt [NAME]   tables           \\dv [NAME]   views          \\d NAME   a table's columns, keys and triggers
  \\df [NAME]   functions        \\sf NAME     a function's text
  \\x           rows as blocks, or as a table again
  \\q           ends the shell   NAME may be ledger, ledger.*, post or ledger.post`;

const connect = async (url: string, write: boolean): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: "evx shell",
  });
  client.on("error", () => {});
  await client.connect();
  // Not in the start's options: those of the url would take their place.
  if (!write) await client.query("set default_transaction_read_only = on");
  return client;
};

const ask = async (client: pg.Client, text: string, values?: (string | null)[]) => {
  try {
    const answer = await client.query<(string | null)[]>({
      text,
      values,
      rowMode: "array",
      types: asWritten,
    });
    const rows: Rows = {
      names: answer.fields.map((field) => field.name),
      rightward: answer.fields.map((field) => numbers.has(field.dataTypeID)),
      rows: answer.rows,
    };
    return { ...rows, did: [answer.command, answer.rowCount].filter((part) => part !== null).join(" ") };
  } catch (error) {
    throw new StatementError(errorText(error, text), { cause: error });
  }
};

const described = async (client: pg.Client, name: string): Promise<string> => {
  const found = await ask(client, columns, [name]);
  if (found.rows.length === 0) return `There is no table or view ${name}.`;
  const kept = await ask(client, constraints, [name]);
  return [tableText(found), ...(kept.rows.length > 0 ? ["", tableText(kept)] : [])].join("\n");
};

/** What a command that begins with a backslash says of the catalogue; the help for one that is not known. */
const catalogueText = async (client: pg.Client, text: string): Promise<string> => {
  const [name, pattern] = text.split(/\s+/);
  const like = likeOf(pattern);
  const listed = async (query: string) => tableText(await ask(client, query, [like]));
  if (name === "\\d" && pattern) return described(client, pattern);
  if (name === "\\d" || name === "\\dt") return listed(relations("r,p"));
  if (name === "\\dv") return listed(relations("v,m"));
  if (name === "\\df") return listed(functions);
  if (name === "\\sf" && like) {
    const { rows } = await ask(client, functionText, [like]);
    return rows.length > 0 ? rows.map(([body]) => body).join("\n") : `There is no function ${pattern}.`;
  }
  return shellHelp;
};

/** Breaks off what the connection of that process runs. */
const cancelBackend = async (url: string, pid: string): Promise<void> => {
  const other = await connect(url, false);
  await other.query("select pg_cancel_backend($1)", [pid]).finally(() => other.end());
};

/** Opens a connection of its own. It may do what the url's role may, and only read unless told to write. */
export const openShell = async (url: string, { write = false }: ShellOptions = {}): Promise<Shell> => {
  const client = await connect(url, write);
  const pid = (await ask(client, "select pg_backend_pid()")).rows[0]?.[0] ?? "";
  let begun = "";
  let running = false;
  let expanded = false;

  const shown = (answer: Rows) => (expanded ? expandedText(answer) : tableText(answer));
  const answerTo = async (statement: string): Promise<string> => {
    const answer = await ask(client, statement);
    return answer.names.length > 0 ? shown(answer) : answer.did;
  };
  const all = async (statements: readonly string[]): Promise<string> => {
    const said: string[] = [];
    for (const statement of statements) said.push(await answerTo(statement));
    return said.join("\n");
  };

  const command = async (text: string): Promise<string | null> => {
    if (text === "\\q") return null;
    if (text !== "\\x") return catalogueText(client, text);
    expanded = !expanded;
    return `Rows come as ${expanded ? "blocks" : "a table"}.`;
  };

  const guarded = async (work: () => Promise<string | null>): Promise<string | null> => {
    running = true;
    try {
      return await work();
    } finally {
      running = false;
    }
  };

  return {
    line: (text) =>
      guarded(async () => {
        if (!begun && text.trim().startsWith("\\")) return command(text.trim());
        const { statements, rest } = splitStatements(begun ? `${begun}\n${text}` : text);
        begun = rest;
        return all(statements);
      }),
    run: async (text) => {
      if (text.trim().startsWith("\\")) return (await guarded(() => command(text.trim()))) ?? "";
      const { statements, rest } = splitStatements(text);
      return (await guarded(() => all(rest ? [...statements, rest] : statements))) ?? "";
    },
    isPending: () => begun !== "",
    cancel: async () => {
      begun = "";
      if (running) await cancelBackend(url, pid);
    },
    close: () => client.end(),
  };
};
