import {
  bytesOf,
  decimal,
  drawApart,
  facts,
  feet,
  letterhead,
  moment,
  month,
  newSheet,
  section,
  table,
} from "@evx/files";
import { type Currency, isCurrency, type Locale } from "@evx/kernel";

type Cell = string | number | bigint;
type Row = Readonly<Record<string, Cell>>;

/** What the columns of reports are called on paper; `unit` tells how a value is written. */
const words = {
  period: { unit: "month", en: "Month", vi: "Tháng" },
  creditsIssued: { unit: "credits", en: "Credits issued", vi: "Tín chỉ phát hành" },
  creditsSold: { unit: "credits", en: "Credits sold", vi: "Tín chỉ đã bán" },
  creditsBought: { unit: "credits", en: "Credits bought", vi: "Tín chỉ đã mua" },
  creditsRetired: { unit: "credits", en: "Credits retired", vi: "Tín chỉ xóa sổ" },
  creditsTraded: { unit: "credits", en: "Credits traded", vi: "Tín chỉ giao dịch" },
  credits: { unit: "credits", en: "Credits", vi: "Tín chỉ" },
  sales: { unit: "count", en: "Sales", vi: "Lượt bán" },
  purchases: { unit: "count", en: "Purchases", vi: "Lượt mua" },
  trades: { unit: "count", en: "Trades", vi: "Giao dịch" },
  users: { unit: "count", en: "New users", vi: "Người dùng mới" },
  disputes: { unit: "count", en: "Disputes", vi: "Khiếu nại" },
  revenue: { unit: "money", en: "Revenue (net)", vi: "Doanh thu (ròng)" },
  spent: { unit: "money", en: "Spent", vi: "Đã chi" },
  gross: { unit: "money", en: "Gross", vi: "Doanh thu gộp" },
  platformFee: { unit: "money", en: "Platform fee", vi: "Phí sàn" },
  cvaFee: { unit: "money", en: "CVA fee", vi: "Phí thẩm định" },
  platformFees: { unit: "money", en: "Platform fees", vi: "Phí sàn" },
  cvaFees: { unit: "money", en: "CVA fees", vi: "Phí thẩm định" },
  fees: { unit: "money", en: "All fees", vi: "Tổng phí" },
  net: { unit: "money", en: "You received", vi: "Bạn nhận" },
  volume: { unit: "money", en: "Volume", vi: "Giá trị" },
  distanceKm: { unit: "km", en: "Distance, km", vi: "Quãng đường, km" },
  co2SavedKg: { unit: "kg", en: "CO₂ avoided, kg", vi: "CO₂ giảm, kg" },
} as const;

type Name = keyof typeof words;

const titles = {
  personal: { en: "Personal report", vi: "Báo cáo cá nhân" },
  "co2-savings": { en: "CO₂ savings", vi: "CO₂ giảm được" },
  revenue: { en: "Revenue", vi: "Doanh thu" },
  platform: { en: "Platform report", vi: "Báo cáo sàn" },
} as const;

export type ReportName = keyof typeof titles;

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer R] ? R : never;

const isName = (name: string): name is Name => name in words;

/** Kilometres and kilograms come with three decimals at most; their thousandths are whole. */
const thousandths = (value: Cell): bigint => BigInt(Math.round(Number(value) * 1_000));

const shown = (name: Name, value: Cell, currency: Currency | null, locale: Locale): string => {
  const { unit } = words[name];
  if (unit === "month") return month(String(value), locale);
  if (unit === "credits") return decimal(BigInt(value), 6, locale);
  if (unit === "km" || unit === "kg") return decimal(thousandths(value), 3, locale, 1);
  if (unit === "count" || !currency) return decimal(BigInt(value), 0, locale);
  const tag = locale === "vi" ? "vi-VN" : "en-US";
  return new Intl.NumberFormat(tag, { style: "currency", currency }).format(String(value) as `${number}`);
};

/**
 * A report on paper: its totals, then a row a month, newest first, in the reader's language. Grams are written as
 * credits. `at` is when it was asked for, `whose` the person's name.
 */
export const drawReport = async (
  name: ReportName,
  report: { totals: Row; series: readonly Row[]; currency?: string },
  columns: readonly string[],
  { locale, at, whose }: { locale: Locale; at: Date; whose: string | null },
) => {
  const title = titles[name][locale];
  const currency = report.currency && isCurrency(report.currency) ? report.currency : null;
  const doc = newSheet(title, at, locale);
  letterhead(doc, title, moment(at, locale));
  if (whose) facts(doc, [[locale === "vi" ? "Của" : "Of", whose]], 1);
  section(doc, locale === "vi" ? "Tổng cộng" : "Totals");
  facts(
    doc,
    Object.entries(report.totals).flatMap(([key, value]) =>
      isName(key) ? [[words[key][locale], shown(key, value, currency, locale)] as const] : [],
    ),
    3,
  );
  section(doc, locale === "vi" ? "Theo tháng (UTC)" : "By month (UTC)");
  const known = columns.filter(isName);
  table(
    doc,
    known.map((key) => ({
      title: words[key][locale],
      width: key === "period" ? 1.5 : 1,
      align: key === "period" ? ("left" as const) : ("right" as const),
    })),
    [...report.series]
      .reverse()
      .map((row) => known.map((key) => shown(key, row[key] ?? 0, currency, locale))),
    known.length > 8 ? 6.5 : 8,
  );
  feet(doc, `EV Carbon Exchange · ${title}`, (page, pages) => `${page} / ${pages}`);
  return bytesOf(doc);
};

const drawing = import.meta.resolve("./pdf.ts");

/** The same as a file, drawn apart. */
export const pdfOf = async (name: ReportName, ...rest: Tail<Parameters<typeof drawReport>>) => ({
  contentType: "application/pdf",
  fileName: `${name}.pdf`,
  content: await drawApart(drawing, "drawReport", [name, ...rest]),
});
