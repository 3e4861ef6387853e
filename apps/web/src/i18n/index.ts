import { resolveTemplate } from "@solid-primitives/i18n";
import {
  batch,
  createComputed,
  createContext,
  createResource,
  createSignal,
  type JSX,
  useContext,
} from "solid-js";
import { fetched } from "../lib/connection.ts";
import { currentLocale, type Locale, putLocale } from "../lib/locale.ts";
import { type AreaName, areas } from "./areas.ts";

type Words = Readonly<Record<string, string>>;
type En<A extends AreaName> = Awaited<ReturnType<(typeof areas)[A]["en"]>>["default"];

/** Names of the `{{ places }}` in a text. */
type Places<T> = T extends `${string}{{${infer Place}}}${infer Rest}` ? Trim<Place> | Places<Rest> : never;
type Trim<T extends string> = T extends ` ${infer R}` ? Trim<R> : T extends `${infer R} ` ? Trim<R> : T;
type Filling<T, V> = [Places<T>] extends [never] ? [] : [{ readonly [P in Places<T>]: V }];

type PluralOf<D> = { [K in keyof D]: K extends `${infer Base}_other` ? Base : never }[keyof D] & string;

/** Says texts of one area in the reader's language; reactive to the language. */
export type Say<D> = {
  <K extends keyof D & string>(key: K, ...filling: Filling<D[K], string | number>): string;
  /** By number: picks `key_one` or `key_other` as the language does. `{{ count }}` is the number, written its way. */
  n(key: PluralOf<D>, count: number, filling?: Readonly<Record<string, string | number>>): string;
  /** With elements in its places: a link or a strong word inside a sentence. */
  rich<K extends keyof D & string>(key: K, ...filling: Filling<D[K], JSX.Element>): JSX.Element;
};

const loaded = new Map<string, Words>();
const wanted = new Set<AreaName>(["frame"]);
const [version, setVersion] = createSignal(0);

const load = async (area: AreaName, locale: Locale): Promise<void> => {
  const name = `${locale}/${area}`;
  if (loaded.has(name)) return;
  const words = await fetched<{ default: Words }>(areas[area][locale]);
  loaded.set(name, words.default);
  setVersion((count) => count + 1);
};

/** Fetches an area's words in the reader's language; a page's loader does it beside the page's code. */
export const loadText = (area: AreaName): Promise<void> => {
  wanted.add(area);
  return load(area, currentLocale());
};

/** Changes the language once all words on the screen are here, so that no half-translated page shows. */
export const setLocale = async (next: Locale): Promise<void> => {
  await Promise.all([...wanted].map((area) => load(area, next)));
  batch(() => putLocale(next));
};

const wordsOf = (area: AreaName): Words => {
  version();
  const words = loaded.get(`${currentLocale()}/${area}`);
  if (!words) void loadText(area);
  return words ?? loaded.get(`en/${area}`) ?? {};
};

/** True inside what waits for its words as it waits for its code. Elsewhere the route has fetched them before. */
export const AwaitsWords = createContext(false);

const holdBackFor = (area: AreaName): void => {
  if (!useContext(AwaitsWords) || loaded.has(`${currentLocale()}/${area}`)) return;
  const [ready] = createResource(() => loadText(area).then(() => true));
  createComputed(ready);
};

/** The words of one area: `const t = useText("marketplace"); t("list.title")`. */
export const useText = <A extends AreaName>(area: A): Say<En<A>> => {
  holdBackFor(area);
  const say = (key: string, filling?: Record<string, string | number>) =>
    resolveTemplate(wordsOf(area)[key] ?? "", filling);

  const n = (key: string, count: number, filling: Record<string, string | number> = {}) => {
    const words = wordsOf(area);
    const tag = currentLocale();
    const text = words[`${key}_${new Intl.PluralRules(tag).select(count)}`] ?? words[`${key}_other`] ?? "";
    return resolveTemplate(text, { count: new Intl.NumberFormat(tag).format(count), ...filling });
  };

  const rich = (key: string, filling: Record<string, JSX.Element>): JSX.Element =>
    (wordsOf(area)[key] ?? "")
      .split(/\{\{\s*(\w+)\s*\}\}/)
      .map((part, index) => (index % 2 ? filling[part] : part));

  return Object.assign(say, { n, rich }) as unknown as Say<En<A>>;
};
