import { decimal } from "@evx/formats/schema";
import { boundIn, idOf, idOut, kgFromGrams, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

/** A sign of a kick-back: credits that reached the reviewer, or the same two again and again. */
export const Alert = v.object({
  kind: v.picklist(["gift", "pair"]),
  reviewerId: idOut("user"),
  reviewerName: v.string(),
  ownerId: idOut("user"),
  ownerName: v.string(),
  requestId: v.nullable(idOut("request")),
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
