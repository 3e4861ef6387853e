import { replay } from "@evx/auctions";
import { BidLog } from "@evx/auctions/schema";
import * as v from "valibot";
import { Failed } from "./failed.ts";

/** Half a million bids; it bounds what a stranger's file can cost. */
const largest = 400_000_000;

const moments = new Set(["at", "auctionEndTime", "startsAt"]);

/** A log as its page or the API writes it; logs of before say nothing of a start, a buy-now price, bands or a deposit. */
const logIn = (name: string, text: string): unknown => {
  try {
    const content: unknown = JSON.parse(text, (key, value: unknown) =>
      moments.has(key) && typeof value === "string" ? new Date(value) : value,
    );
    if (typeof content !== "object" || content === null) return content;
    const terms: unknown = Reflect.get(content, "terms");
    const more =
      typeof terms === "object"
        ? { terms: { startsAt: null, buyNow: null, bands: null, deposit: null, ...terms } }
        : {};
    return { nextCursor: null, ...content, ...more };
  } catch {
    throw new Failed(`${name} is not JSON.`);
  }
};

/**
 * Plays a closed auction again from its downloaded log alone: no network, no database, no account. Answers winner and
 * price; fails, with the same answer, when anything does not fit.
 */
export const replayFile = async (name: string) => {
  const file = Bun.file(name);
  if (!(await file.exists())) throw new Failed(`There is no file ${name}.`);
  if (file.size > largest) throw new Failed(`${name} has ${file.size} bytes; no auction's log is that long.`);
  const whole = logIn(name, await file.text());
  const log = v.safeParse(BidLog, whole);
  if (!log.success) {
    const [issue] = log.issues;
    throw new Failed(`${name} is no auction's log: ${v.getDotPath(issue) ?? ""} ${issue.message}`);
  }
  if (log.output.nextCursor !== null)
    throw new Failed(`${name} is one page of a log: put all its items into one file.`);
  if (log.output.status === "live" || log.output.status === "scheduled")
    throw new Failed(
      "The auction was still running when the log was taken: maxima are secret until it ends.",
    );
  const proof = await replay(log.output);
  if (!proof.valid) throw new Failed(`The log proves nothing: ${proof.violations.join("; ")}`, proof);
  return proof;
};
