type FaultType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

/** An error in Stripe's shape: `{ error: { type, code, message, param } }` with its status. */
export class Fault extends Error {
  override readonly name = "Fault";

  constructor(
    readonly status: 400 | 401 | 402 | 404 | 409 | 429,
    readonly type: FaultType,
    message: string,
    readonly more: { code?: string; param?: string; decline_code?: string } = {},
  ) {
    super(message);
  }

  body() {
    const doc_url = this.more.code ? `https://stripe.com/docs/error-codes/${this.more.code}` : undefined;
    return { error: { type: this.type, message: this.message, ...this.more, doc_url } };
  }
}

export const invalidRequest = (message: string, more: Fault["more"] = {}): Fault =>
  new Fault(400, "invalid_request_error", message, more);

export const noSuch = (kind: string, id: string, param = "id"): Fault =>
  new Fault(404, "invalid_request_error", `No such ${kind}: '${id}'`, { code: "resource_missing", param });
