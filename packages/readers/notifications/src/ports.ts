export type Email = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** Takes a mail or throws; a throw is tried again later. `id` stays the same over tries. */
export type Mailer = { send(mail: Email & { readonly id: string }): Promise<void> };

export type NotificationsPorts = { readonly mailer: Mailer; readonly publicUrl: string };
