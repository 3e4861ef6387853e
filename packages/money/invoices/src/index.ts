export { issueCreditNote, issueInvoice } from "./issue.ts";
export type { InvoiceView } from "./lists.ts";
export { invoiceTerms } from "./policy.ts";
