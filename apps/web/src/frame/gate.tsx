import { Skeleton } from "@evx/ui";
import { Navigate, useLocation } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { type Role, useSession } from "../lib/session.ts";
import { chunk } from "./chunk.ts";
import { Failure } from "./late-failure.tsx";

const Forbidden = chunk(() => import("./forbidden.tsx"), "aside");

/** Lets a page be seen by those it is for. The server decides anew on every call; this only spares a dead end. */
export const Gate = (props: { for: "anyone" | "member" | Role | readonly Role[]; children: JSX.Element }) => {
  const session = useSession();
  const location = useLocation();
  const signIn = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  const may = (role: Role) =>
    props.for === "anyone" ||
    props.for === "member" ||
    (Array.isArray(props.for) ? props.for : [props.for]).includes(role);
  return (
    <Switch>
      <Match when={props.for === "anyone"}>{props.children}</Match>
      <Match when={session.failed()}>
        {(error) => (
          <div class="mx-auto w-full max-w-6xl p-8">
            <Failure error={error()} retry={session.retry} />
          </div>
        )}
      </Match>
      <Match when={session.pending()}>
        <div class="mx-auto w-full max-w-6xl p-8">
          <Skeleton class="h-8 w-64" />
        </div>
      </Match>
      <Match when={session.role() === null}>
        <Navigate href={signIn()} />
      </Match>
      <Match when={session.role() !== null && may(session.role() as Role)}>{props.children}</Match>
      <Match when={session.role()}>{(role) => <Forbidden role={role()} signIn={signIn()} />}</Match>
    </Switch>
  );
};
