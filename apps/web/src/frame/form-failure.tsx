import { part } from "./part.tsx";

/** What a form could not place at its fields, where the page's first load must stay small: it comes right after. */
export const FormFailure = part(async () => ({ default: (await import("./failure.tsx")).FormFailure }));
