import { GRAMS_PER_CREDIT, type Grams } from "@evx/kernel";

/** ln credits: how models see an amount. */
export const sizeOf = (grams: Grams): number => Math.log(Number(grams) / Number(GRAMS_PER_CREDIT));
