import { assert, hour_ms, isCurrency, minorFromText, textFromMinor } from "@evx/kernel";
import type { InvoiceView } from "./lists.ts";
import { type Issuer, xmlElement, xmlText } from "./ubl.ts";

const digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"] as const;
const groups = ["", " nghìn", " triệu", " tỷ", " nghìn tỷ", " triệu tỷ"] as const;

/** Three digits in words; `whole` says the hundreds though there are none, as behind other groups. */
const hundreds = (number: number, whole: boolean): string => {
  const [hundred, ten, one] = [Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10];
  const said: string[] = [];
  if (hundred > 0 || whole) said.push(`${digits[hundred]} trăm`);
  if (ten === 0 && one > 0 && said.length > 0) said.push("lẻ");
  if (ten === 1) said.push("mười");
  if (ten > 1) said.push(`${digits[ten]} mươi`);
  if (one === 1 && ten > 1) said.push("mốt");
  else if (one === 5 && ten > 0) said.push("lăm");
  else if (one > 0) said.push(digits[one] ?? "");
  return said.join(" ");
};

/** A whole number in Vietnamese words, as invoices must say their total: "một trăm lẻ năm nghìn". */
export const numberInWords = (number: bigint): string => {
  if (number === 0n) return digits[0];
  const parts: number[] = [];
  for (let rest = number; rest > 0n; rest /= 1_000n) parts.push(Number(rest % 1_000n));
  return parts
    .map((part, place) =>
      part === 0 ? "" : `${hundreds(part, place < parts.length - 1)}${groups[place] ?? ""}`,
    )
    .reverse()
    .filter((text) => text !== "")
    .join(" ");
};

const currencyWords: Record<string, readonly [string, string]> = {
  VND: ["đồng", ""],
  USD: ["đô la Mỹ", "xu"],
  EUR: ["euro", "xu"],
  NZD: ["đô la New Zealand", "xu"],
  JPY: ["yên Nhật", ""],
};

const amountInWords = (amount: string, currency: string): string => {
  const [whole = "0", cents = ""] = amount.split(".");
  const [unit, part] = currencyWords[currency] ?? [currency, ""];
  const small = cents === "" || Number(cents) === 0 ? "" : ` và ${numberInWords(BigInt(cents))} ${part}`;
  const said = `${numberInWords(BigInt(whole))} ${unit}${small}`;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
};

const tag = (name: string, ...inside: string[]): string => xmlElement(name, inside.join(""));
const text = (name: string, value: string): string => xmlElement(name, xmlText(value));

/** "EVX-2026-000012" as its form's sign and its number: kind 1 is a value-added tax invoice, C has a code of the authority. */
const namesOf = (number: string): { sign: string; sequence: string } => {
  const [, year = "", sequence = ""] = /-(\d{4})-(\d+)$/.exec(number) ?? [];
  return { sign: `C${year.slice(2)}TEV`, sequence: String(Number(sequence)) };
};

/** A day of Vietnam's clock. */
const dayOf = (moment: Date | string): string =>
  new Date(new Date(moment).getTime() + 7 * hour_ms).toISOString().slice(0, 10);

const rateOf = (invoice: InvoiceView): string => {
  const [tax] = invoice.taxes;
  return tax ? `${tax.rateBps / 100}%` : "KCT";
};

const header = (invoice: InvoiceView): string => {
  const { sign, sequence } = namesOf(invoice.number);
  const about = invoice.refersTo ? namesOf(invoice.refersTo) : null;
  return tag(
    "TTChung",
    text("PBan", "2.0.1"),
    text("THDon", "Hóa đơn giá trị gia tăng"),
    text("KHMSHDon", "1"),
    text("KHHDon", sign),
    text("SHDon", sequence),
    text("NLap", dayOf(invoice.issuedAt)),
    text("DVTTe", invoice.currency),
    ...(invoice.currency === "VND" ? [text("TGia", "1")] : []),
    text("HTTToan", "Không dùng tiền mặt"),
    ...(about
      ? [
          tag(
            "TTHDLQuan",
            text("TCHDon", "2"),
            text("LHDCLQuan", "1"),
            text("KHMSHDCLQuan", "1"),
            text("KHHDCLQuan", about.sign),
            text("SHDCLQuan", about.sequence),
          ),
        ]
      : []),
  );
};

/** All taxes together: what the total has beyond the net. */
const taxOf = ({ total, net, currency }: InvoiceView): string => {
  assert(isCurrency(currency), `${currency} is a currency of the venue`);
  return textFromMinor(
    (minorFromText(total, currency) ?? 0n) - (minorFromText(net, currency) ?? 0n),
    currency,
  );
};

/** What is sold, in one line; a credit note adjusts an earlier invoice downwards, so its amounts are below zero. */
const content = (invoice: InvoiceView, issuer: Issuer): string => {
  const signed = (amount: string) => (invoice.kind === "credit_note" ? `-${amount}` : amount);
  const taxText = signed(taxOf(invoice));
  const rate = rateOf(invoice);
  return tag(
    "NDHDon",
    tag("NBan", text("Ten", issuer.name), text("MST", issuer.taxId), text("DChi", issuer.address)),
    tag("NMua", text("Ten", invoice.buyerName), text("HVTNMHang", invoice.buyerName)),
    tag(
      "DSHHDVu",
      tag(
        "HHDVu",
        text("TChat", "1"),
        text("STT", "1"),
        text("THHDVu", invoice.description),
        text("DVTinh", "Lần"),
        text("SLuong", "1"),
        text("DGia", signed(invoice.net)),
        text("ThTien", signed(invoice.net)),
        text("TSuat", rate),
      ),
    ),
    tag(
      "TToan",
      tag(
        "THTTLTSuat",
        tag("LTSuat", text("TSuat", rate), text("ThTien", signed(invoice.net)), text("TThue", taxText)),
      ),
      text("TgTCThue", signed(invoice.net)),
      text("TgTThue", taxText),
      text("TgTTTBSo", signed(invoice.total)),
      text(
        "TgTTTBChu",
        `${invoice.kind === "credit_note" ? "Giảm " : ""}${amountInWords(invoice.total, invoice.currency)}`,
      ),
    ),
  );
};

/**
 * A document in the layout of Vietnam's e-invoices (Decision 1450/QĐ-TCT), unsigned: the taxpayer's provider signs it
 * with their certificate and gets the authority's code. The venue's own number stays in the additional information.
 */
export const vietnamOf = (invoice: InvoiceView, issuer: Issuer): string => {
  const own = tag(
    "TTKhac",
    tag("TTin", text("TTruong", "EVX"), text("KDLieu", "string"), text("DLieu", invoice.number)),
  );
  const data = xmlElement("DLHDon", `${header(invoice)}${content(invoice, issuer)}${own}`, 'Id="data"');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag("HDon", data, tag("DSCKS"))}\n`;
};
