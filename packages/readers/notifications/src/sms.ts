import { second_ms } from "@evx/kernel";
import * as v from "valibot";
import { type SmsSender, Unacceptable } from "./ports.ts";

const patience_ms = 10 * second_ms;

type Settings = {
  readonly account: string;
  readonly token: string;
  /** The sender: a number of the venue's, or its name where the country allows one. */
  readonly from: string;
  readonly apiBase: string;
};

const Sent = v.object({
  messages: v.array(v.object({ body: v.string(), date_created: v.string(), status: v.string() })),
});
const Refused = v.object({ code: v.optional(v.number()), message: v.optional(v.string(), "") });

/** Twilio's codes of numbers that take no SMS: not a number, no mobile, unsubscribed, unreachable. */
const goneNumbers = new Set([21211, 21217, 21219, 21610, 21614]);

/** SMS through Twilio's Messages, or anything that speaks them. */
export const twilioSender = ({ account, token, from, apiBase }: Settings): SmsSender => {
  const address = `${apiBase}/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`;
  const headers = { authorization: `Basic ${btoa(`${account}:${token}`)}` };
  const call = (url: string, init: RequestInit) =>
    fetch(url, { ...init, headers, redirect: "error", signal: AbortSignal.timeout(patience_ms) });

  /** A call that was cut off may have gone through: messages have no keys there, so its list is asked. */
  const wentOut = async (to: string, text: string, since: Date): Promise<boolean> => {
    const day = since.toISOString().slice(0, 10);
    const response = await call(
      `${address}?${new URLSearchParams({ To: to, "DateSent>": day, PageSize: "50" })}`,
      {},
    );
    if (!response.ok) throw new Error(`The SMS gateway answered ${response.status}`);
    const { messages } = v.parse(Sent, await response.json());
    return messages.some(
      ({ body, date_created, status }) =>
        body === text && status !== "failed" && Date.parse(date_created) >= since.getTime() - 60 * second_ms,
    );
  };

  return {
    async send({ to, text, triedSince }) {
      if (triedSince && (await wentOut(to, text, triedSince))) return;
      const response = await call(address, {
        method: "POST",
        body: new URLSearchParams({ To: to, From: from, Body: text }),
      });
      if (response.ok) return void (await response.text());
      const refused = v.safeParse(Refused, await response.json().catch(() => ({})));
      const { code, message } = refused.success ? refused.output : { code: undefined, message: "" };
      const said = `${response.status} ${code ?? ""} ${message}`.trim().slice(0, 300);
      if (response.status === 400 && code !== undefined) throw new Unacceptable(said, goneNumbers.has(code));
      throw new Error(`The SMS gateway answered ${said}`);
    },
  };
};
