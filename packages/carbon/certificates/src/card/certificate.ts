import { fileURLToPath } from "node:url";
import { decimal } from "@evx/files";
import type { Locale } from "@evx/kernel";
import type { CertificateFile } from "@evx/proof";
import { drawSeal, sealDigest, sealRootOf } from "@evx/seal";
import { Resvg } from "@resvg/resvg-js";
import { paperWords, sayIn } from "../pdf/words.ts";

/** The size that chats and networks show a link's picture in. */
export const card = { width: 1_200, height: 630 } as const;

const inks = {
  plate: "#06382d",
  line: "#1f5f4f",
  ink: "#f1f7f2",
  muted: "#a9cdbd",
  lit: "#f5ad1b",
  loss: "#ff9488",
};

/** The pairs of `--seal-0a` to `--seal-5b` for a dark ground. */
const sealInks = [
  ["#5fd3a9", "#e9b04b"],
  ["#7fbcf0", "#56cfa4"],
  ["#e59bcc", "#6fd0b0"],
  ["#e9ac72", "#97a9ff"],
  ["#a9acff", "#f0a868"],
  ["#6ccbdb", "#f09bbd"],
] as const;

export const fontFiles = [
  "@expo-google-fonts/imbue/600SemiBold/Imbue_600SemiBold.ttf",
  "@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf",
  "@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf",
].map((file) => fileURLToPath(import.meta.resolve(file)));

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`).replace(/\p{Cc}/gu, " ");

/** A text in lines of at most so many letters, broken between words; what does not fit into the last ends in "…". */
export const linesOf = (text: string, letters: number, most: number): string[] => {
  const lines: string[] = [""];
  for (const word of text.trim().split(/\s+/)) {
    for (let rest = word; rest; rest = rest.slice(letters)) {
      const part = rest.slice(0, letters);
      const line = lines.at(-1) ?? "";
      if (line && line.length + 1 + part.length > letters) lines.push(part);
      else lines[lines.length - 1] = line ? `${line} ${part}` : part;
    }
  }
  const kept = lines.slice(0, most);
  const last = kept.at(-1) ?? "";
  if (lines.length > most) kept[most - 1] = `${last.slice(0, letters - 1)}…`;
  return kept;
};

const sealOf = async (file: CertificateFile): Promise<string> => {
  const root = await sealRootOf(file.certificate.lots.map((lot) => lot.root));
  if (!root) return "";
  const { paths, pair } = drawSeal(await sealDigest(root), 200);
  const [a, b] = sealInks[pair] ?? sealInks[0];
  return paths
    .map(({ d, ink, width }) =>
      width === undefined
        ? `<path d="${d}" fill="${ink === "b" ? b : a}"/>`
        : `<path d="${d}" fill="none" stroke="${ink === "b" ? b : a}" stroke-width="${width}"/>`,
    )
    .join("");
};

/** Kilograms below a tenth of a credit, tonnes from there on; as many digits as say it exactly to the gram. */
const amountOf = (grams: bigint, locale: Locale): string => {
  const [unit, size] = grams < 100_000n ? (["kg", 3] as const) : (["t", 6] as const);
  return `${decimal(grams, size, locale, 0)} ${unit}`;
};

/** Room for the address within the frame, in letters times their size: a letter is about 0.63 of it wide. */
const ADDRESS_EM = 610 / 0.64;

/** What a name's lines may take at most, and how wide letters are of their size: capitals more than others. */
const nameWidth = 610;
const widthOf = (line: string): number =>
  [...line].reduce((sum, letter) => sum + (/[\p{Lu}@%&mwMW]/u.test(letter) ? 0.76 : 0.58), 0);

/** As large as a name can be so that its longest line stays on the card. */
const nameSize = (lines: readonly string[]): number =>
  Math.min(44, ...lines.map((line) => Math.floor(nameWidth / Math.max(1, widthOf(line)))));

/** The card of a certificate as SVG: its seal, amount and name, and where anybody checks it. */
export const cardSvg = async (file: CertificateFile, locale: Locale): Promise<string> => {
  const { certificate } = file;
  const say = sayIn(paperWords, locale);
  const name = certificate.retirement?.beneficiary ?? certificate.holder;
  const amount = amountOf(BigInt(certificate.grams), locale);
  const size = Math.min(170, Math.floor(1_150 / amount.length));
  const names = linesOf(name, 24, 2);
  const address = certificate.verifyUrl.replace(/^https?:\/\//, "");
  const text = (x: number, y: number, size_px: number, fill: string, words: string, weight = 400) =>
    `<text x="${x}" y="${y}" font-family="Be Vietnam Pro" font-weight="${weight}" font-size="${size_px}" fill="${fill}">${escaped(words)}</text>`;
  const revoked = file.revocation
    ? text(540, 100, 30, inks.loss, say("revoked"), 600)
    : text(540, 100, 30, inks.muted, say(certificate.kind));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${card.width}" height="${card.height}" viewBox="0 0 ${card.width} ${card.height}">
<rect width="100%" height="100%" fill="${inks.plate}"/>
<rect x="24" y="24" width="1152" height="582" fill="none" stroke="${inks.line}" stroke-width="2"/>
<rect x="32" y="32" width="1136" height="566" fill="none" stroke="${inks.line}"/>
<g transform="translate(60 85) scale(2.25)">${await sealOf(file)}</g>
${revoked}
<text x="536" y="${130 + size * 0.78}" font-family="Imbue" font-weight="600" font-size="${size}" fill="${inks.lit}">${escaped(amount)}</text>
${names.map((line, at) => text(540, 372 + at * 54, nameSize(names), inks.ink, line, 600)).join("\n")}
${text(540, 500, 26, inks.muted, certificate.number)}
${text(540, 545, Math.min(26, Math.floor(ADDRESS_EM / address.length)), inks.muted, address)}
</svg>`;
};

/** The same as PNG, 1200 by 630. */
export const certificateCardPng = async (file: CertificateFile, locale: Locale): Promise<Uint8Array> =>
  new Resvg(await cardSvg(file, locale), {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "Be Vietnam Pro" },
  })
    .render()
    .asPng();
