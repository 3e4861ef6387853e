export { countedGrams, type FrozenFactors, gramsByMethod, type Method, methods } from "./co2.ts";
export { ensureFactorSetLogged, factorSets, logFactorSets } from "./factor-sets.ts";
export { baselineOf, factorsAt } from "./factors.ts";
export { setGridFactor } from "./grid.ts";
export { caveatOf } from "./meanings.ts";
export { co2Factors } from "./policy.ts";
export { countedSql, flatSql, gridTable, meteredSql, yearOfTrip } from "./queries/methods.ts";
