import { join } from "node:path";
import { Refusal } from "./refusal.ts";
import type { FileAnswer } from "./schema.ts";

/**
 * A file or folder of the real data that lies beside the project, where it does. One place knows how deep the rooms lie:
 * a path that is wrong would skip its tests without a word.
 */
export const sharedData = (path: string): string => join(import.meta.dir, "../../../../../shared/data", path);

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
