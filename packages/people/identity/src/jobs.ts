import { accountsJobs } from "@evx/accounts/jobs";
import type { Handler } from "@evx/jobs";
import { kycJobs } from "@evx/kyc/jobs";
import type { Identity } from "./identity.ts";

export const identityJobs = ({ accounts }: Identity): readonly Handler[] => [
  ...accountsJobs(accounts),
  ...kycJobs,
];
