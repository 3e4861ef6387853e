import { caveatOf } from "@evx/emissions";
import {
  bytesOf,
  countryName,
  credits,
  day,
  facts,
  feet,
  ink,
  inner,
  kilograms,
  letterhead,
  moment,
  newSheet,
  type Sheet,
  section,
  sheet,
  table,
  write,
} from "@evx/files";
import type { Locale } from "@evx/kernel";
import {
  type CertificateDocument,
  type CertificateFile,
  isStatusStatement,
  qrAddress,
  rangeStates,
} from "@evx/proof";
import QRCode from "qrcode";
import { retirementWords } from "../reasons.ts";
import { batchesOf, batchSeal } from "./seal.ts";
import { isWordOf, paperWords, type Say as SayOf, sayIn } from "./words.ts";

type Word = keyof typeof paperWords;
type Say = SayOf<Word>;

const isWord = (text: string): text is Word => isWordOf(paperWords, text);

/**
 * The certificate on paper: A4, in the reader's language, with a QR code that holds the signed document.
 * A revoked one says so across the sheet. Contains nothing that the public page does not show.
 */
export const certificatePdf = async (
  file: CertificateFile,
  locale: Locale,
): Promise<Uint8Array<ArrayBuffer>> => {
  const say = sayIn(paperWords, locale);
  const { certificate } = file;
  const doc = newSheet(
    `${say(certificate.kind)} ${certificate.number}`,
    new Date(certificate.issuedAt),
    locale,
  );
  letterhead(doc, say(certificate.kind), certificate.number);
  if (file.revocation) revoked(doc, file.revocation, say, locale);
  await lead(doc, file, say, locale);
  if (certificate.retirement) {
    section(doc, say("section_purpose"));
    facts(doc, retirementFacts(certificate, say, locale));
    if (certificate.retirement.message) facts(doc, [[say("message"), certificate.retirement.message]], 1);
  }
  section(doc, say("serials"));
  lots(doc, certificate, say, locale);
  standing(doc, file.status, say, locale);
  await proof(doc, file, say);
  doc.file(Buffer.from(JSON.stringify(file, null, 2)), {
    name: `${certificate.number}.json`,
    type: "application/json",
    description: say("attached"),
    creationDate: new Date(certificate.issuedAt),
    modifiedDate: new Date(certificate.issuedAt),
  });
  feet(doc, `${say("verify_at")} ${certificate.verifyUrl}`, (page, pages) => say("page", { page, pages }));
  if (file.revocation) stamp(doc, say("revoked"));
  return bytesOf(doc);
};

const revoked = (
  doc: Sheet,
  { revokedAt, reason }: NonNullable<CertificateFile["revocation"]>,
  say: Say,
  locale: Locale,
): void => {
  const text = say("revoked_on", { date: day(revokedAt, locale), reason });
  const height =
    doc
      .font("strong")
      .fontSize(9.5)
      .heightOfString(text, { width: inner - 24, lineGap: 1 }) + 16;
  const y = doc.y + 6;
  doc.roundedRect(sheet.margin, y, inner, height, 6).fill(ink.redTint);
  write(doc, text, sheet.margin + 12, y + 8, {
    size: 9.5,
    font: "strong",
    colour: ink.red,
    width: inner - 24,
  });
  doc.y = y + height;
};

const lead = async (doc: Sheet, file: CertificateFile, say: Say, locale: Locale): Promise<void> => {
  const { certificate } = file;
  const { kind, retirement, holder, vehicle, issuedAt, lots: list } = certificate;
  const size_pt = 112;
  const start = doc.y + 12;
  const sealed = await batchSeal(doc, file, {
    x: sheet.width - sheet.margin - size_pt,
    y: start,
    size_pt,
    name: say("seal", { batch: batchesOf(file) }),
  });
  const wide = sealed ? inner - size_pt - 24 : inner;
  write(doc, say(`${kind}_lead` as Word), sheet.margin, start, { size: 10.5, colour: ink.soft, width: wide });
  write(doc, retirement?.beneficiary ?? holder, sheet.margin, doc.y + 2, {
    size: 17,
    font: "strong",
    width: wide,
  });

  const grams = BigInt(certificate.grams);
  const y = doc.y + 10;
  doc.rect(sheet.margin, y, wide, 66).fill(ink.tint);
  write(doc, credits(grams, locale), sheet.margin + 18, y + 9, {
    size: 26,
    font: "title",
    colour: ink.green,
  });
  write(doc, say("credits"), sheet.margin + 18, y + 43, { size: 10, colour: ink.green });
  write(doc, say("equals", { kg: kilograms(grams, locale) }), sheet.margin + 18, y + 24, {
    size: 13,
    font: "strong",
    align: "right",
    width: wide - 36,
  });
  doc.y = Math.max(y + 78, sealed ? start + size_pt + 20 : 0);

  const countries = [...new Set(list.map(({ country }) => country))];
  facts(
    doc,
    [
      [say("issued"), day(issuedAt, locale)],
      [say("vintage"), vintageOf(list, locale)],
      [
        say("vehicle"),
        vehicle
          ? `${isWord(vehicle.class) ? say(vehicle.class) : vehicle.class}, ${countryName(vehicle.country, locale)}`
          : countries.map((code) => countryName(code, locale)).join(", "),
      ],
    ],
    3,
  );
};

/** From which day to which day the credits were driven; of certificates from before days were told, the years. */
const vintageOf = (list: CertificateDocument["lots"], locale: Locale): string => {
  const days = list.flatMap(({ vintageFrom, vintageTo }) => [vintageFrom ?? "", vintageTo ?? ""]).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first && last)
    return first === last ? day(first, locale) : `${day(first, locale)} – ${day(last, locale)}`;
  const years = [...new Set(list.map(({ vintage }) => vintage))].sort();
  return years.length > 2 ? `${years[0]}–${years.at(-1)}` : years.join(", ");
};

const retirementFacts = (
  { retirement, holder }: CertificateDocument,
  say: Say,
  locale: Locale,
): [string, string][] => {
  if (!retirement) return [];
  const { reason, country, lei, periodFrom, periodTo } = retirement;
  const list: [string, string][] = [
    [
      say("purpose"),
      Object.hasOwn(retirementWords, reason)
        ? retirementWords[reason as keyof typeof retirementWords][locale]
        : reason,
    ],
    [say("retired_by"), holder],
  ];
  if (lei) list.push(["LEI", lei]);
  if (country) list.push([say("country"), countryName(country, locale)]);
  if (periodFrom || periodTo)
    list.push([say("period"), [periodFrom, periodTo].map((at) => (at ? day(at, locale) : "…")).join(" – ")]);
  return list;
};

const lots = (doc: Sheet, { lots: list }: CertificateDocument, say: Say, locale: Locale): void => {
  table(
    doc,
    [
      { title: say("serials"), width: 56 },
      { title: `${say("method")} · ${say("quality")}`, width: 24 },
      { title: say("verifier"), width: 20 },
      { title: say("quantity"), width: 14, align: "right" },
    ],
    list.map(({ serial, method, factorSet, quality, verifier, grams }) => [
      serial,
      `${method} · ${factorSet}\n${isWord(quality) ? say(quality) : quality}`,
      verifier,
      credits(BigInt(grams), locale),
    ]),
    7.5,
  );
  for (const method of new Set(list.map((lot) => lot.method))) {
    const caveat = caveatOf(method, locale);
    if (!caveat) continue;
    doc.y += 4;
    write(doc, caveat, sheet.margin, doc.y, { size: 7.5, colour: ink.soft });
  }
  const roots = [...new Set(list.map(({ root }) => root).filter((root) => root !== null))];
  if (roots.length === 0 || roots.length > 6) return;
  doc.y += 8;
  facts(doc, [[say("root"), roots.join("\n")]], 1);
};

/** Runs of one state that are named; a certificate of more says how many there are. */
const namedRanges = 6;

/** What became of its grams, by range, as the registry signed it; nothing while all of them are current. */
const standing = (doc: Sheet, status: unknown, say: Say, locale: Locale): void => {
  if (!isStatusStatement(status)) return;
  const { ranges, unstated = [] } = status;
  if ([...ranges, ...unstated].every(({ state }) => state === "current")) return;
  const words = {
    current: "current",
    passed_on: "passed_on",
    retired: "gone_retired",
    cancelled: "gone_cancelled",
    revoked: "gone_revoked",
  } as const;
  section(doc, say("section_standing", { at: moment(status.asOf, locale) }));
  for (const state of rangeStates) {
    const serials = ranges.filter((range) => range.state === state).map(({ serial }) => serial);
    const others = unstated.find((sum) => sum.state === state)?.runs ?? 0;
    if (serials.length + others === 0) continue;
    const more = serials.length + others - Math.min(serials.length, namedRanges);
    const lines = serials.slice(0, namedRanges);
    if (more > 0) lines.push(say("more_ranges", { count: more }));
    facts(doc, [[say(words[state]), lines.join("\n")]], 1);
  }
};

/** jsQR, which many pages scan with and ours too, looks for a mark of this version at a wrong place and reads none of it. */
const misread = 23;

/** The picture of a code that phones read from paper. */
const printedCode = (text: string): Promise<Buffer> => {
  const level = { errorCorrectionLevel: "L" } as const;
  const { version } = QRCode.create(text, level);
  return QRCode.toBuffer(text, {
    ...level,
    margin: 0,
    scale: 8,
    ...(version === misread ? { version: misread + 1 } : {}),
  });
};

/** What proves it: where to check it, its signature, and the code that holds it whole. */
const proof = async (doc: Sheet, file: CertificateFile, say: Say): Promise<void> => {
  const size = 128;
  if (doc.y + size + 20 > sheet.height - sheet.margin - sheet.foot) doc.addPage();
  const y = Math.max(doc.y + 8, sheet.height - sheet.margin - sheet.foot - size - 10);
  const x = sheet.width - sheet.margin - size;
  const picture = await printedCode(await qrAddress(file));
  doc.image(picture, x, y, { width: size });
  write(doc, say("scan"), x - 20, y + size + 5, {
    size: 7.5,
    colour: ink.soft,
    width: size + 20,
    align: "right",
  });

  const width = inner - size - 36;
  const { verifyUrl } = file.certificate;
  const parts: [string, string][] = [
    [say("verify_at"), verifyUrl],
    [say("key"), file.keyId],
    [say("signature"), `${file.signature.slice(0, 43)}\n${file.signature.slice(43)}`],
  ];
  let top = y;
  for (const [name, value] of parts) {
    write(doc, name, sheet.margin, top, { size: 7.5, colour: ink.soft, width });
    write(doc, value, sheet.margin, top + 11, { size: 8.5, width });
    top = doc.y + 7;
  }
};

const stamp = (doc: Sheet, text: string): void => {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    doc.save();
    doc.rotate(-35, { origin: [sheet.width / 2, sheet.height / 2] });
    doc.fillOpacity(0.13);
    write(doc, text, 0, sheet.height / 2 - 60, {
      size: 84,
      font: "title",
      colour: ink.red,
      width: sheet.width,
      align: "center",
    });
    doc.restore();
  }
};
