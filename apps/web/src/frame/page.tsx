import { PageHeader } from "@evx/ui";
import { createEffect, type JSX, Show } from "solid-js";
import { unreadInAddress } from "../lib/asked.ts";
import { dataAges } from "../lib/data-age.ts";
import { part } from "./part.tsx";

/** Comes only where something was read from a copy. */
const DataAge = part(() => import("./data-age.tsx"));

/** Comes only where somebody typed what the page does not know. */
const UnreadInAddress = part(async () => ({ default: (await import("./unread.tsx")).UnreadInAddress }));

/** What the address asks for and this page does not have. */
export const Unread = () => (
  <Show when={unreadInAddress().length > 0}>
    <UnreadInAddress />
  </Show>
);

/** A page: its title (also the tab's), lead, one main action, and content. */
export const Page = (props: {
  title: string;
  /** Title as shown, where it is more than words. */
  heading?: JSX.Element;
  lead?: JSX.Element;
  above?: JSX.Element;
  actions?: JSX.Element;
  /** A form or a text reads better in a narrow column. */
  narrow?: boolean;
  children: JSX.Element;
}) => {
  useTitle(() => props.title);
  return (
    <div class="mx-auto w-full max-w-[77.5rem] px-4 py-6 sm:px-10 lg:py-8">
      <div class={props.narrow ? "max-w-2xl" : undefined}>
        <PageHeader
          title={props.heading ?? props.title}
          lead={props.lead}
          above={props.above}
          actions={props.actions}
        />
        <Unread />
        {props.children}
        <Show when={dataAges().size > 0}>
          <DataAge />
        </Show>
      </div>
    </div>
  );
};

/** Names the browser's tab. `Page` does it by itself. */
export const useTitle = (title: () => string): void =>
  createEffect(() => {
    document.title = title() ? `${title()} · EV Carbon Exchange` : "EV Carbon Exchange";
  });
