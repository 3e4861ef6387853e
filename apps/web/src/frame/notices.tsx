import { cx } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import X from "lucide-solid/icons/x";
import { createEffect, createMemo, For, type JSX, Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { api } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLocale } from "../lib/locale.ts";
import { useSession } from "../lib/session.ts";
import { serverNow } from "../lib/time.ts";
import { endSaid } from "./expected-end.ts";
import { closeAnnouncement, isClosed, type Standing, setStanding, standing } from "./venue.ts";

const tones = {
  info: "bg-info-soft",
  warning: "bg-warning-soft",
  urgent: "bg-negative-soft",
} as const;

/** Whether the venue takes changes, and what operators announce: above every page, in the reader's language. */
export const Notices = () => {
  const t = useText("venue");
  const asked = useQuery(api.venue.standing.with({ refetchInterval: 60_000 }).queryOptions());
  createEffect(() => {
    if (asked.data) setStanding(asked.data);
  });
  const shown = () => (standing()?.announcements ?? []).filter(({ id }) => !isClosed(id));
  return (
    <section aria-label={t("strip.label")} class="print:hidden">
      <Show when={standing()?.mode !== "open" && standing()}>
        {(now) => <Closed standing={now()} seenAt={asked.dataUpdatedAt} />}
      </Show>
      <For each={shown()}>
        {(one) => (
          <Strip tone={one.level} onClose={() => closeAnnouncement(one.id)}>
            <Announced text={one.text[currentLocale()]} until={one.until} />
          </Strip>
        )}
      </For>
    </section>
  );
};

/** What operators announce, and until when they do: in the zone of the reader's own machine. */
export const Announced = (props: { text: string; until: string | Date | null }) => {
  const t = useText("venue");
  const f = useFormat();
  return (
    <>
      {props.text}{" "}
      <Show when={props.until}>
        {(until) => (
          <span class="text-sm whitespace-nowrap text-muted">
            {t("strip.shownUntil", { when: f.dateTime(until()) })}
          </span>
        )}
      </Show>
    </>
  );
};

/** `seenAt` moves with every look at the venue, so that what is said of its end grows old with it. */
const Closed = (props: { standing: Standing; seenAt: number }) => {
  const t = useText("venue");
  const f = useFormat();
  const session = useSession();
  const end = createMemo(() => (props.seenAt >= 0 ? endSaid(props.standing.until, serverNow()) : null));
  return (
    <Strip tone="warning">
      <strong class="font-semibold">
        {t(props.standing.mode === "maintenance" ? "strip.maintenance" : "strip.read_only")}
      </strong>{" "}
      <Show when={end()}>
        {(said) => (
          <>
            {said() === "strip.late"
              ? t("strip.late")
              : t("strip.until", { when: f.dateTime(props.standing.until ?? "") })}{" "}
          </>
        )}
      </Show>
      {t("strip.kept")}{" "}
      <Show when={session.role() === "admin"}>
        <a class="font-semibold underline underline-offset-2" href="/admin/venue">
          {t("strip.operator")}
        </a>
      </Show>
    </Strip>
  );
};

/** One line over the page's whole width. */
export const Strip = (props: { tone: keyof typeof tones; onClose?: () => void; children: JSX.Element }) => {
  const t = useText("venue");
  return (
    <div
      class={cx("border-b border-line", tones[props.tone])}
      role={props.tone === "urgent" ? "alert" : "status"}
    >
      <div class="mx-auto flex max-w-[77.5rem] items-start gap-2 px-4 py-1 sm:px-10">
        <p class="min-w-0 grow py-2 break-words">{props.children}</p>
        <Show when={props.onClose}>
          {(close) => (
            <button
              type="button"
              aria-label={t("strip.close")}
              class="inline-flex size-11 shrink-0 items-center justify-center rounded-control hover:bg-sunken lg:size-10"
              onClick={() => close()()}
            >
              <X size={18} aria-hidden="true" />
            </button>
          )}
        </Show>
      </div>
    </div>
  );
};
