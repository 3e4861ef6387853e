/** A certificate's file on the check page: JSON and PDF alike, and what is neither is refused by name while the page lives on. */
import { expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { type Look, settled } from "./browser.ts";
import { inBrowser } from "./venue.ts";

const looks: readonly Look[] = [
  { theme: "light", width: 1360, locale: "en" },
  { theme: "dark", width: 375, locale: "vi" },
];

const pdfWith = (...contents: Uint8Array[]): Buffer =>
  Buffer.concat([
    Buffer.from("%PDF-1.3\n"),
    ...contents.flatMap((content, at) => [
      Buffer.from(
        `${at + 1} 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode /Length ${content.length} >>\nstream\n`,
      ),
      content,
      Buffer.from("\nendstream\nendobj\n"),
    ]),
    Buffer.from("trailer\n<< /Size 9 >>\n%%EOF\n"),
  ]);

inBrowser("a file on the check page", (venue) => {
  for (const look of looks)
    test(`is read as PDF and as JSON, and refused by name, in ${look.locale}`, async () => {
      const listed = await fetch(`${venue.base}/api/public/certificates?limit=1`);
      const { items } = (await listed.json()) as { items: { certificateNumber: string }[] };
      const number = items[0]?.certificateNumber ?? "";
      const of = async (path: string) =>
        Buffer.from(
          await (await fetch(`${venue.base}/api/public/certificates/${number}${path}`)).arrayBuffer(),
        );
      const context = await venue.reader(look);
      const page = await context.newPage();
      await page.goto(`${venue.base}/certificates`);
      await settled(page);
      const give = (name: string, buffer: Buffer) =>
        page
          .locator("input[type=file]")
          .setInputFiles({ name, mimeType: "application/octet-stream", buffer });
      for (const path of ["/pdf", ""]) {
        await give("a", await of(path));
        await page.locator("[aria-live] .font-mono", { hasText: number }).waitFor();
        await give("b", Buffer.from([0xff]));
        await page.locator("input[type=file][aria-invalid]").waitFor();
        // What a bad file says nothing of is no longer shown.
        expect(await page.locator("[aria-live] .font-mono", { hasText: number }).count()).toBe(0);
      }
      const english = look.locale === "en";
      const many = `{"certificate":{"lots":[${"{},".repeat(9_999_999)}{}]},"signature":"A"}`;
      for (const [buffer, says] of [
        [pdfWith(), english ? "carries no certificate" : "không kèm chứng nhận"],
        [pdfWith(deflateSync("{}"), deflateSync("{}")), english ? "more than one file" : "nhiều hơn một tệp"],
        [
          Buffer.concat([pdfWith(), Buffer.from("trailer << /Encrypt 5 0 R >>")]),
          english ? "password" : "mật khẩu",
        ],
        [pdfWith(Buffer.from("x")), english ? "damaged" : "bị hỏng"],
        [pdfWith(deflateSync(Buffer.alloc(1 << 29))), english ? "too large" : "quá lớn"],
        [Buffer.from(many), english ? "This is not a certificate." : "Đây không phải chứng nhận."],
      ] as const) {
        await give("c", buffer);
        await page.getByText(says).first().waitFor();
      }
      // The page is alive: a good file is good again.
      await give("a", await of("/pdf"));
      await page.locator("[aria-live] .font-mono", { hasText: number }).waitFor();
      await context.close();
    });
});
