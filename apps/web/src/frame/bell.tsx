import { useQueryClient } from "@tanstack/solid-query";
import Bell from "lucide-solid/icons/bell";
import { createSignal, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { api, skipToken } from "../lib/api.ts";
import { useSession } from "../lib/session.ts";

/** The unread number, kept up to date by the one stream that a signed-in tab holds open for its inbox. */
const useUnread = () => {
  const session = useSession();
  const client = useQueryClient();
  const [unread, setUnread] = createSignal(0);
  api.notifications.watch.subscribe(() => (session.user() ? undefined : skipToken), {
    onData: (inbox) => {
      setUnread(inbox.unread);
      void client.invalidateQueries({ queryKey: api.notifications.list.key() });
    },
  });
  return () => (session.user() ? unread() : 0);
};

/** The way to the notifications, with the number of unread ones. */
export const NotificationBell = () => {
  const t = useText("frame");
  const unread = useUnread();
  const label = () =>
    unread() ? `${t("header.notifications")}: ${t.n("header.unread", unread())}` : t("header.notifications");
  return (
    <a
      href="/notifications"
      aria-label={label()}
      title={label()}
      class="relative inline-flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink sm:size-9"
    >
      <Bell size={17} aria-hidden="true" />
      <Show when={unread()}>
        <span
          aria-hidden="true"
          class="absolute end-0.5 top-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem]/4 font-semibold text-on-accent"
        >
          {unread() > 99 ? "99+" : unread()}
        </span>
      </Show>
    </a>
  );
};
