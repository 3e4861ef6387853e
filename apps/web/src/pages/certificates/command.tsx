import { CopyText } from "@evx/ui";
import { useText } from "../../i18n/index.ts";

/** What a stranger types to check us from outside: the checker is fetched from here and needs nothing but Node. */
export const Command = (props: { words: string }) => {
  const t = useText("paper");
  return (
    <CopyText text={`npx -y ${location.origin}/evx-proof.tgz ${props.words}`} label={t("command.copy")} />
  );
};
