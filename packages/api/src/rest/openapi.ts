import { fieldsOfUpload } from "@evx/rpc";
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import type { RestProcedure } from "./procedures.ts";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whatever may stand under any name is said as `true`: an empty schema tells a generator nothing. */
const said = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(said);
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === "additionalProperties" && isObject(value) && Object.keys(value).length === 0
        ? true
        : said(value),
    ]),
  );
};

/** Whether names beyond those of an input's shape are refused there, as `unknownFields` does it, or let pass. */
const closedAsRead: ConversionConfig["overrideSchema"] = ({ valibotSchema: { type }, jsonSchema }) => {
  if (type === "object") return { ...jsonSchema, additionalProperties: false };
  if (type === "loose_object") return { ...jsonSchema, additionalProperties: true };
  return undefined;
};

const schemaOf = (schema: v.GenericSchema, typeMode: "input" | "output"): Json => {
  const json = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode,
    errorMode: "ignore",
    ...(typeMode === "input" ? { overrideSchema: closedAsRead } : {}),
  });
  const { $schema: _, ...rest } = said(json) as Json;
  return rest;
};

const errorRef = { $ref: "#/components/schemas/Error" };

const refusals: Record<string, string> = {
  400: "The input is malformed or invalid; `issues` names every field.",
  401: "No valid token.",
  403: "The role may not do this.",
  404: "There is no such thing, or it is another's.",
  409: "The present state does not allow this; nothing was changed.",
  429: "Too many requests; see Retry-After.",
};

const parameters = (procedure: RestProcedure, input: Json): Json[] => {
  const properties = (input.properties ?? {}) as Record<string, Json>;
  const required = new Set((input.required ?? []) as string[]);
  const inPath = new Set([...procedure.rest.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string));
  const uploads = procedure.rest.body === "stream";
  const inQuery = uploads || procedure.rest.method === "GET" || procedure.rest.method === "DELETE";
  const ofFile = new Set(uploads ? fieldsOfUpload : []);
  return [
    ...[...inPath].map((name) => ({
      name,
      in: "path",
      required: true,
      schema: properties[name] ?? { type: "string" },
    })),
    ...Object.entries(properties)
      .filter(([name]) => inQuery && !inPath.has(name) && !ofFile.has(name))
      .map(([name, schema]) => ({ name, in: "query", required: required.has(name), schema })),
    ...(["POST", "PUT", "PATCH"].includes(procedure.rest.method)
      ? [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string" } }]
      : []),
  ];
};

/** What may be said beside an uploaded file, in its form or in the query. */
const choicesOf = (procedure: RestProcedure, input: Json): Json =>
  Object.fromEntries(
    Object.entries((input.properties ?? {}) as Json).filter(
      ([name]) => !fieldsOfUpload.includes(name) && !procedure.rest.path.includes(`{${name}}`),
    ),
  );

const requestBody = (procedure: RestProcedure, input: Json): Json | undefined => {
  if (procedure.rest.method === "GET" || procedure.rest.method === "DELETE") return undefined;
  if (procedure.rest.body === "stream") {
    const multipart = {
      schema: {
        type: "object",
        required: ["file"],
        additionalProperties: false,
        properties: { ...choicesOf(procedure, input), file: { type: "string", format: "binary" } },
      },
    };
    return {
      required: true,
      content: {
        "text/csv": binary,
        "multipart/form-data": multipart,
        "application/json": {
          schema: { type: "array", items: { type: "object", additionalProperties: true } },
        },
      },
    };
  }
  // One of several shapes, each with properties of its own.
  if (!input.properties && (input.anyOf || input.oneOf))
    return { required: true, content: { "application/json": { schema: input } } };
  const inPath = new Set([...procedure.rest.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string));
  const properties = Object.fromEntries(
    Object.entries((input.properties ?? {}) as Json).filter(([name]) => !inPath.has(name)),
  );
  if (Object.keys(properties).length === 0 && input.type === "object") return undefined;
  // One of several shapes has its fields in each of them.
  if (!input.properties) return { required: true, content: { "application/json": { schema: input } } };
  const required = ((input.required ?? []) as string[]).filter((name) => !inPath.has(name));
  return { required: true, content: { "application/json": { schema: { ...input, properties, required } } } };
};

const binary = { schema: { type: "string", format: "binary" } };

/** An answer's schema without that of the file which it is for some formats. */
const withoutFile = (output: v.GenericSchema): Json => {
  const schema = schemaOf(output, "output");
  const options = (schema.anyOf ?? [schema]) as Json[];
  const kept = options.filter(({ properties }) => !(isObject(properties) && "contentType" in properties));
  return kept.length === 1 ? (kept[0] as Json) : { anyOf: kept };
};

const contentOf = ({ type, rest, output }: RestProcedure): Json => {
  if (type === "subscription") return { "text/event-stream": { schema: { type: "string" } } };
  if (rest.file === true) return { "application/octet-stream": binary };
  const json = { "application/json": { schema: output ? withoutFile(output) : { type: "null" } } };
  return rest.file === "by_format" ? { ...json, "application/octet-stream": binary } : json;
};

/** OpenAPI 3.1 of the REST view, made from the same schemas that check the calls. */
export const openApi = (procedures: readonly RestProcedure[]): Json => {
  const paths: Record<string, Json> = {};
  for (const procedure of procedures) {
    const { rest } = procedure;
    const input = procedure.input ? schemaOf(procedure.input, "input") : { type: "object" };
    const body = requestBody(procedure, input);
    const content = contentOf(procedure);
    const path = `/api${rest.path}`;
    paths[path] = {
      ...paths[path],
      [rest.method.toLowerCase()]: {
        operationId: procedure.path,
        summary: rest.summary,
        tags: [procedure.path.split(".")[0]],
        parameters: parameters(procedure, input),
        ...(body ? { requestBody: body } : {}),
        responses: {
          [rest.status]: { description: "Done.", content },
          ...Object.fromEntries(
            Object.entries(refusals).map(([status, description]) => [
              status,
              { description, content: { "application/json": { schema: errorRef } } },
            ]),
          ),
        },
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "EV Carbon Exchange",
      version: "1",
      description:
        "Credits are decimal strings with six places, money is a decimal string in the platform's currency beside `currency`, times are ISO 8601 UTC. Lists answer `{items, nextCursor}`.",
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: {
        Error: {
          type: "object",
          required: ["error"],
          properties: {
            error: {
              type: "object",
              required: ["code", "message"],
              properties: {
                code: { type: "string" },
                message: { type: "string" },
                requestId: { type: "string" },
                issues: {
                  type: "array",
                  items: {
                    type: "object",
                    properties: { path: { type: "string" }, message: { type: "string" } },
                  },
                },
              },
            },
          },
        },
      },
    },
  };
};
