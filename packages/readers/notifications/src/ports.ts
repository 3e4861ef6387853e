import type { Vault } from "@evx/vault";

export type Email = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where one POST ends mails of this kind (RFC 8058); left out of what nobody can switch off. */
  readonly leave?: string | undefined;
};

/**
 * Takes a mail or throws; a throw is tried again later, `Unacceptable` is not. `id` stays the same over tries.
 */
export type Mailer = { send(mail: Email & { readonly id: string }): Promise<void> };

/** What whoever should take a message will never take; `lasting` when it takes no other one either. */
export class Unacceptable extends Error {
  override readonly name = "Unacceptable";
  constructor(
    message: string,
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

export type Subscription = { readonly endpoint: string; readonly p256dh: string; readonly auth: string };

export type PushMessage = {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
};

/** Hands pushes to browsers' push services (RFC 8030); a lasting `Unacceptable` says that the browser no longer wants any. */
export type PushSender = {
  /** What browsers subscribe with. */
  readonly publicKey: string;
  /** Whether an address is one of a push service: nothing else is ever called. */
  takes(endpoint: string): boolean;
  send(to: Subscription, message: PushMessage, ttl_s: number): Promise<void>;
};

/** Sends SMS; a try that follows one whose end nobody knows asks first whether the message went out. */
export type SmsSender = {
  send(message: {
    readonly to: string;
    readonly text: string;
    readonly triedSince: Date | null;
  }): Promise<void>;
};

export type NotificationsPorts = {
  /** Keys what stands for a code in the database. */
  readonly vault: Pick<Vault, "digests"> | Promise<Pick<Vault, "digests">>;
  readonly mailer: Mailer;
  readonly publicUrl: string;
  /** Null where the venue has no keys for it: then it is not offered. */
  readonly push: PushSender | null;
  readonly sms: SmsSender | null;
};
