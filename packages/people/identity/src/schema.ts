export * from "@evx/accounts/schema";
export * from "@evx/audit/schema";
export * from "@evx/kyc/schema";
