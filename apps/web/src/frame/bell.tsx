import Bell from "lucide-solid/icons/bell";
import { Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { hasPage } from "../routes.ts";

/** The way to the notifications, with the number of unread ones. The notifications area gives the number. */
export const NotificationBell = (props: { unread?: number }) => {
  const t = useText("frame");
  const label = () =>
    props.unread
      ? `${t("header.notifications")}: ${t.n("header.unread", props.unread)}`
      : t("header.notifications");
  return (
    <Show when={hasPage("/notifications")}>
      <a
        href="/notifications"
        aria-label={label()}
        title={label()}
        class="relative inline-flex size-10 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink sm:size-9"
      >
        <Bell size={17} aria-hidden="true" />
        <Show when={props.unread}>
          <span
            aria-hidden="true"
            class="absolute end-0.5 top-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem]/4 font-semibold text-on-accent"
          >
            {(props.unread ?? 0) > 99 ? "99+" : props.unread}
          </span>
        </Show>
      </a>
    </Show>
  );
};
