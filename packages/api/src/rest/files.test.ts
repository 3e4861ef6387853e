import { expect, test } from "bun:test";
import { fileResponse } from "./files.ts";

const whole = new TextEncoder().encode("period,credits\r\n2026-02,0.100000\r\n");
const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();
const resumable = {
  bytes: whole.byteLength,
  tag: '"first"',
  slice: (from: number, to: number) => streamOf(whole.slice(from, to + 1)),
};
const file = () => ({ contentType: "text/csv", fileName: "Lễ.csv", content: streamOf(whole), resumable });

const asked = async (headers: Record<string, string>) => {
  const response = fileResponse(file(), 200, new Headers(headers));
  const { status } = response;
  return { status, range: response.headers.get("content-range"), text: await response.text() };
};

const all = new TextDecoder().decode(whole);
const size = whole.byteLength;

test("a long file is sent from the byte on that somebody lacks, and whole to whoever asks for none or for another content", async () => {
  const entire = { status: 200, range: null, text: all };
  const tail = { status: 206, range: `bytes 16-${size - 1}/${size}`, text: all.slice(16) };
  expect(await asked({})).toEqual(entire);
  expect(await asked({ range: "bytes=16-" })).toEqual(tail);
  expect(await asked({ range: "bytes=16-", "if-range": '"first"' })).toEqual(tail);
  expect(await asked({ range: "bytes=16-", "if-range": '"another"' })).toEqual(entire);
  expect(await asked({ range: `bytes=-${size - 16}` })).toEqual(tail);
  expect(await asked({ range: "bytes=-9999" })).toMatchObject({ status: 206, text: all });
  expect(await asked({ range: "bytes=0-5" })).toEqual({
    status: 206,
    range: `bytes 0-5/${size}`,
    text: "period",
  });
  expect(await asked({ range: "bytes=16-99999" })).toEqual(tail);
  for (const beyond of [`bytes=${size}-`, "bytes=-0"])
    expect(await asked({ range: beyond })).toEqual({ status: 416, range: `bytes */${size}`, text: "" });
  for (const unread of ["bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-"])
    expect(await asked({ range: unread })).toEqual(entire);
});

test("a file says that it can be read on, by what it is told from another, and a short one says nothing of it", () => {
  const { headers } = fileResponse(file(), 200, new Headers());
  expect([headers.get("accept-ranges"), headers.get("etag")]).toEqual(["bytes", '"first"']);
  expect(headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''L%E1%BB%85.csv");
  const short = fileResponse(
    { contentType: "text/csv", fileName: "a.csv", content: "a" },
    200,
    new Headers({ range: "bytes=0-0" }),
  );
  expect([short.status, short.headers.get("accept-ranges")]).toEqual([200, null]);
});
