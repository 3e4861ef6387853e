/** What a PDF carries: read in bounded memory, refused by name where it is not one certificate in the open. */
import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { certificateText, Unreadable, type UnreadableCode } from "./attachment.ts";
import { joined, utf8 } from "./bytes.ts";

const text = JSON.stringify({ certificate: "Đà Nẵng" });

const stream = (number: number, head: string, bytes: Uint8Array): Uint8Array =>
  joined(utf8(`${number} 0 obj\n<<\n${head}\n>>\nstream\n`), bytes, utf8("\nendstream\nendobj\n"));

const carried = (content: Uint8Array, more = "", number = 7): Uint8Array =>
  stream(number, `/Type /EmbeddedFile\n/Length ${content.length}\n/Filter /FlateDecode${more}`, content);

const packed = (content: string | Uint8Array): Uint8Array => deflateSync(content);

const pdf = (...parts: Uint8Array[]): Uint8Array =>
  joined(utf8("%PDF-1.3\n"), ...parts, utf8("trailer\n<< /Size 9 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"));

const page = stream(2, "/Length 3", utf8("q Q"));

const saidOf = async (bytes: Uint8Array): Promise<UnreadableCode | string> =>
  certificateText(bytes).catch((error: unknown) =>
    error instanceof Unreadable ? error.code : String(error),
  );

/** What is said of a file, and the most memory that it took: in a process of its own, which has read nothing else. */
const apart = async (file: Uint8Array): Promise<{ code: string; bytes: number }> => {
  const reader = Bun.spawn(
    [
      process.execPath,
      "-e",
      `import { certificateText } from "./attachment.ts";
       const file = new Uint8Array(await new Response(Bun.stdin.stream()).arrayBuffer());
       const code = await certificateText(file).then(() => "read", (error) => error.code ?? String(error));
       // Linux counts what the process that began this one had into maxRSS.
       const status = await Bun.file("/proc/self/status").text().catch(() => "");
       const most = Number(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
       console.log(JSON.stringify({ code, bytes: most * 1024 }));`,
    ],
    { cwd: import.meta.dir, stdin: file, stdout: "pipe" },
  );
  return JSON.parse(await new Response(reader.stdout).text()) as { code: string; bytes: number };
};

describe("a certificate's text", () => {
  test("is JSON as it stands, or what the PDF carries, packed or not, however its length is told", async () => {
    const plain = stream(7, `/Type/EmbeddedFile/Length ${utf8(text).length}`, utf8(text));
    const elsewhere = stream(7, "/Type /EmbeddedFile /Filter [/FlateDecode] /Length 8 0 R", packed(text));
    for (const bytes of [
      utf8(text),
      pdf(page, carried(packed(text))),
      pdf(plain, page),
      pdf(page, elsewhere),
    ])
      expect(await certificateText(bytes)).toBe(text);
  });

  test("what lies within a page is no object, and what is said later of a number counts", async () => {
    const own = carried(packed(text));
    const quoted = stream(3, `/Length ${own.length}`, own);
    expect(await certificateText(pdf(quoted, carried(packed("old")), own))).toBe(text);
    expect(await saidOf(pdf(own, utf8("7 0 obj\nnull\nendobj\n")))).toBe("pdf_without");
  });

  test("each that is not one certificate in the open is refused by name", async () => {
    const own = carried(packed(text));
    const hidden = joined(pdf(own), utf8("trailer\n<< /Encrypt 5 0 R /Root 1 0 R >>\n"));
    for (const [code, bytes] of [
      ["pdf_without", pdf(page)],
      ["pdf_several", pdf(own, carried(packed(text), "", 8))],
      ["pdf_encrypted", hidden],
      ["pdf_encrypted", pdf(own, stream(9, "/Type /XRef /Encrypt 5 0 R /Length 1", utf8("x")))],
      ["pdf_damaged", pdf(carried(packed(text).subarray(0, 12)))],
      ["pdf_damaged", pdf(carried(utf8("no deflate")))],
      ["pdf_damaged", pdf(carried(packed(Uint8Array.of(0xff, 0xfe))))],
      ["pdf_damaged", pdf(stream(7, "/Type /EmbeddedFile /Filter /LZWDecode /Length 1", utf8("x")))],
      [
        "pdf_damaged",
        pdf(stream(7, "/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode] /Length 1", utf8("x"))),
      ],
      ["pdf_damaged", pdf(carried(packed(text), " /DecodeParms << /Predictor 12 >>"))],
      ["not_text", Uint8Array.of(0xff, 0xd8, 0xff)],
    ] as const)
      expect([code, await saidOf(bytes)]).toEqual([code, code]);
  });

  test("a PDF that is cut short anywhere gives its whole text or none", async () => {
    const whole = pdf(page, carried(packed(text)));
    for (let length = 10; length < whole.length; length++)
      expect([text, "pdf_without", "pdf_damaged"]).toContain(
        await certificateText(whole.slice(0, length)).catch((error: Unreadable) => error.code),
      );
  });

  test("what unpacks to a gigabyte is broken off, and what is full of objects is not read to its end", async () => {
    const zeros = new Uint8Array(1 << 30);
    const full = ["obj", "1 0 obj ", "1 0 obj<<>>endobj ", "trailer"].map((words) =>
      pdf(utf8(words.repeat(Math.floor(59_000_000 / words.length)))),
    );
    for (const [at, file] of [pdf(carried(packed(zeros))), ...full].entries()) {
      const { code, bytes } = await apart(file);
      expect([at, code]).toEqual([at, expect.stringMatching(/^(too_large|pdf_without)$/)]);
      expect(bytes).toBeLessThan(500_000_000);
    }
    expect(await saidOf(new Uint8Array(60_000_001))).toBe("too_large");
  }, 180_000);
});
