import { ConfirmDialog, Menu, type MenuItem, Select, TextInput } from "@evx/ui";
import { useQueryClient } from "@tanstack/solid-query";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { createSignal, Show } from "solid-js";
import { Failure } from "../../../frame/failure.tsx";
import { useText } from "../../../i18n/index.ts";
import { api } from "../../../lib/api.ts";
import { notify } from "../../../lib/notify.ts";
import { useSession } from "../../../lib/session.ts";
import { type Person, roleNames } from "./words.tsx";

type Act = "suspend" | "unsuspend" | "accredit" | "disaccredit" | "role" | "signOut";
const done = {
  suspend: "act.suspended",
  unsuspend: "act.unsuspended",
  accredit: "act.accredited",
  disaccredit: "act.disaccredited",
  role: "act.roleChanged",
  signOut: "act.signedOut",
} as const;

/** What an operator may do to a person, each asked once more before it is done. */
export const PersonActions = (props: { person: Person }) => {
  const t = useText("people");
  const session = useSession();
  const [act, setAct] = createSignal<Act | null>(null);
  const own = () => props.person.id === session.userId();
  const acts = (): Act[] => {
    const { suspendedAt, role, accredited } = props.person;
    const review: Act[] = role === "cva" ? [accredited ? "disaccredit" : "accredit"] : [];
    if (own()) return ["signOut"];
    return suspendedAt ? ["unsuspend"] : [...review, "role", "signOut", "suspend"];
  };
  const items = (): MenuItem[] =>
    acts().map((name) => ({
      label: t(`act.${name}`),
      danger: name === "suspend" || name === "disaccredit",
      onSelect: () => setAct(name),
    }));
  return (
    <>
      <Menu
        label={t("user.menu", { name: props.person.fullName })}
        trigger={<Ellipsis size={16} aria-hidden="true" />}
        items={items()}
      />
      <Show when={act()}>
        {(chosen) => <Ask act={chosen()} person={props.person} onClose={() => setAct(null)} />}
      </Show>
    </>
  );
};

const Ask = (props: { act: Act; person: Person; onClose: () => void }) => {
  const t = useText("people");
  const client = useQueryClient();
  const [reason, setReason] = createSignal("");
  const [missing, setMissing] = createSignal(false);
  const [role, setRole] = createSignal<Person["role"]>(props.person.role);
  const [failed, setFailed] = createSignal<unknown>(null);
  const name = () => props.person.fullName;

  const call = (): Promise<unknown> => {
    const { id } = props.person;
    const users = api.identity.users;
    if (props.act === "suspend") return users.suspend.call({ id, reason: reason().trim() });
    if (props.act === "unsuspend") return users.unsuspend.call({ id });
    if (props.act === "role") return users.changeRole.call({ id, role: role() });
    if (props.act === "signOut") return users.forceSignOut.call({ id });
    return users.accredit.call({ id, accredited: props.act === "accredit" });
  };

  const confirm = async () => {
    setFailed(null);
    setMissing(props.act === "suspend" && reason().trim().length < 3);
    if (missing()) throw new Error("a reason is missing");
    try {
      await call();
    } catch (error) {
      setFailed(error);
      throw error;
    }
    const { users, user, audit } = api.identity;
    for (const read of [users.search, users.counts, users.sessions, user, audit.list])
      await client.invalidateQueries({ queryKey: read.key() });
    void notify.success(t(done[props.act], { name: name() }));
  };

  return (
    <ConfirmDialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t(`act.${props.act}Title`, { name: name() })}
      confirm={t(`act.${props.act}`)}
      cancel={t("cancel")}
      danger={props.act === "suspend" || props.act === "disaccredit"}
      onConfirm={confirm}
    >
      <div class="grid gap-4">
        <p>{t(`act.${props.act}Body`)}</p>
        <Show when={props.act === "suspend"}>
          <TextInput
            label={t("act.reason")}
            hint={t("act.reasonHint")}
            value={reason()}
            onValue={setReason}
            error={missing() ? t("check.reason") : undefined}
            maxlength={500}
            required
          />
        </Show>
        <Show when={props.act === "role"}>
          <Select
            label={t("act.newRole")}
            value={role()}
            options={roleNames.map((value) => ({ value, label: t(`role.${value}`) }))}
            onValue={setRole}
          />
        </Show>
        <Show when={failed()}>{(error) => <Failure error={error()} />}</Show>
      </div>
    </ConfirmDialog>
  );
};
