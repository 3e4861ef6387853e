import { expect, test } from "bun:test";
import { refusalCode } from "@evx/kernel/testing";
import { arrived } from "./arrival.ts";
import { readInput } from "./input.ts";

/** A body that says so much and then goes on for ever without an end. */
const endless = (first: string, size: number) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(first));
      if (size > 0) controller.enqueue(new Uint8Array(size));
    },
  });
const request = (body: ReadableStream<Uint8Array>, type: string) =>
  new Request("http://evx.test/api/x", {
    method: "POST",
    body,
    headers: { "content-type": type },
    duplex: "half",
  } as RequestInit);

test("a small body is whole, or refused: too large, dribbled", async () => {
  const small = () => request(new Blob(["{}"]).stream() as ReadableStream<Uint8Array>, "application/json");
  expect((await arrived(small(), 10)).toString()).toBe("{}");
  expect(await refusalCode(arrived(small(), 1))).toBe("body_too_large");
  expect(await refusalCode(arrived(request(endless("{", 0), "application/json"), 10, 50))).toBe("body_slow");
  // What arrives at once may not fill memory: three hundred bodies of a megabyte that never end.
  const many = Array.from({ length: 300 }, () =>
    refusalCode(arrived(request(endless("{", 999_000), "application/json"), 1_000_000, 300)),
  );
  const codes = await Promise.all(many);
  expect(codes.filter((code) => code === "server_busy").length).toBeGreaterThan(30);
  // They are gone: the next is taken in.
  expect((await arrived(small(), 10)).toString()).toBe("{}");
});

const boundary = "x9";
const form = (name: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n`;
const meta = {
  method: "POST",
  path: "/x",
  status: 200,
  body: "stream",
  summary: "",
  maxBytes: 1_000_000,
} as const;
const read = (body: ReadableStream<Uint8Array>, known: boolean) =>
  readInput(request(body, `multipart/form-data; boundary=${boundary}`), meta, {}, { known });
const waits = (work: Promise<unknown>) =>
  Promise.race([work.then(() => "read"), Bun.sleep(200).then(() => "waits")]);

test("of a stranger's form little is held before it is known who sends it", async () => {
  expect(await waits(read(endless(form("file"), 200_000), false))).toBe("read");
  // Of somebody who is known more is held, since fields may come behind the file.
  expect(await waits(read(endless(form("file"), 200_000), true))).toBe("waits");
});

test("a form is no longer than its file may be, whatever its parts are called", async () => {
  expect(await refusalCode(read(endless(form("another"), 3_000_000), true))).toBe("body_too_large");
});

test("what a form has beside its file and fields is refused, not dropped: a second file, a part cut off, a field too many", async () => {
  const file = (name: string) => `${form(name)}a,b\r\n1,2\r\n`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const sent = async (parts: string[]) => {
    const body = new Blob([...parts, `--${boundary}--\r\n`]).stream() as ReadableStream<Uint8Array>;
    const { input } = await read(body, true);
    return new Response(input.content as ReadableStream<Uint8Array>).text();
  };
  expect(await sent([field("note", "x"), file("file")])).toBe("a,b\r\n1,2");
  const fields = Array.from({ length: 21 }, (_, at) => field(`f${at}`, "x"));
  for (const parts of [
    [file("file"), file("file")],
    [file("file"), file("another")],
    [file("another"), file("file")],
    [file("file"), field("note", "x".repeat(10_001))],
    [field("note", "x".repeat(10_001)), file("file")],
    [...fields, file("file")],
  ])
    expect(await refusalCode(sent(parts))).toBe("body_unreadable");
});
