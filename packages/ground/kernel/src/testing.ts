import { Refusal } from "./refusal.ts";
import type { FileAnswer } from "./schema.ts";

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

/** What a file's answer holds, read whole. */
export const fileBytes = async ({ content }: FileAnswer): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(content as ConstructorParameters<typeof Response>[0]).arrayBuffer());

/** The same as text; a byte-order mark is kept. */
export const fileText = async (file: FileAnswer): Promise<string> =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await fileBytes(file));
