import { Dialog } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import { RetireForm } from "./retire-form.tsx";
import type { Wallet } from "./words.ts";

/** Retirement from the wallet's page. */
export default function RetireDialog(props: { wallet: Wallet; onClose: () => void }) {
  const t = useText("credits");
  return (
    <Dialog
      open
      onOpen={(open) => !open && props.onClose()}
      title={t("retire.title")}
      description={t("retire.lead")}
      size="lg"
    >
      <RetireForm wallet={props.wallet} />
    </Dialog>
  );
}
