import type { Db } from "@evx/db";
import { drawApart } from "@evx/files";
import { creditsFromGrams, type Locale } from "@evx/kernel";
import type { CertificateKind } from "@evx/proof";
import type { Context } from "@evx/rpc";
import { certificateFile, certificateNamed } from "./certificates.ts";
import { searchCertificates } from "./registry.ts";

const drawing = import.meta.resolve("./pdf/certificate.ts");

/** A certificate on paper, in the language asked for or else the reader's. */
export const certificateFileAnswer = async (
  ctx: Pick<Context, "db" | "locale">,
  { number, locale }: { number: string; locale?: Locale | undefined },
) => {
  const row = await certificateNamed(ctx.db, number);
  return {
    contentType: "application/pdf",
    fileName: `${row.number}.pdf`,
    content: await drawApart(drawing, "certificatePdf", [certificateFile(row), locale ?? ctx.locale]),
  };
};

/** Rows of one download; the rest is had by a narrower search. */
const mostRows = 10_000;

// A cell that begins like a formula would be run by a spreadsheet.
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** The registry's certificates as CSV (RFC 4180, UTF-8 with BOM for spreadsheets), newest first. */
export const certificatesCsv = async (
  db: Db,
  filter: { q?: string | undefined; kind?: CertificateKind | undefined },
) => {
  const lines = ["number,kind,status,credits,holder,beneficiary,issued_at,verify_url"];
  let cursor: string | undefined;
  do {
    const page = await searchCertificates(db, { ...filter, limit: 100, ...(cursor ? { cursor } : {}) });
    for (const item of page.items) {
      lines.push(
        [
          item.certificateNumber,
          item.kind,
          item.status,
          creditsFromGrams(item.creditsAmount),
          item.holderName,
          item.beneficiaryName ?? "",
          item.issueDate.toISOString(),
          item.verifyUrl,
        ]
          .map(cell)
          .join(","),
      );
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor && lines.length <= mostRows);
  const content = new TextEncoder().encode(`\uFEFF${lines.join("\r\n")}\r\n`) as Uint8Array<ArrayBuffer>;
  return { contentType: "text/csv; charset=utf-8", fileName: "certificates.csv", content };
};
