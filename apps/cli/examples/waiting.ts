/**
 * What waits for an operator, and how much has been traded: a report for a cron job.
 * `EVX_URL=… EVX_API_KEY=… bun apps/cli/examples/waiting.ts`; the key needs payments:read, identity:read, reports:read.
 */
import { createClient } from "@evx/api/client";
import { readScriptSettings } from "@evx/runtime";

const { url = "http://localhost:3000", key } = readScriptSettings();
const api = createClient(key ? { url, token: key } : { url });

// Calls that are made together travel together: this is one HTTP request.
const [withdrawals, proofs, totals] = await Promise.all([
  api.payments.allWithdrawals.query({ status: "requested" }),
  api.identity.kyc.queue.query({ status: "submitted" }),
  api.reports.totals.query(),
]);

for (const { id, amount, currency, createdAt } of withdrawals.items)
  console.log(`withdrawal ${id}: ${amount} ${currency}, since ${createdAt}`);
for (const file of proofs.items) console.log(`proof of identity ${file.id}, since ${file.submittedAt}`);
console.log(JSON.stringify(totals, null, 2));
