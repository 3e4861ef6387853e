import type { Db } from "@evx/db";
import { csvPages, drawApart } from "@evx/files";
import { creditsFromGrams, type Locale, minute_ms } from "@evx/kernel";
import type { CertificateKind, RangeState } from "@evx/proof";
import type { Context } from "@evx/rpc";
import { certificateFile, certificateNamed } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import { bundleOf, searchCertificates } from "./registry.ts";

const drawing = import.meta.resolve("./pdf/certificate.ts");
const cardDrawing = import.meta.resolve("./card/certificate.ts");

/** A certificate on paper, in the language asked for or else the reader's. */
export const certificateFileAnswer = async (
  ctx: Pick<Context, "db" | "locale" | "clock">,
  ports: CertificatePorts,
  { number, locale }: { number: string; locale?: Locale | undefined },
) => {
  const row = await certificateNamed(ctx.db, number);
  // To the minute, so that a certificate that many ask for is drawn once.
  const asOf = new Date(Math.floor(ctx.clock.now().getTime() / minute_ms) * minute_ms);
  const bundle = await bundleOf(ctx.db, ports, row, asOf);
  return {
    contentType: "application/pdf",
    fileName: `${row.number}.pdf`,
    content: await drawApart(drawing, "certificatePdf", [bundle, locale ?? ctx.locale]),
  };
};

/** The picture that stands for a certificate where its address is shared, 1200 by 630. */
export const certificateCardAnswer = async (
  ctx: Pick<Context, "db" | "locale">,
  { number, locale }: { number: string; locale?: Locale | undefined },
) => {
  const row = await certificateNamed(ctx.db, number);
  return {
    contentType: "image/png",
    fileName: `${row.number}.png`,
    content: await drawApart(cardDrawing, "certificateCardPng", [certificateFile(row), locale ?? ctx.locale]),
  };
};

const columns = [
  "number",
  "kind",
  "status",
  "credits",
  "current_credits",
  "standing",
  "holder",
  "beneficiary",
  "issued_at",
  "verify_url",
];

/** What became of each run, in a cell; one with more runs than are listed says how many more. */
export const standingText = ({ ranges, runs }: { ranges: readonly RangeState[]; runs: number }): string => {
  const told = ranges.map(({ serial, state }) => `${serial} ${state}`);
  return [...told, ...(told.length < runs ? [`+${runs - told.length} …`] : [])].join("; ");
};

/** The registry's certificates as CSV, newest first. */
export const certificatesCsv = (
  db: Db,
  filter: { q?: string | undefined; kind?: CertificateKind | undefined },
) =>
  csvPages(
    "certificates.csv",
    columns,
    (cursor) => searchCertificates(db, { ...filter, limit: 100, cursor }),
    (items) =>
      items.map((item) => [
        item.certificateNumber,
        item.kind,
        item.status,
        creditsFromGrams(item.creditsAmount),
        creditsFromGrams(item.current),
        standingText(item),
        item.holderName,
        item.beneficiaryName ?? "",
        item.issueDate.toISOString(),
        item.verifyUrl,
      ]),
  );
