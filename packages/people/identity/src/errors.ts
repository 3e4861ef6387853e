export { refuse as refuseAccount } from "@evx/accounts/errors";
export { refuse as refuseKyc } from "@evx/kyc/errors";
