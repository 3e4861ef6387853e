import { Card } from "@evx/ui";
import type { JSX } from "solid-js";
import { Unread, useTitle } from "../../frame/page.tsx";

/** The narrow card that signing in and up share. */
export const EntryCard = (props: {
  title: string;
  lead: JSX.Element;
  children: JSX.Element;
  below: JSX.Element;
}) => {
  useTitle(() => props.title);
  return (
    <div class="mx-auto w-full max-w-md px-4 py-8 sm:py-14">
      <h1 tabindex="-1" class="text-2xl/8 font-semibold tracking-tight outline-none">
        {props.title}
      </h1>
      <p class="mt-1 mb-6 text-muted">{props.lead}</p>
      <Unread />
      <Card>{props.children}</Card>
      <p class="mt-5 text-center text-muted">{props.below}</p>
    </div>
  );
};

/** Where to go after signing in: the page that was asked for, if it is one of ours. */
export const safeNext = (next: string | string[] | undefined, home: string): string =>
  typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : home;
