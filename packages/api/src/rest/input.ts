import { Readable } from "node:stream";
import { type RestMeta, refuseCall } from "@evx/rpc";
import Busboy from "@fastify/busboy";

/** The largest JSON body that any call takes. */
const jsonLimit = 1_000_000;

export type RawInput = { readonly input: Record<string, unknown>; readonly digestible: string };

/** Reads at most `limit` bytes; refuses more, whether the length was declared or not. */
export const readText = async (request: Request, limit: number): Promise<string> => {
  const tooLarge = () => refuseCall("body_too_large", { limit: `${Math.round(limit / 1_000)} kB` });
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw refuseCall("body_unreadable", { expected: "UTF-8" }, { cause });
  }
};

const jsonBody = async (request: Request): Promise<{ body: Record<string, unknown>; text: string }> => {
  const text = await readText(request, jsonLimit);
  if (text.trim() === "") return { body: {}, text: "" };
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type && type !== "application/json" && !type.endsWith("+json"))
    throw refuseCall("media_unsupported", { expected: "application/json" });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw refuseCall("body_unreadable", { expected: "JSON" }, { cause });
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw refuseCall("body_unreadable", { expected: "a JSON object" });
  return { body: body as Record<string, unknown>, text };
};

type Upload = {
  content: ReadableStream<Uint8Array>;
  contentType: string;
  fileName: string;
  /** The other fields of a form. */
  fields: Record<string, string>;
};

/** Bytes of a form's file that are held until the fields behind it are known; browsers and curl write them in any order. */
const heldOfForm = 8 * 1024 * 1024;

const streamOf = (chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });

/**
 * The file of a form with its fields. A file of up to eight megabytes is held until the form has ended; of a larger one
 * the fields must come first, since nothing is written to disk, and one that comes behind it is refused.
 */
const formUpload = async (
  file: Readable,
  ended: Promise<void>,
  fields: Record<string, string>,
): Promise<Pick<Upload, "content" | "fields">> => {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const held: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (size <= heldOfForm && !whole) {
    const next = await chunks.next();
    if (next.done) whole = true;
    else {
      held.push(next.value);
      size += next.value.byteLength;
    }
  }
  if (whole) await ended;
  const known = Object.keys(fields).length;
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* held.splice(0);
    while (!whole) {
      const next = await chunks.next();
      if (next.done) break;
      yield next.value;
    }
    await ended;
    if (Object.keys(fields).length > known)
      throw refuseCall("body_unreadable", { expected: "a form whose fields come before its large file" });
  }
  return { content: streamOf(content()), fields: { ...fields } };
};

/** The field `file` of a multipart body, as a stream, and the form's other fields. Nothing is written to disk. */
const multipartFile = (request: Request, contentType: string): Promise<Upload> =>
  new Promise((resolve, reject) => {
    const missing = () =>
      reject(refuseCall("body_unreadable", { expected: "multipart with a field named file" }));
    try {
      const parser = new Busboy({
        headers: { "content-type": contentType },
        limits: { files: 1, fields: 20, fieldSize: 10_000 },
      });
      const fields: Record<string, string> = {};
      let found = false;
      const ended = new Promise<void>((end) => parser.once("finish", end));
      parser.on("field", (name: string, value: string) => {
        fields[name] = value;
      });
      parser.on(
        "file",
        (field: string, file: Readable, fileName: string, _encoding: string, mime: string) => {
          if (field !== "file") return void file.resume();
          found = true;
          formUpload(file, ended, fields).then(
            (upload) => resolve({ ...upload, contentType: mime, fileName: fileName ?? "" }),
            reject,
          );
        },
      );
      parser.on("finish", () => {
        if (!found) missing();
      });
      parser.on("error", missing);
      const body = request.body;
      if (!body) return missing();
      Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
        .on("error", missing)
        .pipe(parser);
    } catch {
      missing();
    }
  });

/** A limit as people say it: 500 MB is 500 × 1024 × 1024 where the limit was set so. */
const megabytes = (limit: number): string =>
  `${limit % 1_048_576 === 0 ? limit / 1_048_576 : Math.round(limit / 1_000_000)} MB`;

/** Counts the bytes of a stream as they pass and breaks it off beyond the limit. */
const bounded = (stream: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> => {
  let size = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > limit) controller.error(refuseCall("body_too_large", { limit: megabytes(limit) }));
        else controller.enqueue(chunk);
      },
    }),
  );
};

const upload = async (request: Request, limit: number): Promise<Upload> => {
  if (Number(request.headers.get("content-length") ?? 0) > limit)
    throw refuseCall("body_too_large", { limit: megabytes(limit) });
  const contentType = request.headers.get("content-type") ?? "";
  const file = contentType.toLowerCase().startsWith("multipart/form-data")
    ? await multipartFile(request, contentType)
    : { content: request.body ?? new Blob([]).stream(), contentType, fileName: "", fields: {} };
  return { ...file, content: bounded(file.content as ReadableStream<Uint8Array>, limit) };
};

/** One input object out of path, query and body, in that order of precedence. */
export const readInput = async (
  request: Request,
  meta: RestMeta,
  params: Record<string, string>,
): Promise<RawInput> => {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (meta.method === "GET" || meta.method === "DELETE")
    return { input: { ...query, ...params }, digestible: "" };
  if (meta.body === "stream") {
    const { fields, ...file } = await upload(request, meta.maxBytes ?? 10_000_000);
    return { input: { ...query, ...fields, ...file, ...params }, digestible: "" };
  }
  const { body, text } = await jsonBody(request);
  return { input: { ...query, ...body, ...params }, digestible: text };
};
