/** A JSON schema as far as a command line reads it. */
export type Json = { readonly [name: string]: unknown };

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null;

const typesOf = (schema: Json): string[] => {
  const { type, anyOf, oneOf, enum: values, const: value } = schema;
  if (type) return [type].flat() as string[];
  if (anyOf || oneOf) return ((anyOf ?? oneOf) as Json[]).flatMap(typesOf);
  return (values ? (values as unknown[]) : value === undefined ? [] : [value]).map((one) => typeof one);
};

const choicesOf = (schema: Json): string[] | null => {
  const { anyOf, enum: values, const: value } = schema;
  if (values) return (values as unknown[]).filter((one) => typeof one === "string");
  if (value !== undefined) return [String(value)];
  const parts = anyOf ? (anyOf as Json[]).filter(({ type }) => type !== "null").map(choicesOf) : [];
  return parts.length > 0 && parts.every((part) => part !== null) ? parts.flat() : null;
};

const bounds = ({ minLength, maxLength, minimum, maximum }: Json): string =>
  [
    typeof minLength === "number" && minLength > 1 ? `at least ${minLength} characters` : "",
    typeof maxLength === "number" && maxLength < 1_000 ? `at most ${maxLength} characters` : "",
    typeof minimum === "number" ? `at least ${minimum}` : "",
    typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? `at most ${maximum}` : "",
  ]
    .filter(Boolean)
    .join(", ");

/**
 * One option. Nothing is mandatory, has a default or is held to its choices here: the venue names every problem of an
 * input at once, and what was not said must not be sent. What would be lost stands in the help.
 */
const option = (schema: Json, required: boolean): Json => {
  const types = new Set(typesOf(schema).filter((type) => type !== "null"));
  const { default: initial, items } = schema;
  const described = [
    bounds(schema),
    initial === undefined || Array.isArray(initial) ? "" : `${String(initial)} unless given`,
    required ? "required" : "",
  ];
  const as = (shape: Json, ...more: string[]) => ({
    ...shape,
    description: [...more, ...described].filter(Boolean).join("; "),
  });
  const choices = choicesOf(schema);
  // Beside words a yes or no is taken as a word; trpc-cli would send false for a silence.
  if (types.has("boolean"))
    return types.size > 1 ? as({ type: "string" }, "true or false") : as({ type: "boolean" });
  if (choices) return as({ type: "string" }, [...new Set(choices)].join(" | "));
  if (types.has("array") && types.size === 1) {
    const each = isRecord(items) ? typesOf(items) : [];
    if (each.length > 0 && each.every((type) => type !== "object" && type !== "array")) {
      const one = isRecord(items) ? choicesOf(items) : null;
      return as({ type: "array", items: { type: each[0] } }, one ? `each ${one.join(" | ")}` : "");
    }
  }
  if (types.has("object") || types.has("array") || types.size === 0) return as({ type: "object" }, "as JSON");
  return as({ type: types.has("string") ? "string" : [...types][0] });
};

/** A procedure's input as options of a command. Shapes that are no plain object are taken whole, by --json. */
export const optionsOf = (schema: unknown): Json | null => {
  if (!isRecord(schema)) return null;
  const parts = Array.isArray(schema.allOf) ? (schema.allOf as Json[]) : [schema];
  if (parts.some(({ properties }) => !isRecord(properties))) return schema;
  const required = new Set(parts.flatMap((part) => (part.required ?? []) as string[]));
  const properties = parts.flatMap((part) => Object.entries(part.properties as Record<string, Json>));
  return {
    type: "object",
    properties: Object.fromEntries(
      properties.map(([name, one]) => [name, option(one, required.has(name) && one.default === undefined)]),
    ),
  };
};
