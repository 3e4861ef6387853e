/** Files as HTTP answers: whole, or the part of a long one that somebody who was cut off still lacks (RFC 9110, 14). */
import type { FileAnswer, Resumable } from "@evx/kernel";

export const isFile = (body: unknown): body is FileAnswer =>
  typeof body === "object" &&
  body !== null &&
  "contentType" in body &&
  "fileName" in body &&
  "content" in body;

type Part = { from: number; to: number } | "beyond" | null;

/**
 * The one part that is asked for. Null where the whole is to be sent: nothing is asked for, or something that we do not
 * read, or a part of a content that this is not.
 */
const partOf = ({ bytes, tag }: Resumable, asked: Headers): Part => {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(asked.get("range")?.trim() ?? "") ?? [];
  if (first === "" && last === "") return null;
  const condition = asked.get("if-range");
  if (condition !== null && condition !== tag) return null;
  if (first === "") {
    const from = Math.max(0, bytes - Number(last));
    return from < bytes ? { from, to: bytes - 1 } : "beyond";
  }
  const from = Number(first);
  const to = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < from) return null;
  return from < bytes ? { from, to } : "beyond";
};

const body = (content: FileAnswer["content"]) => content as ConstructorParameters<typeof Response>[0];

export const fileResponse = (file: FileAnswer, status: number, asked: Headers): Response => {
  const { content, contentType, fileName, resumable } = file;
  const headers = new Headers({
    "content-type": contentType,
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
  });
  if (!resumable) return new Response(body(content), { status, headers });
  headers.set("accept-ranges", "bytes");
  headers.set("etag", resumable.tag);
  const part = partOf(resumable, asked);
  if (part === null) return new Response(body(content), { status, headers });
  if (content instanceof ReadableStream) void content.cancel();
  if (part === "beyond") {
    headers.set("content-range", `bytes */${resumable.bytes}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-range", `bytes ${part.from}-${part.to}/${resumable.bytes}`);
  return new Response(body(resumable.slice(part.from, part.to)), { status: 206, headers });
};
