import { Menu } from "@evx/ui";
import { useNavigate } from "@solidjs/router";
import LogOut from "lucide-solid/icons/log-out";
import UserRound from "lucide-solid/icons/user-round";
import { Show } from "solid-js";
import { useText } from "../i18n/index.ts";
import { signOut, useSession } from "../lib/session.ts";

/** Of the first and the last word that begins with a letter: an emoji is no initial, and half of one no character. */
const initials = (name: string) =>
  name
    .split(/\s+/)
    .flatMap((word) => word.match(/^[^\p{L}]*(\p{L}\p{M}*)/u)?.[1] ?? [])
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join("")
    .toUpperCase();

/** Who is signed in, their profile, and the way out. `named` writes the name beside the initials. */
export default function UserMenu(props: { named?: boolean }) {
  const t = useText("frame");
  const session = useSession();
  const navigate = useNavigate();
  const role = () => session.framedFor() ?? "buyer";
  return (
    <Menu
      label={t("header.user")}
      triggerClass={
        props.named
          ? "me-auto flex min-w-0 flex-1 items-center gap-2 rounded-control p-1 text-start hover:bg-sunken"
          : "inline-flex size-11 items-center justify-center rounded-full sm:size-9"
      }
      trigger={
        <>
          <span
            aria-hidden="true"
            class="inline-flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-on-accent-soft"
          >
            {initials(session.user()?.fullName ?? "") || <UserRound size={15} />}
          </span>
          <Show when={props.named}>
            <span class="min-w-0">
              <span class="line-clamp-5 text-[0.8125rem]/4 font-medium wrap-anywhere">
                {session.user()?.fullName}
              </span>
              <span class="block truncate text-xs/4 text-muted">{t(`role.${role()}`)}</span>
            </span>
          </Show>
        </>
      }
      header={
        <div class="max-w-64 min-w-0">
          <p class="font-medium wrap-anywhere">{session.user()?.fullName}</p>
          <p class="text-xs text-muted wrap-anywhere">{session.user()?.email}</p>
          <p class="mt-1 text-xs text-muted">{t(`role.${role()}`)}</p>
        </div>
      }
      items={[
        { label: t("header.profile"), icon: <UserRound size={15} />, onSelect: () => navigate("/account") },
        { label: t("header.signOut"), icon: <LogOut size={15} />, onSelect: () => void signOut() },
      ]}
    />
  );
}
