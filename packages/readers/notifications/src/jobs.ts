import { operatorIds } from "@evx/accounts";
import { cvaAccredited, userRegistered } from "@evx/accounts/events";
import { auctionClosed, outbid, strikeGiven } from "@evx/auctions/events";
import { certificateIssued, certificateRevoked } from "@evx/certificates/events";
import { creditsTransferred, revokedHeld, shortfallMadeUp } from "@evx/credits/events";
import { invoiceIssued } from "@evx/invoices/events";
import { type Event, every, type Handler, handle, on } from "@evx/jobs";
import { kycDecided } from "@evx/kyc/events";
import { searchMatched, watchedEnding, watchedPriceChanged } from "@evx/listings/events";
import {
  disputeOpened,
  disputeResolved,
  orderCompleted,
  orderExpired,
  orderPlaced,
  orderWithdrawn,
  sweepCompleted,
  sweepEnded,
  sweepPlaced,
} from "@evx/orders/events";
import { moneyTakenBack, paymentFailed, paymentRefunded } from "@evx/payments/events";
import { accountNamed, payoutPlanSet, withdrawalFailed, withdrawalSent } from "@evx/payouts/events";
import {
  infoGiven,
  infoRequested,
  kickbackSuspected,
  oddTradeSuspected,
  recomputeFailed,
  requestDecided,
} from "@evx/review/events";
import { autoSaleSet, wantedEnded, wantedMatched } from "@evx/wanted/events";
import type * as v from "valibot";
import { writeDigests } from "./digests.ts";
import {
  sendEmail,
  sendEmailAgain,
  sendPhoneCode,
  sendPush,
  sendPushAgain,
  sendSms,
  sendSmsAgain,
  tellFormerNumber,
} from "./events.ts";
import { fleetNotices } from "./fleet-jobs.ts";
import { tellMissed } from "./missed.ts";
import { type MonthsSettings, tellMonths } from "./months.ts";
import { certificateNotice, identityNotice, purchaseNotice, saleNotices, strikeNotices } from "./notices.ts";
import { type NewNotice, notify, notifyAll } from "./notify.ts";
import { sendCode, tellFormerly } from "./phones.ts";
import type { NotificationsPorts } from "./ports.ts";
import { queueForgottenMessages, sendQueued } from "./sending.ts";

/** Tells whoever `tell` names of an event. */
const telling = <S extends v.GenericSchema<object, object>>(
  event: Event<S>,
  tell: (event: v.InferOutput<S>) => NewNotice | NewNotice[] | null,
  options: Pick<Handler, "turn"> = {},
): Handler =>
  on(
    event,
    `notifications.${event.name.split(".")[1]}`,
    async (job, payload) => {
      const notices = [tell(payload) ?? []].flat();
      if (notices.length > 0) await job.transact((tx) => notifyAll(tx, notices));
    },
    options,
  );

/** News of what the person has just seen happen, or sees on its page: it comes after what somebody waits for. */
const afterwards = { turn: "last" } as const;

/** What people are told of, one entry an event. */
const subscriptions: Handler[] = [
  // Every operator is told; of one mismatch once, however often the batch is computed again.
  on(recomputeFailed, "notifications.recompute_failed", (job, { requestId, expected, found }) =>
    job.transact(async (tx) => {
      for (const userId of await operatorIds(tx))
        await notify(tx, {
          userId,
          template: "recompute_failed",
          details: { requestId, grams: expected, found },
          source: `request:${requestId}:recompute:${found}:${userId}`,
        });
    }),
  ),
  on(kickbackSuspected, "notifications.kickback_suspected", (job, { kind, requestId, reviewerId, ownerId }) =>
    job.transact(async (tx) => {
      for (const userId of await operatorIds(tx))
        await notify(tx, {
          userId,
          template: kind === "gift" ? "kickback_gift" : "kickback_pair",
          details: { requestId },
          source: `kickback:${kind}:${reviewerId}:${ownerId}:${requestId}:${userId}`,
        });
    }),
  ),
  on(
    oddTradeSuspected,
    "notifications.odd_trade_suspected",
    (job, { requestId, reviewerId, ownerId, orderId }) =>
      job.transact(async (tx) => {
        for (const userId of await operatorIds(tx))
          await notify(tx, {
            userId,
            template: "kickback_sale",
            details: { requestId },
            source: `kickback:sale:${reviewerId}:${ownerId}:${orderId}:${userId}`,
          });
      }),
  ),
  telling(userRegistered, ({ userId }) => ({
    userId,
    template: "welcome",
    details: {},
    source: `welcome:${userId}`,
  })),
  telling(cvaAccredited, ({ userId, accredited }) =>
    accredited ? { userId, template: "accredited", details: {}, source: `accredited:${userId}` } : null,
  ),
  telling(kycDecided, identityNotice),
  telling(creditsTransferred, ({ transferId, fromId, toId, grams }) => [
    {
      userId: toId,
      template: "credits_received",
      details: { grams },
      source: `transfer:${transferId}:received`,
    },
    { userId: fromId, template: "credits_given", details: { grams }, source: `transfer:${transferId}:given` },
  ]),
  // A request may be asked about and answered several times: each answer is the reply to one question of one moment.
  on(infoGiven, "notifications.info_given", (job, { requestId, reviewerId }) =>
    job.transact((tx) =>
      notify(tx, {
        userId: reviewerId,
        template: "question_answered",
        details: { requestId },
        source: `request:${requestId}:answered:${job.requestId}`,
      }),
    ),
  ),
  telling(infoRequested, ({ requestId, ownerId, question }) => ({
    userId: ownerId,
    template: "request_needs_info",
    details: { requestId, reason: question },
    source: `request:${requestId}:info:${question.slice(0, 200)}`,
  })),
  telling(requestDecided, ({ requestId, ownerId, outcome, reason, issued }) => ({
    userId: ownerId,
    template: outcome === "approved" ? "request_approved" : "request_rejected",
    details: { requestId, grams: issued, reason: reason ?? "" },
    source: `request:${requestId}:${outcome}`,
  })),
  telling(certificateIssued, certificateNotice, afterwards),
  telling(certificateRevoked, ({ holderId, number, reason }) => ({
    userId: holderId,
    template: "certificate_revoked",
    details: { certificateNumber: number, reason },
    source: `certificate:${number}:revoked`,
  })),
  // What paid by itself asks nobody for money: its buyer and seller hear of the sale alone.
  telling(
    orderPlaced,
    ({ orderId, kind, buyerId, grams, totalMinor, currency, expiresAt, funded }) =>
      funded
        ? null
        : {
            userId: buyerId,
            template: (
              {
                purchase: "order_placed",
                auction_win: "auction_won",
                second_chance: "second_chance",
              } as const
            )[kind],
            details: { orderId, grams, totalMinor, currency, expiresAt },
            source: `order:${orderId}:placed`,
          },
    afterwards,
  ),
  telling(orderCompleted, saleNotices, afterwards),
  telling(strikeGiven, strikeNotices),
  telling(disputeOpened, ({ disputeId, sellerId }) => ({
    userId: sellerId,
    template: "dispute_opened",
    details: { disputeId },
    source: `dispute:${disputeId}:opened:${sellerId}`,
  })),
  telling(disputeResolved, ({ disputeId, buyerId, outcome }) => ({
    userId: buyerId,
    template: `dispute_${outcome}` as const,
    details: { disputeId },
    source: `dispute:${disputeId}:resolved`,
  })),
  telling(wantedMatched, ({ orderId, sellerId, grams, totalMinor, currency, expiresAt, funded }) =>
    sellerId && !funded
      ? {
          userId: sellerId,
          template: "wanted_found",
          details: { orderId, grams, totalMinor, currency, expiresAt },
          source: `order:${orderId}:wanted`,
        }
      : null,
  ),
  telling(wantedEnded, ({ wantedId, buyerId, grams, outcome }) => ({
    userId: buyerId,
    template: `wanted_${outcome}` as const,
    details: { wantedId, grams },
    source: `wanted:${wantedId}:ended`,
  })),
  telling(sweepPlaced, ({ orderId, buyerId, grams, totalMinor, currency, expiresAt, funded }) =>
    funded
      ? null
      : {
          userId: buyerId,
          template: "order_placed",
          details: { orderId, grams, totalMinor, currency, expiresAt },
          source: `order:${orderId}:placed`,
        },
  ),
  telling(sweepCompleted, purchaseNotice),
  telling(sweepEnded, ({ orderId, buyerId, grams, outcome }) =>
    outcome === "expired"
      ? {
          userId: buyerId,
          template: "order_expired",
          details: { orderId, grams },
          source: `order:${orderId}:expired`,
        }
      : null,
  ),
  telling(orderExpired, ({ orderId, buyerId, grams }) => ({
    userId: buyerId,
    template: "order_expired",
    details: { orderId, grams },
    source: `order:${orderId}:expired`,
  })),
  telling(orderWithdrawn, ({ orderId, buyerId, grams }) => ({
    userId: buyerId,
    template: "order_withdrawn",
    details: { orderId, grams },
    source: `order:${orderId}:withdrawn`,
  })),
  telling(revokedHeld, ({ userId, batchId, grams }) => ({
    userId,
    template: "credits_revoked",
    details: { grams },
    source: `batch:${batchId}:revoked:${userId}:${grams}`,
  })),
  telling(shortfallMadeUp, ({ userId, number, transferId, grams, left }) => ({
    userId,
    template: left === "0" ? "credits_made_up" : "credits_made_up_in_part",
    details: { grams, left, number },
    source: `replacement:${transferId}:${userId}`,
  })),
  telling(outbid, ({ listingId, bidderId, priceMinor, currency, endsAt }) => ({
    userId: bidderId,
    template: "outbid",
    details: { listingId, priceMinor, currency, endsAt },
    source: `listing:${listingId}:outbid:${priceMinor}`,
  })),
  telling(watchedPriceChanged, ({ userId, listingId, pricePerCreditMinor, currency, at }) => ({
    userId,
    template: "watched_price",
    details: { listingId, priceMinor: pricePerCreditMinor, currency },
    source: `listing:${listingId}:price:${at}`,
  })),
  telling(watchedEnding, ({ userId, listingId, endsAt }) => ({
    userId,
    template: "watched_ending",
    details: { listingId, endsAt },
    source: `listing:${listingId}:ending`,
  })),
  telling(searchMatched, ({ userId, searchId, name, query, listings, at }) => ({
    userId,
    template: "search_matched",
    details: { name, query, listings: String(listings) },
    source: `search:${searchId}:${at}`,
  })),
  telling(auctionClosed, ({ listingId, sellerId, outcome, priceMinor, currency, grams }) => ({
    userId: sellerId,
    template: outcome === "sold" ? "auction_sold" : "auction_unsold",
    details: { listingId, grams, currency, priceMinor: priceMinor ?? "0" },
    source: `listing:${listingId}:closed`,
  })),
  telling(paymentFailed, ({ paymentId, orderId, buyerId, final }) =>
    final
      ? null
      : {
          userId: buyerId,
          template: "payment_declined",
          details: { orderId },
          source: `payment:${paymentId}:declined`,
        },
  ),
  telling(paymentRefunded, ({ orderId, buyerId, refundId, amountMinor, currency }) => ({
    userId: buyerId,
    template: "payment_refunded",
    details: { orderId, amountMinor, currency },
    source: `refund:${refundId}`,
  })),
  telling(moneyTakenBack, ({ userId, amountMinor, currency, source, reason }) => ({
    userId,
    template: reason === "refund" ? "sale_refunded" : "sale_charged_back",
    details: { amountMinor, currency },
    source: `taken_back:${source}:${userId}`,
  })),
  telling(
    invoiceIssued,
    ({ number, kind, orderId, buyerId, amountMinor, currency }) => ({
      userId: buyerId,
      template: kind === "invoice" ? "invoice_issued" : "credit_note_issued",
      details: { orderId, number, amountMinor, currency },
      source: `invoice:${number}`,
    }),
    afterwards,
  ),
  telling(autoSaleSet, ({ ownerId, setAt }) => ({
    userId: ownerId,
    template: "auto_sale_on",
    details: {},
    source: `auto_sale:${ownerId}:${setAt}`,
  })),
  telling(accountNamed, ({ withdrawalId, userId, amountMinor, currency, bankAccountMasked }) => ({
    userId,
    template: "account_named",
    details: { amountMinor, currency, bankAccountMasked },
    source: `withdrawal:${withdrawalId}:account`,
  })),
  telling(payoutPlanSet, ({ userId, every, bankAccountMasked, setAt }) => ({
    userId,
    template: every === "week" ? "payout_plan_weekly" : "payout_plan_monthly",
    details: { bankAccountMasked },
    source: `payout_plan:${userId}:${setAt}`,
  })),
  telling(withdrawalSent, ({ withdrawalId, userId, amountMinor, currency, bankAccountMasked }) => ({
    userId,
    template: "withdrawal_sent",
    details: { amountMinor, currency, bankAccountMasked },
    source: `withdrawal:${withdrawalId}:sent`,
  })),
  telling(withdrawalFailed, ({ withdrawalId, userId, amountMinor, currency, bankAccountMasked, reason }) => ({
    userId,
    template: "withdrawal_failed",
    details: { amountMinor, currency, bankAccountMasked, reason },
    source: `withdrawal:${withdrawalId}:failed`,
  })),
];

/** Each waits for somebody outside: long, so that one that hangs holds up neither the others nor another worker. */
const waiting = { long: true, concurrency: 8 } as const;
/** Mails are most of it. With their further tries fewer at once than a mail server takes from one client, and from two workers. */
const mailing = { long: true, concurrency: 16 } as const;
/** What hung before hangs in few lanes, and none of them is one that new messages need. */
const retrying = { long: true, concurrency: 4 } as const;

/** Everything this room does by itself: telling people of events, and handing messages to those who carry them. */
export const notificationsJobs = (ports: NotificationsPorts, settings: MonthsSettings): Handler[] => [
  every("notifications.tell_months", "7 * * * *", (job) => tellMonths(job, settings)),
  ...subscriptions,
  ...fleetNotices(ports),
  handle(sendEmail, (job, payload) => sendQueued(job, ports, payload), mailing),
  handle(sendPush, (job, payload) => sendQueued(job, ports, payload), waiting),
  handle(sendSms, (job, payload) => sendQueued(job, ports, payload), waiting),
  ...[sendEmailAgain, sendPushAgain, sendSmsAgain].map((job) =>
    handle(job, (context, payload) => sendQueued(context, ports, payload), retrying),
  ),
  handle(sendPhoneCode, (job, payload) => sendCode(job, ports, payload), waiting),
  handle(tellFormerNumber, (job, payload) => tellFormerly(job, ports, payload), waiting),
  every("notifications.digests", "*/10 * * * *", writeDigests),
  every("notifications.sweep", "*/10 * * * *", queueForgottenMessages),
  every("notifications.tell_missed", "3,18,33,48 * * * *", tellMissed),
];
