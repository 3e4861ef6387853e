/** What other rooms' tests need of this one. */
export { FakeGateway, testPorts } from "./testing/fake-gateway.ts";
export { aPayment, capturePayment, finishRefund, seePayment, settleSale } from "./testing/payments.ts";
