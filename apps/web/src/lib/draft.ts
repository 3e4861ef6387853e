type Values = Readonly<Record<string, string | boolean>>;

const nameOf = (form: string) => `evx.draft.${form}`;

/** What must never be written down, not even for this tab. */
const secret = /password|code|secret|iban|account|card/i;

/** What was typed into a form and not yet sent, kept for this tab: a reload or a lost connection loses none of it. */
export const draftOf = <V extends Values>(form: string, initial: V): Partial<V> => {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(nameOf(form)) ?? "{}");
    const entries = Object.entries(kept ?? {}).filter(
      ([name, value]) => name in initial && typeof value === typeof initial[name] && !secret.test(name),
    );
    return Object.fromEntries(entries) as Partial<V>;
  } catch {
    return {};
  }
};

/** Keeps what has been typed so far. */
export const keepDraft = (form: string, values: Values): void => {
  try {
    const open = Object.entries(values).filter(([name]) => !secret.test(name));
    sessionStorage.setItem(nameOf(form), JSON.stringify(Object.fromEntries(open)));
  } catch {
    // Without storage the form keeps it for as long as it is open.
  }
};

/** It was sent, or given up. */
export const dropDraft = (form: string | undefined): void => {
  if (!form) return;
  try {
    sessionStorage.removeItem(nameOf(form));
  } catch {
    // There was none.
  }
};
