import { bytesOf, drawApart, facts, feet, letterhead, moment, newSheet, section, table } from "@evx/files";
import type { Locale } from "@evx/kernel";
import type { InvoiceView } from "./lists.ts";
import type { Issuer } from "./ubl.ts";

const words = {
  en: {
    invoice: "Invoice",
    credit_note: "Credit note",
    number: "Number",
    issued: "Issued",
    from: "Issued by",
    to: "Issued to",
    taxId: "Tax number",
    order: "Order",
    about: "For invoice",
    what: "Description",
    amount: "Amount",
    net: "Net",
    total: "Total",
    statement: "Statement",
    opening: "At the beginning",
    closing: "At the end",
    when: "When",
    movement: "Movement",
    balance: "Balance",
    zone: "Month by",
  },
  vi: {
    invoice: "Hóa đơn",
    credit_note: "Hóa đơn điều chỉnh giảm",
    number: "Số",
    issued: "Ngày lập",
    from: "Đơn vị lập",
    to: "Người mua",
    taxId: "Mã số thuế",
    order: "Đơn hàng",
    about: "Cho hóa đơn",
    what: "Nội dung",
    amount: "Số tiền",
    net: "Tiền trước thuế",
    total: "Tổng cộng",
    statement: "Sao kê",
    opening: "Đầu kỳ",
    closing: "Cuối kỳ",
    when: "Thời gian",
    movement: "Giao dịch",
    balance: "Số dư",
    zone: "Tháng theo giờ",
  },
};

const money = (text: string, currency: string, locale: Locale): string =>
  new Intl.NumberFormat(locale === "vi" ? "vi-VN" : "en-US", { style: "currency", currency }).format(
    text as `${number}`,
  );

/** An invoice or a credit note on paper, in the reader's language: its lines sum to its total. */
export const drawInvoice = async (invoice: InvoiceView, issuer: Issuer, locale: Locale) => {
  const say = words[locale];
  const at = new Date(invoice.issuedAt);
  const title = `${say[invoice.kind]} ${invoice.number}`;
  const doc = newSheet(title, at, locale);
  letterhead(doc, say[invoice.kind], invoice.number);
  facts(
    doc,
    [
      [say.number, invoice.number],
      [say.issued, moment(at, locale)],
      [say.from, [issuer.name, issuer.address].filter(Boolean).join(", ")],
      ...(issuer.taxId ? [[say.taxId, issuer.taxId] as const] : []),
      [say.to, invoice.buyerName],
      [say.order, invoice.orderId],
      ...(invoice.refersTo ? [[say.about, invoice.refersTo] as const] : []),
    ],
    1,
  );
  section(doc, say.what);
  const sum = (text: string) => money(text, invoice.currency, locale);
  table(
    doc,
    [
      { title: say.what, width: 3 },
      { title: say.amount, width: 1, align: "right" },
    ],
    [
      [invoice.description, sum(invoice.net)],
      ...invoice.taxes.map((tax) => [
        `${locale === "vi" ? tax.nameVi : tax.name} ${tax.rateBps / 100} %`,
        sum(tax.amount),
      ]),
      [say.total, sum(invoice.total)],
    ],
    10,
  );
  feet(doc, `EV Carbon Exchange · ${title}`, (page, pages) => `${page} / ${pages}`);
  return bytesOf(doc);
};

export type StatementPaper = {
  month: string;
  zone: string;
  currency: string;
  opening: string;
  closing: string;
  lines: readonly { at: Date; what: string; amount: string; balance: string }[];
};

/** A month of a person's balance on paper. */
export const drawStatement = async (statement: StatementPaper, whose: string, at: Date, locale: Locale) => {
  const say = words[locale];
  const title = `${say.statement} ${statement.month}`;
  const doc = newSheet(title, at, locale);
  letterhead(doc, title, moment(at, locale, statement.zone));
  const sum = (text: string) => money(text, statement.currency, locale);
  facts(
    doc,
    [
      [say.to, whose],
      [say.zone, statement.zone],
      [say.opening, sum(statement.opening)],
      [say.closing, sum(statement.closing)],
    ],
    4,
  );
  table(
    doc,
    [
      { title: say.when, width: 1.4 },
      { title: say.movement, width: 2 },
      { title: say.amount, width: 1, align: "right" },
      { title: say.balance, width: 1, align: "right" },
    ],
    statement.lines.map((line) => [
      moment(line.at, locale, statement.zone),
      line.what,
      sum(line.amount),
      sum(line.balance),
    ]),
    8,
  );
  feet(doc, `EV Carbon Exchange · ${title}`, (page, pages) => `${page} / ${pages}`);
  return bytesOf(doc);
};

const drawing = import.meta.resolve("./pdf.ts");

/** Both as files, drawn apart. */
export const invoicePdf = async (...args: Parameters<typeof drawInvoice>) => ({
  contentType: "application/pdf",
  fileName: `${args[0].number}.pdf`,
  content: await drawApart(drawing, "drawInvoice", args),
});

export const statementPdf = async (...args: Parameters<typeof drawStatement>) => ({
  contentType: "application/pdf",
  fileName: `statement-${args[0].month}.pdf`,
  content: await drawApart(drawing, "drawStatement", args),
});
