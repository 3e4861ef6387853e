export * from "@evx/accounts/events";
export * from "@evx/kyc/events";
