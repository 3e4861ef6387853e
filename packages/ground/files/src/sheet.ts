import { fileURLToPath } from "node:url";
import type { Locale } from "@evx/kernel";
import PDFDocument from "pdfkit";

export const ink = {
  dark: "#10231b",
  soft: "#5a6b63",
  line: "#dbe4df",
  green: "#04764e",
  tint: "#eef6f1",
  red: "#b3261e",
  redTint: "#fbeceb",
};

/** A4 in points, with the margins that home printers need. */
export const sheet = { width: 595.28, height: 841.89, margin: 48, foot: 44 };

export const inner = sheet.width - sheet.margin * 2;

// PDF's own fonts have no Vietnamese letters; Be Vietnam Pro was drawn for them.
const fonts = { text: "400Regular", strong: "600SemiBold", title: "700Bold" } as const;

const fontFile = (cut: string): string =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/be-vietnam-pro/${cut}/BeVietnamPro_${cut}.ttf`));

export type Sheet = PDFKit.PDFDocument;

/** An empty document with our fonts. `at` is its date, so that the same content gives the same file. */
export const newSheet = (title: string, at: Date, locale: Locale): Sheet => {
  const doc = new PDFDocument({
    size: "A4",
    margins: { top: sheet.margin, left: sheet.margin, right: sheet.margin, bottom: 0 },
    bufferPages: true,
    lang: locale,
    displayTitle: true,
    font: fontFile(fonts.text),
    info: { Title: title, Author: "EV Carbon Exchange", CreationDate: at, ModDate: at },
  });
  for (const [name, cut] of Object.entries(fonts)) doc.registerFont(name, fontFile(cut));
  return doc.font("text").fillColor(ink.dark);
};

/** The whole file, once nothing more is drawn. */
export const bytesOf = (doc: Sheet): Promise<Uint8Array<ArrayBuffer>> =>
  new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    doc.on("data", (part: Uint8Array) => parts.push(part));
    doc.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    doc.on("error", reject);
    doc.end();
  });

/** Begins a new page when less than `height` is left on this one. */
export const room = (doc: Sheet, height: number): void => {
  if (doc.y + height > sheet.height - sheet.margin - sheet.foot) doc.addPage();
};

export const write = (
  doc: Sheet,
  text: string,
  x: number,
  y: number,
  look: {
    size?: number;
    font?: keyof typeof fonts;
    colour?: string;
    width?: number;
    align?: "left" | "right" | "center";
    gap?: number;
  } = {},
): Sheet =>
  doc
    .font(look.font ?? "text")
    .fontSize(look.size ?? 9)
    .fillColor(look.colour ?? ink.dark)
    .text(text, x, y, { width: look.width ?? inner, align: look.align ?? "left", lineGap: look.gap ?? 1 });

/** The head of a first page: whose paper it is, its number or date at the right, its title. */
export const letterhead = (doc: Sheet, title: string, right: string): void => {
  doc.rect(0, 0, sheet.width, 8).fill(ink.green);
  write(doc, "EV Carbon Exchange", sheet.margin, 40, { size: 10, font: "strong", colour: ink.green });
  write(doc, right, sheet.margin, 40, { size: 10, align: "right", colour: ink.soft });
  write(doc, title, sheet.margin, 68, { size: 24, font: "title" });
};

export const rule = (doc: Sheet, y: number): void => {
  doc
    .moveTo(sheet.margin, y)
    .lineTo(sheet.width - sheet.margin, y)
    .lineWidth(0.5)
    .strokeColor(ink.line)
    .stroke();
};

export const section = (doc: Sheet, title: string): void => {
  room(doc, 60);
  const y = doc.y + 14;
  write(doc, title, sheet.margin, y, { size: 11, font: "strong" });
  rule(doc, doc.y + 3);
  doc.y += 8;
};

/** Names and values in columns; a value that is too long for its column goes on below. */
export const facts = (doc: Sheet, list: readonly (readonly [string, string])[], columns = 2): void => {
  const width = (inner - (columns - 1) * 20) / columns;
  for (let at = 0; at < list.length; at += columns) {
    const row = list.slice(at, at + columns);
    const tall = (text: string, size: number) =>
      doc.font("text").fontSize(size).heightOfString(text, { width, lineGap: 1 });
    // A name may take several lines too; the values of a row stay on one level.
    const names = Math.max(...row.map(([name]) => tall(name, 7.5)));
    const values = Math.max(...row.map(([, value]) => tall(value || "–", 9.5)));
    const height = names + values + 8;
    room(doc, height);
    const y = doc.y;
    row.forEach(([name, value], column) => {
      const x = sheet.margin + column * (width + 20);
      write(doc, name, x, y, { size: 7.5, colour: ink.soft, width });
      write(doc, value || "–", x, y + names + 1, { size: 9.5, width });
    });
    doc.y = y + height;
  }
};

export type Column = { title: string; width: number; align?: "left" | "right"; colour?: string };

/** A table that goes on over pages and repeats its head. Widths are parts of the whole. */
export const table = (
  doc: Sheet,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  size = 8.5,
): void => {
  const whole = columns.reduce((sum, { width }) => sum + width, 0);
  const widths = columns.map(({ width }) => (width / whole) * inner);
  const line = (cells: readonly string[], look: { head: boolean }) => {
    const heights = cells.map((cell, at) =>
      doc
        .font(look.head ? "strong" : "text")
        .fontSize(look.head ? 7.5 : size)
        .heightOfString(cell || " ", { width: (widths[at] ?? 0) - 8, lineGap: 1 }),
    );
    const height = Math.max(...heights) + 7;
    if (doc.y + height > sheet.height - sheet.margin - sheet.foot) {
      doc.addPage();
      if (!look.head)
        line(
          columns.map(({ title }) => title),
          { head: true },
        );
    }
    const y = doc.y;
    let x = sheet.margin;
    cells.forEach((cell, at) => {
      const { align = "left", colour } = columns[at] as Column;
      const width = (widths[at] ?? 0) - 8;
      write(doc, cell, x, y + 3, {
        size: look.head ? 7.5 : size,
        font: look.head ? "strong" : "text",
        colour: look.head ? ink.soft : (colour ?? ink.dark),
        width,
        align,
      });
      x += widths[at] ?? 0;
    });
    rule(doc, y + height);
    doc.y = y + height;
    doc.x = sheet.margin;
  };
  line(
    columns.map(({ title }) => title),
    { head: true },
  );
  for (const row of rows) line(row, { head: false });
};

/** The foot of every page, once all of them are there. */
export const feet = (doc: Sheet, left: string, right: (page: number, pages: number) => string): void => {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    const y = sheet.height - sheet.margin - 6;
    rule(doc, y - 6);
    write(doc, left, sheet.margin, y, { size: 7.5, colour: ink.soft, width: inner - 90 });
    write(doc, right(page + 1, count), sheet.width - sheet.margin - 90, y, {
      size: 7.5,
      colour: ink.soft,
      width: 90,
      align: "right",
    });
  }
};
