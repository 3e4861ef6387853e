import { StatusDot } from "@evx/ui";
import { Show } from "solid-js";
import { useText } from "../../../i18n/index.ts";
import type { Answer, api } from "../../../lib/api.ts";

export type Person = Answer<typeof api.identity.users.search>["items"][number];

export const roleNames = ["ev_owner", "buyer", "cva", "admin"] as const;

/** Whether somebody may come in, and for an auditor whether they may review. */
export const PersonState = (props: { person: Person }) => {
  const t = useText("people");
  return (
    <StatusDot tone={props.person.suspendedAt ? "negative" : "positive"}>
      {t(props.person.suspendedAt ? "state.suspended" : "state.active")}
    </StatusDot>
  );
};

export const RoleName = (props: { person: Person }) => {
  const t = useText("people");
  return (
    <>
      {t(`role.${props.person.role}`)}
      <Show when={props.person.role === "cva"}>
        <span class="block text-xs text-muted">
          {t(props.person.accredited ? "users.accredited" : "users.unaccredited")}
        </span>
      </Show>
    </>
  );
};
