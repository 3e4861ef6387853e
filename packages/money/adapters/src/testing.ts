/** What tests need to speak to us as VNPay would. */
export { canonicalQuery, signed } from "./vnpay/signing.ts";
