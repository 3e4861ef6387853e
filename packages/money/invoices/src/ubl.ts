import type { InvoiceView } from "./lists.ts";

export type Issuer = { name: string; address: string; taxId: string; country: string };

/** Text as XML holds it. */
export const xmlText = (text: string): string =>
  text
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "");

export const xmlElement = (name: string, content: string, attributes = ""): string =>
  `<${name}${attributes ? ` ${attributes}` : ""}>${content}</${name}>`;

const cbc = (name: string, text: string, attributes = ""): string =>
  xmlElement(`cbc:${name}`, xmlText(text), attributes);

const cac = (name: string, ...children: string[]): string => xmlElement(`cac:${name}`, children.join(""));

const party = (name: string, more: string[] = []): string =>
  cac("Party", cac("PartyName", cbc("Name", name)), ...more);

/** The lines of a document: what was sold, its net, and each tax of it. */
const bodyOf = (invoice: InvoiceView, isCredit: boolean): string[] => {
  const money = (name: string, amount: string) => cbc(name, amount, `currencyID="${invoice.currency}"`);
  const percent = (bps: number) => (bps / 100).toFixed(2);
  const category = (name: string, bps: number) =>
    cac("TaxCategory", cbc("ID", "S"), cbc("Percent", percent(bps)), cac("TaxScheme", cbc("ID", name)));
  const taxes = invoice.taxes.map((tax) =>
    cac(
      "TaxTotal",
      money("TaxAmount", tax.amount),
      cac(
        "TaxSubtotal",
        money("TaxableAmount", invoice.net),
        money("TaxAmount", tax.amount),
        category(tax.name, tax.rateBps),
      ),
    ),
  );
  return [
    ...taxes,
    cac(
      "LegalMonetaryTotal",
      money("LineExtensionAmount", invoice.net),
      money("TaxExclusiveAmount", invoice.net),
      money("TaxInclusiveAmount", invoice.total),
      money("PayableAmount", invoice.total),
    ),
    cac(
      isCredit ? "CreditNoteLine" : "InvoiceLine",
      cbc("ID", "1"),
      cbc(isCredit ? "CreditedQuantity" : "InvoicedQuantity", "1", 'unitCode="C62"'),
      money("LineExtensionAmount", invoice.net),
      cac("Item", cbc("Name", invoice.description)),
      cac("Price", money("PriceAmount", invoice.net)),
    ),
  ];
};

/** A document as UBL 2.1 (OASIS), the layout that most countries' e-invoicing builds on. */
export const ublOf = (invoice: InvoiceView, issuer: Issuer): string => {
  const isCredit = invoice.kind === "credit_note";
  const root = isCredit ? "CreditNote" : "Invoice";
  const space = "urn:oasis:names:specification:ubl:schema:xsd";
  const names = `xmlns="${space}:${root}-2" xmlns:cac="${space}:CommonAggregateComponents-2" xmlns:cbc="${space}:CommonBasicComponents-2"`;
  const issued = new Date(invoice.issuedAt).toISOString();
  const address = cac(
    "PostalAddress",
    cbc("StreetName", issuer.address),
    cac("Country", cbc("IdentificationCode", issuer.country)),
  );
  const taxId = issuer.taxId
    ? [cac("PartyTaxScheme", cbc("CompanyID", issuer.taxId), cac("TaxScheme", cbc("ID", "VAT")))]
    : [];
  const content = [
    cbc("UBLVersionID", "2.1"),
    cbc("ID", invoice.number),
    cbc("IssueDate", issued.slice(0, 10)),
    cbc("IssueTime", `${issued.slice(11, 19)}Z`),
    isCredit ? cbc("CreditNoteTypeCode", "381") : cbc("InvoiceTypeCode", "380"),
    cbc("DocumentCurrencyCode", invoice.currency),
    cac("OrderReference", cbc("ID", invoice.orderId)),
    ...(invoice.refersTo
      ? [cac("BillingReference", cac("InvoiceDocumentReference", cbc("ID", invoice.refersTo)))]
      : []),
    cac("AccountingSupplierParty", party(issuer.name, [address, ...taxId])),
    cac("AccountingCustomerParty", party(invoice.buyerName)),
    ...bodyOf(invoice, isCredit),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(root, content.join(""), names)}\n`;
};
