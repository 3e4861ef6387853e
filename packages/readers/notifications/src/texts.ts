import { peopleTexts } from "./texts/people.ts";
import { reportTexts } from "./texts/reports.ts";
import { tradeTexts } from "./texts/trade.ts";

export type { Template } from "./texts/template.ts";

/**
 * Placeholders: `{name}` is text as it is, `{name:credits}` grams as credits, `{name:money}` minor units in `{currency}`.
 * A link's placeholders are filled the same way.
 */
export const templates = { ...peopleTexts, ...tradeTexts, ...reportTexts };
