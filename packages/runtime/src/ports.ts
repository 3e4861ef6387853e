import { join } from "node:path";
import { createIdentity, type Ports } from "@evx/api";
import { headStore } from "@evx/audit";
import type { Db } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { readWitnesses } from "@evx/log";
import {
  fileMailer,
  letterBox,
  type NotificationsPorts,
  smtpMailer,
  twilioSender,
  webPushSender,
} from "@evx/notifications";
import { readSigningKeys } from "@evx/proof";
import type { Log } from "@evx/rpc";
import { smartcarProvider, type TelematicsPorts } from "@evx/telematics";
import { openVault } from "@evx/vault";
import type { Config } from "./config.ts";
import { gatewaysOf } from "./gateways.ts";

type World = {
  config: Config;
  db: Db;
  clock: Clock;
  log: Log;
  machineAhead_ms: (() => number) | undefined;
};

/** Cars are connected where the venue has an account at Smartcar; elsewhere pages say that they cannot be. */
const carsOf = async (config: Config): Promise<TelematicsPorts["cars"]> =>
  config.SMARTCAR_CLIENT_ID && config.SMARTCAR_CLIENT_SECRET
    ? {
        provider: smartcarProvider({
          clientId: config.SMARTCAR_CLIENT_ID,
          clientSecret: config.SMARTCAR_CLIENT_SECRET,
          redirectUri: `${config.publicUrl}/owner/vehicles/connected`,
          mode: config.SMARTCAR_MODE,
        }),
        vault: await openVault(config.DATA_KEYS, "identity"),
      }
    : null;

const headsOf = (config: Config) =>
  headStore(config.AUDIT_HEADS, config.DATA_DIR, {
    ...(config.AUDIT_HEADS_ENDPOINT ? { endpoint: config.AUDIT_HEADS_ENDPOINT } : {}),
    ...(config.AUDIT_HEADS_KEY_ID ? { accessKeyId: config.AUDIT_HEADS_KEY_ID } : {}),
    ...(config.AUDIT_HEADS_SECRET ? { secretAccessKey: config.AUDIT_HEADS_SECRET } : {}),
  });

/** Mails go to a server, or to files without one; pushes and SMS are offered where their keys are set. */
const notificationsOf = (config: Config): NotificationsPorts => ({
  publicUrl: config.publicUrl,
  vault: openVault(config.DATA_KEYS, "notifications"),
  mailer: config.SMTP_URL
    ? smtpMailer(config.SMTP_URL, config.MAIL_FROM)
    : fileMailer(join(config.DATA_DIR, "mail"), config.MAIL_FROM),
  push: config.VAPID_PRIVATE_KEY
    ? webPushSender({
        privateKey: config.VAPID_PRIVATE_KEY,
        contact: `mailto:${config.CONTACT_EMAIL}`,
        emulator: config.PUSH_EMULATOR,
      })
    : null,
  sms:
    config.SMS_ACCOUNT && config.SMS_TOKEN && config.SMS_FROM
      ? twilioSender({
          account: config.SMS_ACCOUNT,
          token: config.SMS_TOKEN,
          from: config.SMS_FROM,
          apiBase: config.SMS_API_URL ?? "https://api.twilio.com",
        })
      : null,
});

/** What the rooms need from outside, chosen by the settings. */
export const createPorts = async ({ config, db, clock, log, machineAhead_ms }: World): Promise<Ports> => {
  const notifications = notificationsOf(config);
  const gateways = gatewaysOf(config);
  return {
    notifications,
    notificationsSettings: { currency: config.CURRENCY },
    verification: {
      keys: await readSigningKeys(config.SIGNING_KEY),
      publicUrl: config.publicUrl,
      log: {
        origin: config.LOG_ORIGIN ?? `${new URL(config.publicUrl).host}/log`,
        key: (await readSigningKeys(config.LOG_KEY)).current,
        witnesses: readWitnesses(config.WITNESSES),
        wanted: config.WITNESSES_WANTED,
      },
    },
    identity: createIdentity(
      {
        db,
        clock,
        log,
        machineAhead_ms,
        letters: letterBox(notifications),
        vault: openVault(config.DATA_KEYS, "identity"),
        heads: headsOf(config),
      },
      {
        secret: config.AUTH_SECRET,
        baseUrl: config.publicUrl,
        trustedOrigins: config.CORS_ORIGINS,
        bcryptCost: config.BCRYPT_COST,
        signInFailures: config.SIGN_IN_FAILURES_PER_MINUTE,
        requireVerifiedEmail: config.REQUIRE_VERIFIED_EMAIL,
        requireTwoFactor: config.REQUIRE_TWO_FACTOR,
      },
    ),
    vehicles: { cars: await carsOf(config) },
    payments: { gateways, webUrl: config.publicUrl },
    payouts: { gateways, vault: await openVault(config.DATA_KEYS, "payments") },
    payoutsSettings: {
      gateway: "stripe",
      paypal: gateways.paypal !== undefined,
      homeCountry: config.COUNTRY,
      holdDays: config.WITHDRAWAL_HOLD_DAYS,
      requireKyc: config.REQUIRE_KYC,
      requireVerifiedEmail: config.REQUIRE_VERIFIED_EMAIL,
    },
    marketplace: {
      holdDays: config.WITHDRAWAL_HOLD_DAYS,
      requireVerifiedEmail: config.REQUIRE_VERIFIED_EMAIL,
      requireKyc: config.REQUIRE_KYC,
    },
  };
};
