import { basename } from "node:path";
import { Failed } from "./failed.ts";
import type { Json } from "./options.ts";

/** A file of this machine that a command sends. */
export type FileToSend = { bytes: Blob; contentType: string; fileName: string };

/** What of an upload's input the file itself says, so that no option asks for it. */
const ofFile: ReadonlySet<string> = new Set(["content", "contentType", "fileName", "name"]);

/** An upload's options: `--file` stands for the bytes, their type and their name. */
export const uploadOptions = (options: Json | null): Json => {
  const named = (options?.properties ?? {}) as Json;
  const properties = Object.entries(named).filter(([name]) => !ofFile.has(name));
  const file = { type: "string", description: "The file to send; required" };
  return { type: "object", properties: Object.fromEntries([["file", file], ...properties]) };
};

/** Takes an upload's input apart into the file, which must be there, and the rest. */
export const uploadOf = async (input: unknown): Promise<{ file: FileToSend; rest: Json }> => {
  const { file: path, ...rest } = (input ?? {}) as Record<string, unknown>;
  if (typeof path !== "string" || path === "") throw new Failed("Say which file to send: --file FILE.");
  const bytes = Bun.file(path);
  if (!(await bytes.exists())) throw new Failed(`There is no file ${path}.`);
  const contentType = bytes.type.split(";")[0] ?? "";
  return { file: { bytes, contentType, fileName: basename(path) }, rest };
};
