import { Notice } from "@evx/ui";
import { For } from "solid-js";
import { useText } from "../i18n/index.ts";
import { unreadInAddress } from "../lib/asked.ts";

/** Says what the address asks for and the page does not have, so that nobody takes what is shown for it. */
export const UnreadInAddress = () => {
  const t = useText("frame");
  return (
    <Notice class="mb-5" tone="warning">
      <For each={unreadInAddress()}>
        {(one) => <p class="break-words not-first:mt-1.5">{t("address.unread", one)}</p>}
      </For>
    </Notice>
  );
};
