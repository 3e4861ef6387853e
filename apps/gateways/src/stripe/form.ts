import { invalidRequest } from "./faults.ts";

export type FormValue = string | FormObject | FormValue[];
export type FormObject = { [name: string]: FormValue };

const MAX_DEPTH = 8;

/** `line_items[0][price_data][currency]` → ["line_items", "0", "price_data", "currency"]. */
const pathOf = (name: string): string[] => {
  const head = /^[^[\]]+/.exec(name)?.[0];
  if (!head) throw invalidRequest(`Invalid parameter name: ${name}`, { param: name });
  const rest = name.slice(head.length);
  const parts = [...rest.matchAll(/\[([^[\]]*)\]/g)];
  if (parts.map((part) => part[0]).join("") !== rest || parts.length > MAX_DEPTH) {
    throw invalidRequest(`Invalid parameter name: ${name}`, { param: name });
  }
  return [head, ...parts.map((part) => part[1] as string)];
};

const place = (into: FormObject, path: readonly string[], value: string): void => {
  const [name, ...rest] = path;
  const key = name === "" ? String(Object.keys(into).length) : (name as string);
  if (key === "__proto__") throw invalidRequest("Invalid parameter name.");
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = into[key];
  const next: FormObject = typeof inner === "object" && !Array.isArray(inner) ? inner : Object.create(null);
  into[key] = next;
  place(next, rest, value);
};

/** Objects whose names are 0, 1, 2 … are lists. */
const settle = (value: FormValue): FormValue => {
  if (typeof value === "string" || Array.isArray(value)) return value;
  const names = Object.keys(value);
  const isList = names.length > 0 && names.every((name, index) => name === String(index));
  if (isList) return names.map((name) => settle(value[name] as FormValue));
  return Object.fromEntries(names.map((name) => [name, settle(value[name] as FormValue)]));
};

/** Reads the bracketed form encoding that Stripe's SDKs send in bodies and query strings. */
export const readForm = (text: string): FormObject => {
  const form: FormObject = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) place(form, pathOf(name), value);
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, settle(value)]));
};

/** Typed access to a form, with the errors that Stripe answers. */
export class Params {
  constructor(
    private readonly values: FormObject,
    private readonly at = "",
  ) {}

  /** Refuses names that the call does not know, as Stripe does. */
  only(...known: string[]): this {
    for (const name of Object.keys(this.values)) {
      if (known.includes(name)) continue;
      throw invalidRequest(`Received unknown parameter: ${this.name(name)}`, {
        code: "parameter_unknown",
        param: this.name(name),
      });
    }
    return this;
  }

  text(name: string): string | null {
    const value = this.values[name];
    if (value === undefined || value === "") return null;
    if (typeof value === "string") return value;
    throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, { param: this.name(name) });
  }

  needText(name: string): string {
    const value = this.text(name);
    if (value === null) throw this.missing(name);
    return value;
  }

  integer(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalidRequest(`Invalid integer: ${value}`, {
        code: "parameter_invalid_integer",
        param: this.name(name),
      });
    }
    return Number(value);
  }

  needInteger(name: string): number {
    const value = this.integer(name);
    if (value === null) throw this.missing(name);
    return value;
  }

  oneOf(name: string, allowed: readonly string[]): string | null {
    const value = this.text(name);
    if (value === null || allowed.includes(value)) return value;
    throw invalidRequest(`Invalid ${this.name(name)}: must be one of ${allowed.join(", ")}`, {
      param: this.name(name),
    });
  }

  object(name: string): Params | null {
    const value = this.values[name];
    if (value === undefined || value === "") return null;
    if (typeof value === "string" || Array.isArray(value)) {
      throw invalidRequest("Invalid object", { code: "parameter_invalid_empty", param: this.name(name) });
    }
    return new Params(value, this.name(name));
  }

  list(name: string): Params[] {
    const value = this.values[name];
    if (value === undefined || value === "") return [];
    if (!Array.isArray(value)) throw invalidRequest("Invalid array", { param: this.name(name) });
    return value.map((item, index) => {
      if (typeof item === "string" || Array.isArray(item)) {
        throw invalidRequest("Invalid object", { param: `${this.name(name)}[${index}]` });
      }
      return new Params(item, `${this.name(name)}[${index}]`);
    });
  }

  texts(name: string): string[] {
    const value = this.values[name];
    if (value === undefined || value === "") return [];
    if (!Array.isArray(value)) throw invalidRequest("Invalid array", { param: this.name(name) });
    return value.filter((item) => typeof item === "string");
  }

  /** Up to fifty short texts of the caller's own. */
  metadata(name = "metadata"): Record<string, string> {
    const value = this.values[name];
    if (value === undefined || value === "") return {};
    if (typeof value === "string" || Array.isArray(value)) {
      throw invalidRequest("Invalid hash", { param: this.name(name) });
    }
    const entries = Object.entries(value);
    for (const [key, text] of entries) {
      if (typeof text !== "string" || key.length > 40 || text.length > 500 || entries.length > 50) {
        throw invalidRequest("Metadata takes up to 50 keys of 40 characters with values of 500.", {
          param: `${this.name(name)}[${key}]`,
        });
      }
    }
    return value as Record<string, string>;
  }

  missing(name: string) {
    return invalidRequest(`Missing required param: ${this.name(name)}.`, {
      code: "parameter_missing",
      param: this.name(name),
    });
  }

  name(name: string): string {
    return this.at ? `${this.at}[${name}]` : name;
  }
}
