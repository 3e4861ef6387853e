import { afterAll, beforeAll, expect, test } from "bun:test";
import SwaggerParser from "@apidevtools/swagger-parser";
import { testDatabase } from "@evx/db/testing";
import { generateApi } from "swagger-typescript-api";
import { compose } from "../authorization/world.ts";
import { type Call, contract } from "./contract.testing.ts";
import { openApi } from "./openapi.ts";
import { type RestProcedure, restProcedures } from "./procedures.ts";
import { unknownFields } from "./unknown.ts";

type Shape = {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
  required?: string[];
};

type Content = { content: Record<string, { schema: Shape }> };

type Operation = {
  operationId: string;
  parameters: { name: string; in: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
};

let t: Awaited<ReturnType<typeof testDatabase>>;
let procedures: RestProcedure[];
let document: ReturnType<typeof openApi>;
beforeAll(async () => {
  t = await testDatabase();
  procedures = restProcedures((await compose(t)).router);
  document = openApi(procedures);
});
afterAll(() => t.close());

const operations = () =>
  Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

const copy = () =>
  structuredClone(document) as unknown as Exclude<Parameters<typeof SwaggerParser.validate>[0], string>;

test("a validator finds nothing wrong with it, and finds a fault that was put in", async () => {
  await SwaggerParser.validate(copy());
  const broken = { ...structuredClone(document), paths: { "/api/lots": { get: { responses: "none" } } } };
  await expect(SwaggerParser.validate(broken as unknown as ReturnType<typeof copy>)).rejects.toThrow();
}, 60_000);

test("a generator makes a client of it, with a function for every call and no answer of unknown type", async () => {
  const spec = copy() as Parameters<typeof generateApi>[0]["spec"];
  const made = await generateApi({ spec, output: false, silent: true, extractRequestBody: true });
  const source = made.files.map(({ fileContent }) => fileContent).join("\n");
  const calls = source.match(/this\.request</g) ?? [];
  expect(calls.length).toBe(operations().length);
  const vague = [...source.matchAll(/this\.request<\s*(any|unknown|object|void)\b/g)];
  expect(vague.map(({ index }) => source.slice(index, index + 160))).toEqual([]);
}, 120_000);

test("no schema is empty, and every operation has a name of its own", () => {
  const empty: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node) && Object.keys(node).length === 0 && !/\/default$/.test(path)) empty.push(path);
    for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
  };
  for (const { name, operation } of operations()) {
    walk(operation.requestBody ?? "", name);
    walk(operation.responses, name);
    for (const parameter of operation.parameters) walk(parameter, `${name} ${parameter.name}`);
  }
  expect(empty).toEqual([]);
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

/** The fields of a schema, as `a.b` and `items[].c`; of several shapes those of each. */
const fieldsOf = (schema: Shape | undefined, path = ""): string[] => {
  if (!schema) return [];
  if (schema.anyOf) return schema.anyOf.flatMap((shape) => fieldsOf(shape, path));
  if (schema.items) return fieldsOf(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const at = path ? `${path}.${name}` : name;
    return [at, ...fieldsOf(of, at)];
  });
};

const jsonOf = (content: Content | undefined) => content?.content["application/json"]?.schema;

const faultsOf = ({
  method,
  path,
  status = 200,
  takes = [],
  optional = [],
  answers = [],
}: Call): string[] => {
  const name = `${method} ${path}`;
  const operation = operations().find((one) => one.name === name)?.operation;
  if (!operation) return [`${name} is not served`];
  const body = jsonOf(operation.requestBody);
  const form = operation.requestBody?.content["multipart/form-data"]?.schema;
  const response = operation.responses[status];
  const taken = new Set([
    ...fieldsOf(body),
    ...fieldsOf(form),
    ...operation.parameters.filter((one) => one.in === "query").map((one) => one.name),
  ]);
  const answered = new Set(fieldsOf(jsonOf(response)));
  return [
    ...(response ? [] : [`${name} does not answer ${status}`]),
    ...[...takes, ...optional]
      .filter((field) => !taken.has(field))
      .map((field) => `${name} takes no ${field}`),
    ...optional.filter((field) => body?.required?.includes(field)).map((field) => `${name} demands ${field}`),
    ...answers.filter((field) => !answered.has(field)).map((field) => `${name} answers no ${field}`),
  ];
};

test("every call of the contract is served with its fields", () => {
  expect(contract.length).toBeGreaterThan(70);
  expect(contract.flatMap(faultsOf)).toEqual([]);
});

/**
 * The parts of request bodies that take names of the sender's own, and why:
 * a login is what a person registered with, as it is; rows and columns of a file are named by whoever wrote it; a rule's values are
 * checked by the rule.
 */
const open = [
  "POST /api/users/login",
  /^\w+ \S+ application\/json\.items$/,
  /\.mapping(\.anyOf\.0)?$/,
  "PUT /api/admin/rules/{name} application/json.value",
];

test("a request body says which of its objects take names of the sender's own, and all others are closed in fact", () => {
  const opened: string[] = [];
  const closed: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, additionalProperties: more } = node as { type?: string; additionalProperties?: unknown };
    if (type === "object") (more === false ? closed : opened).push(path);
    for (const [key, value] of Object.entries(node))
      walk(value, ["properties", "schema"].includes(key) ? path : `${path}.${key}`);
  };
  for (const { name, operation } of operations())
    for (const [kind, { schema }] of Object.entries(operation.requestBody?.content ?? {}))
      walk(schema, `${name} ${kind}`);
  expect(
    opened.filter(
      (at) => !open.some((known) => (typeof known === "string" ? at.startsWith(known) : known.test(at))),
    ),
  ).toEqual([]);
  expect(closed.length).toBeGreaterThan(60);
});

test("no call takes a field that its document does not name, nor one that has no fields at all", () => {
  const takers = procedures.filter(({ path }) => path !== "identity.login");
  const silent = takers.filter(({ input }) => unknownFields(input, { zzz: 1 }).length === 0);
  expect(silent.map(({ path }) => path)).toEqual([]);
  expect(takers.some(({ input }) => input === undefined)).toBe(true);
  // Whether somebody may call is found out by a call that its input stops: of what changes things, each has one.
  expect(takers.filter(({ type, input }) => type === "mutation" && !input).map(({ path }) => path)).toEqual(
    [],
  );
});
