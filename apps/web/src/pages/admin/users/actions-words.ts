import actions from "../../../i18n/en/audit.ts";
import { useText } from "../../../i18n/index.ts";

const { all: _all, other: _other, ...named } = actions;
type Action = keyof typeof named;

/** All actions that the audit trail knows a name for, by their codes. */
export const auditActions = Object.keys(named) as Action[];

const isKnown = (code: string): code is Action => Object.hasOwn(named, code);

/** What somebody did, in the reader's words; an action without a name says that it is another one. */
export const useActionName = () => {
  const t = useText("audit");
  return (code: string): string => (isKnown(code) ? t(code) : t("other"));
};
