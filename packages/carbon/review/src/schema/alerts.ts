import { decimal } from "@evx/formats/schema";
import { boundIn, idOf, idOut, kgFromGrams, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

/** A sale far from the market's price between a reviewer, by whatever account, and an owner. */
const OddTrade = v.object({
  orderId: idOut("order"),
  /** Whether the reviewer bought; otherwise they sold to the owner. */
  bought: v.boolean(),
  price: v.string(),
  /** What others had paid; null where too few had for anybody to say. */
  marketPrice: v.nullable(v.string()),
  currency: v.string(),
});

/** A sign of a kick-back: credits that reached the reviewer, a sale at an odd price, or the same two again and again. */
export const Alert = v.object({
  kind: v.picklist(["gift", "sale", "pair"]),
  reviewerId: idOut("user"),
  reviewerName: v.string(),
  ownerId: idOut("user"),
  ownerName: v.string(),
  requestId: v.nullable(idOut("request")),
  /** The sale that is the sign. */
  trade: v.nullable(OddTrade),
  grams: v.pipe(v.bigint(), v.transform(kgFromGrams), v.number()),
  raisedAt: momentOut,
});

export const Alerts = v.object({ items: v.array(Alert) });

export const SeenOdometer = v.object({
  id: idOf("request"),
  /** A moment, or a day: then its beginning where the vehicle is. */
  readAt: boundIn,
  odometerKm: decimal(2_000_000, "Enter the kilometres on the odometer."),
  /** What was seen: a photo, an inspection paper, the car. */
  seen: textOf(500, 3),
});
