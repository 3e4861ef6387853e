import type { Db, Tx } from "@evx/db";
import { sha256Hex } from "@evx/kernel";
import { isEntered, noteDown } from "@evx/log";
import { type Canonical, canonical } from "@evx/proof";
import { ruleAt, ruleHistory } from "@evx/rules";
import iso from "i18n-iso-countries";
import * as v from "valibot";
import { type Method, methods } from "./co2.ts";
import { refuse } from "./errors.ts";
import { type Baseline, bundledGrid, setName } from "./factors.ts";
import { meaningOf } from "./meanings.ts";
import { co2Factors } from "./policy.ts";
import type * as S from "./schema.ts";

type Rule = typeof co2Factors.initial;
type Content = v.InferOutput<typeof S.FactorSetContent>;

const figuresOf: { readonly [M in Method]: (rule: Rule) => Content["factors"] } = {
  "flat-v1": ({ flat }) => flat,
  "metered-v1": ({ metered }) => metered,
};

const gridOfAll = (): Content["grid"] =>
  Object.keys(iso.getAlpha2Codes())
    .sort()
    .flatMap((countryCode) => bundledGrid(countryCode).map((entry) => ({ countryCode, ...entry })));

/** The rule as it stands for a kind of vehicle. */
const ruleFor = (rule: Rule, baseline: Baseline): Rule => {
  if (baseline === "car") return rule;
  const two = rule.twoWheelers;
  return {
    ...rule,
    flat: two,
    metered: { ...rule.metered, baseline_mg_per_km: two.baseline_mg_per_km },
  };
};

/** All that defines a set, in whole milligrams and basis points. The same rule always gives equal content. */
const contentOf = (of: Rule, version: number, baseline: Baseline): Content => {
  const rule = ruleFor(of, baseline);
  return {
    factorSet: setName(rule.method, version, baseline),
    method: rule.method,
    factors: figuresOf[rule.method](rule),
    grid: rule.method === "metered-v1" ? gridOfAll() : [],
    ...meaningOf(rule, baseline),
  };
};

/** SHA-256 of the content's canonical JSON (RFC 8785) in hexadecimal digits: anybody can compute it again. */
const factorSetHash = (content: Content): Promise<string> =>
  sha256Hex(canonical(content satisfies Canonical));

/**
 * Every set that the rule has ever named, newest first, version 0 being the venue's founding rule: of each version the method
 * in force, and behind it the other one, whose figures stand beside those that count.
 */
const allSets = async (db: Db, at: Date) => {
  const [{ version: current }, rows] = await Promise.all([
    ruleAt(db, co2Factors, at),
    ruleHistory(db, co2Factors),
  ]);
  const versions = [
    // What only calls another off names no set; the set that was called off stays, for the public log may have it.
    ...rows
      .filter(({ calls_off }) => calls_off === null)
      .map(({ value, version }) => ({ value: v.parse(co2Factors.schema, value), version })),
    { value: co2Factors.initial, version: 0 },
  ];
  const kinds = versions.flatMap(({ value, version }) =>
    [value.method, ...methods.filter((method) => method !== value.method)].flatMap((method) =>
      (["car", "two-wheeler"] as const).map((baseline) => ({
        value: { ...value, method },
        version,
        baseline,
        counts: method === value.method,
      })),
    ),
  );
  return Promise.all(
    kinds.map(async ({ value, version, baseline, counts }) => {
      const content = contentOf(value, version, baseline);
      const now = version === current;
      return {
        hash: await factorSetHash(content),
        current: now && counts,
        beside: now && !counts,
        counts,
        content,
      };
    }),
  );
};

/** The sets by name and hash, newest first. */
export const factorSets = async (db: Db, at: Date): Promise<v.InferInput<typeof S.FactorSets>> => ({
  items: (await allSets(db, at)).map(({ hash, current, beside, content: { factorSet, method } }) => ({
    hash,
    factorSet,
    method,
    current,
    beside,
  })),
});

/**
 * Enters every set that the public log does not have under its name yet, with its hash: a set cannot be exchanged for
 * another of the same name afterwards. Before something is issued by it.
 */
export const logFactorSets = async (tx: Tx): Promise<void> => {
  for (const { hash, content, counts } of await allSets(tx, tx.at)) {
    // Nothing is issued by what only stands beside.
    if (!counts) continue;
    const { factorSet, method } = content;
    await noteDown(tx, "factor_set", factorSet, JSON.stringify({ name: factorSet, method, hash }));
  }
};

/** Makes sure that a set is in the public log. */
export const ensureFactorSetLogged = async (tx: Tx, factorSet: string): Promise<void> => {
  if (!(await isEntered(tx, "factor_set", factorSet))) await logFactorSets(tx);
};

/** One set with all that it says; refuses `factor_set_not_found` for a hash that no set has. */
export const factorSetByHash = async (
  db: Db,
  hash: string,
  at: Date,
): Promise<v.InferInput<typeof S.FactorSetView>> => {
  const found = (await allSets(db, at)).find((set) => set.hash === hash);
  if (!found) throw refuse("factor_set_not_found");
  const { current, beside, content } = found;
  return { hash, current, beside, content };
};
