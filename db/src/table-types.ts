import type { Client } from "pg";

/** Schemas that are not ours to describe: Postgres's own, and pg-boss's, which its package owns. */
export const foreignSchemas = `nspname ~ '^pg_' or nspname in ('information_schema', 'pgboss')`;

type Column = {
  schema: string;
  relation: string;
  kind: "r" | "p" | "v" | "m";
  name: string;
  type_oid: number;
  required: boolean;
  has_default: boolean;
  identity: "" | "a" | "d";
  generated: "" | "s" | "v";
  comment: string | null;
  checks: string[];
};

// Partitions (relispartition) are left out: code names the parent only.
const columnsQuery = `
  select n.nspname as schema, c.relname as relation, c.relkind as kind, a.attname as name,
    a.atttypid as type_oid, a.attnotnull as required, a.atthasdef as has_default,
    a.attidentity as identity, a.attgenerated as generated,
    col_description(c.oid, a.attnum) as comment,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] order by k.conname) as checks
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    and not (${foreignSchemas})
    and not exists (select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by n.nspname collate "C", c.relname collate "C", a.attnum`;

type Type = {
  oid: number;
  name: string;
  kind: string;
  element: number;
  base: number;
  is_array: boolean;
  builtin: boolean;
  labels: string[];
};

const typesQuery = `
  select t.oid, t.typname as name, t.typtype as kind, t.typelem as element, t.typbasetype as base,
    t.typcategory = 'A' as is_array, t.typnamespace = 'pg_catalog'::regnamespace as builtin,
    array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
  from pg_type t`;

const scalars: Record<string, string> = {
  ...group(
    "string",
    "text varchar bpchar char name citext uuid numeric date time timetz interval inet cidr macaddr",
  ),
  ...group(
    "string",
    "tsvector tsquery xml bit varbit int4range int8range numrange daterange tsrange tstzrange",
  ),
  ...group(
    "string",
    "int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange xid8",
  ),
  ...group("number", "int2 int4 float4 float8 oid"),
  ...group("bigint", "int8"),
  ...group("boolean", "bool"),
  ...group("Date", "timestamptz timestamp"),
  ...group("Buffer", "bytea"),
};

function group(type: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, type]));
}

const pascal = (text: string): string =>
  text.replace(/(?:^|_+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The texts of a check of the form "column in ('a', 'b')", or null for any other check. */
export const textsOfCheck = (checks: readonly string[]): string[] | null => {
  for (const check of checks) {
    const list = /^CHECK \(\(\(?"?\w+"?\)? = ANY \(ARRAY\[((?:'(?:[^']|'')*'::text(?:, )?)+)\]\)\)\)$/.exec(
      check,
    )?.[1];
    if (list)
      return [...list.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, text]) =>
        (text ?? "").replaceAll("''", "'"),
      );
  }
  return null;
};

const unionOf = (texts: readonly string[]): string => texts.map((text) => JSON.stringify(text)).join(" | ");

const isJson = (type: Type): boolean => type.name === "json" || type.name === "jsonb";

/** The TypeScript of a value as pg reads it with the client's parsers. */
const valueType = (column: Column, types: Map<number, Type>): string => {
  const place = `${column.schema}.${column.relation}.${column.name}`;
  const typed = (oid: number): string => {
    const type = types.get(oid);
    if (!type) throw new Error(`${place}: type ${oid} is not in the catalogue.`);
    if (type.kind === "d") return typed(type.base);
    if (type.kind === "e") return unionOf(type.labels);
    if (type.is_array) {
      const element = types.get(type.element);
      // pg splits only the arrays whose numbers it knows; others would come back as one text.
      if (!element?.builtin || isJson(element))
        throw new Error(`${place}: an array of ${element?.name} is not read.`);
      return `${typed(type.element)}[]`;
    }
    if (isJson(type)) return "unknown";
    const scalar = scalars[type.name];
    if (!scalar) throw new Error(`${place}: say in table-types.ts what a ${type.name} is in TypeScript.`);
    return scalar;
  };
  const type = typed(column.type_oid);
  const branded = /^Id<"\w+">$/.test(column.comment ?? "");
  if (type === "string[]" && branded) return `${column.comment}[]`;
  if (type !== "string") return type;
  if (branded) return column.comment as string;
  const texts = textsOfCheck(column.checks);
  return texts ? unionOf(texts) : type;
};

const columnType = (column: Column, types: Map<number, Type>): string => {
  const type = valueType(column, types);
  const empty = column.required ? "" : " | null";
  if (column.identity === "a" || column.generated) return `GeneratedAlways<${type}${empty}>`;
  const given = column.has_default || column.identity === "d";
  if (type === "unknown") {
    return `ColumnType<unknown, JsonInput${empty}${given || empty ? " | undefined" : ""}, JsonInput${empty}>`;
  }
  return given ? `Generated<${type}${empty}>` : `${type}${empty}`;
};

const header = `// Made from the migrations by "bun run generate". Do not edit.
import type { Id } from "@evx/kernel";
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** What a json or jsonb column takes: an object, or JSON text (\`json(value)\`) for anything else. */
export type JsonInput = string | { readonly [key: string]: unknown };
`;

/** The text of types.gen.ts for a migrated database: one interface per table or view, keyed "schema.table". */
export const tableTypes = async (client: Client): Promise<string> => {
  const columns = (await client.query<Column>(columnsQuery)).rows;
  const types = new Map((await client.query<Type>(typesQuery)).rows.map((type) => [type.oid, type]));
  const interfaces: string[] = [];
  const keys: string[] = [];
  const relations = Map.groupBy(columns, ({ schema, relation }) => `${schema}.${relation}`);
  for (const [key, fields] of relations) {
    const name = key.split(".").map(pascal).join("");
    const lines = fields.map((column) => `  ${column.name}: ${columnType(column, types)};`);
    interfaces.push(`export interface ${name} {\n${lines.join("\n")}\n}\n`);
    keys.push(`  "${key}": ${name};`);
  }
  const body = `${interfaces.join("\n")}\nexport interface Database {\n${keys.join("\n")}\n}\n`;
  const used = ["ColumnType", "GeneratedAlways", "Generated"].filter((name) => body.includes(`${name}<`));
  return `${header
    .replace("ColumnType, Generated, GeneratedAlways", used.sort().join(", "))
    .replace(/import type \{ Id \}.*\n/, (line) => (body.includes("Id<") ? line : ""))}\n${body}`;
};
