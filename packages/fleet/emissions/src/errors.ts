import { refusals } from "@evx/kernel";

/** This room refuses nothing beyond the shape of its input. */
export const refuse = refusals({});
