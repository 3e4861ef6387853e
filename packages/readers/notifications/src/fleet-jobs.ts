import { driverEnded, driverInvited, driverJoined } from "@evx/fleets/events";
import { vehicleHandedOver } from "@evx/garage/events";
import { type Handler, on } from "@evx/jobs";
import { type Locale, withoutLinks } from "@evx/kernel";
import { submissionDone } from "@evx/submissions/events";
import { carConnected, pushTokenMade } from "@evx/telematics/events";
import { letterBox } from "./mail.ts";
import { notify } from "./notify.ts";
import type { NotificationsPorts } from "./ports.ts";

const invitation: Record<Locale, (owner: string, car: string) => { subject: string; message: string }> = {
  en: (owner, car) => ({
    subject: `${owner} asks you to drive ${car}`,
    message: `${owner} wants you to see the trips of ${car} at EV Carbon Exchange while you drive it. Sign in with this address, or sign up with it, and accept within 14 days; if you do not know them, ignore this letter.`,
  }),
  vi: (owner, car) => ({
    subject: `${owner} mời bạn làm tài xế xe ${car}`,
    message: `${owner} muốn bạn xem các chuyến đi của xe ${car} trên EV Carbon Exchange trong thời gian bạn lái. Hãy đăng nhập hoặc đăng ký bằng địa chỉ này và chấp nhận trong 14 ngày; nếu bạn không biết người này, hãy bỏ qua thư.`,
  }),
};

/** The invitation's words; both names were typed by somebody whom the reader may not know. */
export const invitationOf = (locale: Locale, owner: string, car: string) =>
  invitation[locale](withoutLinks(owner), withoutLinks(car));

/** What goes on with a car when its owner is signed out, or was done for good. */
const carNotices: readonly Handler[] = [
  on(vehicleHandedOver, "notifications.vehicle_handed_over", async (job, { vehicleId, ownerId, at, car }) => {
    // The release before does not say which car.
    if (car === undefined) return;
    await job.transact((tx) =>
      notify(tx, {
        userId: ownerId,
        template: "car_handed_over",
        details: { car },
        source: `vehicle:${vehicleId}:handed_over:${at}`,
      }),
    );
  }),
  on(pushTokenMade, "notifications.push_token_made", (job, { tokenId, ownerId, car, label }) =>
    job.transact((tx) =>
      notify(tx, {
        userId: ownerId,
        template: "car_token_made",
        details: { car, label },
        source: `push_token:${tokenId}:made`,
      }),
    ),
  ),
  on(carConnected, "notifications.car_connected", (job, { vehicleId, ownerId, car, at }) =>
    job.transact((tx) =>
      notify(tx, {
        userId: ownerId,
        template: "car_connected",
        details: { car },
        source: `connection:${vehicleId}:${at}`,
      }),
    ),
  ),
];

/** What drivers and fleets are told. An invitation goes to its address, whether or not there is an account. */
export const fleetNotices = (ports: Pick<NotificationsPorts, "mailer" | "publicUrl">): Handler[] => [
  on(driverInvited, "notifications.driver_invited", async (job, event) => {
    const { driverId, userId, email, car, ownerName, secret, locale } = event;
    await letterBox(ports).send({
      id: `driver:${driverId}:${job.requestId}`,
      to: email,
      locale,
      ...invitationOf(locale, ownerName, car),
      link: `/driving/join/${driverId}${secret ? `#${secret}` : ""}`,
    });
    if (userId)
      await job.transact((tx) =>
        notify(tx, {
          userId,
          template: "driver_invited",
          details: { car, name: ownerName },
          source: `driver:${driverId}:invited:${job.requestId}`,
        }),
      );
  }),
  on(driverJoined, "notifications.driver_joined", (job, { driverId, ownerId, car }) =>
    job.transact((tx) =>
      notify(tx, {
        userId: ownerId,
        template: "driver_joined",
        details: { car },
        source: `driver:${driverId}:joined`,
      }),
    ),
  ),
  on(driverEnded, "notifications.driver_ended", async (job, { driverId, ownerId, userId, by, car }) => {
    const told = by === "owner" ? userId : ownerId;
    if (told)
      await job.transact((tx) =>
        notify(tx, {
          userId: told,
          template: by === "owner" ? "driver_removed" : "driver_left",
          details: { car },
          source: `driver:${driverId}:ended`,
        }),
      );
  }),
  on(submissionDone, "notifications.submission_done", (job, { submissionId, ownerId, requests, refused }) =>
    job.transact((tx) =>
      notify(tx, {
        userId: ownerId,
        template: "submission_done",
        details: { submissionId, requests: String(requests), refused: String(refused) },
        source: `submission:${submissionId}`,
      }),
    ),
  ),
  ...carNotices,
];
