import {
  bytesOf,
  day,
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
import type { Step } from "./policy.ts";
import type { Exported } from "./schema.ts";

type Cell = string | number | bigint | null;
type Row = Readonly<Record<string, Cell>>;

/** What the columns of reports are called on paper; `unit` tells how a value is written. */
const words = {
  period: { unit: "period", en: "Period", vi: "Kỳ" },
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
  newUsers: { unit: "count", en: "New users", vi: "Người dùng mới" },
  paidOut: { unit: "money", en: "Paid out", vi: "Đã chi trả" },
  decided: { unit: "count", en: "Decided", vi: "Đã quyết định" },
  approved: { unit: "count", en: "Approved", vi: "Đã duyệt" },
  rejected: { unit: "count", en: "Rejected", vi: "Từ chối" },
  tripsReviewed: { unit: "count", en: "Trips reviewed", vi: "Chuyến đã xem" },
  tripsRefused: { unit: "count", en: "Trips rejected", vi: "Chuyến bị loại" },
  hours: { unit: "hours", en: "Hours to decide", vi: "Giờ xử lý" },
  distanceKm: { unit: "km", en: "Distance, km", vi: "Quãng đường, km" },
  co2SavedKg: { unit: "kg", en: "CO₂ avoided, kg", vi: "CO₂ giảm, kg" },
} as const;

type Name = keyof typeof words;

const titles: Record<Exported, { en: string; vi: string }> = {
  personal: { en: "Personal report", vi: "Báo cáo cá nhân" },
  "co2-savings": { en: "CO₂ avoided", vi: "CO₂ giảm được" },
  revenue: { en: "Revenue", vi: "Doanh thu" },
  buyer: { en: "Sustainability report", vi: "Báo cáo bền vững" },
  auditor: { en: "Review report", vi: "Báo cáo thẩm định" },
  platform: { en: "Platform report", vi: "Báo cáo sàn" },
  sales: { en: "Sales", vi: "Giao dịch" },
  trips: { en: "Trips", vi: "Chuyến đi" },
};

export const titleOf = (report: Exported, locale: Locale): string => titles[report][locale];

const isName = (name: string): name is Name => name in words;

/** Kilometres and kilograms come with three decimals at most; their thousandths are whole. */
const thousandths = (value: Cell): bigint => BigInt(Math.round(Number(value) * 1_000));

const periodShown = (text: string, locale: Locale): string => {
  if (text.length === 7) return month(text, locale);
  return text.length === 10 ? day(new Date(`${text}T00:00:00Z`), locale) : text;
};

const shown = (name: Name, value: Cell, currency: Currency | null, locale: Locale): string => {
  const { unit } = words[name];
  if (value === null) return "–";
  if (unit === "period") return periodShown(String(value), locale);
  if (unit === "credits") return decimal(BigInt(value), 6, locale);
  if (unit === "km" || unit === "kg" || unit === "hours") return decimal(thousandths(value), 3, locale, 1);
  if (unit === "count" || !currency) return decimal(BigInt(value), 0, locale);
  const tag = locale === "vi" ? "vi-VN" : "en-US";
  return new Intl.NumberFormat(tag, { style: "currency", currency }).format(String(value) as `${number}`);
};

const bySteps = {
  day: { en: "By day", vi: "Theo ngày" },
  month: { en: "By month", vi: "Theo tháng" },
  year: { en: "By year", vi: "Theo năm" },
} as const;

type OnPaper = {
  title: string;
  currency: string;
  locale: Locale;
  from: string | null;
  to: string | null;
  zone: string;
  by: Step;
  at: Date;
  whose: string | null;
};

const dayShown = (text: string, locale: Locale): string => day(new Date(`${text}T00:00:00Z`), locale);

/** A period in words: an end that is open is said, and not left to be guessed. */
export const daysShown = (
  { from, to, zone }: Pick<OnPaper, "from" | "to" | "zone">,
  locale: Locale,
): string => {
  const vi = locale === "vi";
  const first = from === null ? null : dayShown(from, locale);
  const last = to === null ? null : dayShown(to, locale);
  if (first && last) return `${first} – ${last} (${zone})`;
  if (first) return `${vi ? "từ" : "from"} ${first} (${zone})`;
  if (last) return `${vi ? "đến hết" : "until the end of"} ${last} (${zone})`;
  return `${vi ? "toàn bộ thời gian" : "all time"} (${zone})`;
};

/**
 * A report on paper: whose and of when, its totals, then a row a period, newest first, in the reader's language. Grams are
 * written as credits.
 */
export const drawReport = async (
  { totals, series, columns }: { totals: Row; series: readonly Row[]; columns: readonly string[] },
  { title, currency: code, locale, at, whose, ...period }: OnPaper,
) => {
  const currency = isCurrency(code) ? code : null;
  const doc = newSheet(title, at, locale);
  letterhead(doc, title, moment(at, locale));
  facts(
    doc,
    [
      ...(whose ? ([[locale === "vi" ? "Của" : "Of", whose]] as const) : []),
      [locale === "vi" ? "Kỳ" : "Period", daysShown(period, locale)] as const,
    ],
    2,
  );
  section(doc, locale === "vi" ? "Tổng cộng" : "Totals");
  facts(
    doc,
    Object.entries(totals).flatMap(([key, value]) =>
      isName(key) ? [[words[key][locale], shown(key, value, currency, locale)] as const] : [],
    ),
    3,
  );
  section(doc, bySteps[period.by][locale]);
  const known = columns.filter(isName);
  table(
    doc,
    known.map((key) => ({
      title: words[key][locale],
      width: key === "period" ? 1.5 : 1,
      align: key === "period" ? ("left" as const) : ("right" as const),
    })),
    [...series].reverse().map((row) => known.map((key) => shown(key, row[key] ?? null, currency, locale))),
    known.length > 8 ? 6.5 : 8,
  );
  feet(doc, `EV Carbon Exchange · ${title}`, (page, pages) => `${page} / ${pages}`);
  return bytesOf(doc);
};

const drawing = import.meta.resolve("./pdf.ts");

type Paper = Omit<OnPaper, "title" | "at" | "whose"> & { report: Exported };

/** The same as bytes, drawn apart. `at` is when it was asked for, `whose` the person's name. */
export const pdfBytes = (
  { report, locale, currency, from, to, zone, by }: Paper,
  { totals, series, columns }: Parameters<typeof drawReport>[0],
  { at, whose }: { at: Date; whose: string | null },
): Promise<Uint8Array<ArrayBuffer>> =>
  drawApart(drawing, "drawReport", [
    { totals, series, columns },
    { title: titleOf(report, locale), currency, locale, from, to, zone, by, at, whose },
  ]);
