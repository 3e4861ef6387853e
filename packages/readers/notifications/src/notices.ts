/** What people are told of that a sweep may have to tell, too: by the event, or by the row that shows it happened. */
import type { Id } from "@evx/kernel";
import type { NewNotice } from "./notify.ts";

type Completed = {
  orderId: Id<"order">;
  sweepId?: Id<"order"> | null | undefined;
  buyerId: Id<"user">;
  sellerId: Id<"user">;
  grams: string;
  totalMinor: string;
  netMinor: string;
  currency: string;
};

/** Of an order, or one over many listings, that has completed: its buyer. */
export const purchaseNotice = (order: {
  orderId: Id<"order">;
  buyerId: Id<"user">;
  grams: string;
}): NewNotice => ({
  userId: order.buyerId,
  template: "purchase_completed",
  details: { orderId: order.orderId, grams: order.grams },
  source: `order:${order.orderId}:completed`,
});

/** Of a completed order or line: the seller, and the buyer unless it is a line, of whose whole order they are told. */
export const saleNotices = (order: Completed): NewNotice[] => {
  const { orderId, sweepId, sellerId, grams, totalMinor, netMinor, currency } = order;
  return [
    ...(sweepId ? [] : [purchaseNotice(order)]),
    {
      userId: sellerId,
      template: "sale_completed",
      details: { orderId, grams, totalMinor, netMinor, currency },
      source: `order:${orderId}:sold`,
    },
  ];
};

/** Of a won auction that was not paid for: the strike, and what of a deposit it cost. */
export const strikeNotices = (strike: {
  orderId: Id<"order">;
  bidderId: Id<"user">;
  count: number;
  allowed: number;
  pausedUntil: string | null;
  depositMinor?: string | null | undefined;
  currency?: string | undefined;
}): NewNotice[] => {
  const { orderId, bidderId, count, allowed, pausedUntil, depositMinor, currency } = strike;
  const until: Record<string, string> = pausedUntil ? { pausedUntil } : {};
  const notices: NewNotice[] = [
    {
      userId: bidderId,
      template: pausedUntil ? "bidding_paused" : "strike_given",
      details: { orderId, count: String(count), allowed: String(allowed), ...until },
      source: `order:${orderId}:strike`,
    },
  ];
  if (depositMinor && currency)
    notices.push({
      userId: bidderId,
      template: "deposit_kept",
      details: { orderId, depositMinor, currency },
      source: `order:${orderId}:deposit`,
    });
  return notices;
};

export const identityNotice = (file: {
  fileId: Id<"kycFile">;
  userId: Id<"user">;
  status: "verified" | "rejected";
  reason: string | null;
}): NewNotice => ({
  userId: file.userId,
  template: file.status === "verified" ? "identity_verified" : "identity_rejected",
  details: { reason: file.reason ?? "" },
  source: `kyc:${file.fileId}:${file.status}`,
});

export const certificateNotice = ({
  holderId,
  number,
}: {
  holderId: Id<"user">;
  number: string;
}): NewNotice => ({
  userId: holderId,
  template: "certificate_issued",
  details: { certificateNumber: number },
  source: `certificate:${number}:issued`,
});
