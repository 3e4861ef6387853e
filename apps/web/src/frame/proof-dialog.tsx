import { Button, Dialog, PasswordInput } from "@evx/ui";
import { useText } from "../i18n/index.ts";
import { api } from "../lib/api.ts";
import { createForm } from "../lib/form.ts";
import { endProof } from "../lib/proof.ts";
import { FormFailure } from "./failure.tsx";

/** Over any page: what outlives a session takes the password once more. Then the page goes on with what it was about to do. */
export default function ProofDialog() {
  const t = useText("aside");
  const form = createForm({
    initial: { password: "" },
    check: ({ password }) => ({ password: !password && t("proof.password") }),
    submit: async (given) => {
      await api.identity.account.prove.call(given);
      endProof(true);
    },
  });
  return (
    <Dialog
      open
      onOpen={(open) => !open && endProof(false)}
      title={t("proof.title")}
      description={t("proof.body")}
    >
      <form novalidate class="grid gap-4" onSubmit={form.onSubmit}>
        <PasswordInput
          label={t("proof.password")}
          {...form.text("password")}
          autocomplete="current-password"
          required
        />
        <FormFailure form={form} />
        <Button type="submit" wide busy={form.busy()}>
          {t("proof.go")}
        </Button>
      </form>
    </Dialog>
  );
}
