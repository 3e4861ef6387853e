import { Refusal } from "./refusal.ts";

/** The code with which a call is refused; "none" when it is not; a bug is thrown on. */
export const refusalCode = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "none";
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause)
      if (cause instanceof Refusal) return cause.code;
    throw error;
  }
};
