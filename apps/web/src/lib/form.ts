import { batch, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { draftOf, dropDraft, keepDraft } from "./draft.ts";
import { type ApiError, apiError } from "./errors.ts";

type Values = Record<string, string | boolean>;
type Errors<V> = { [K in keyof V]?: string | undefined };

export type FormOptions<V extends Values> = {
  initial: V;
  /** Quick checks before sending, in the reader's words. The server checks again and has the last word. */
  check?: (values: V) => { [K in keyof V]?: string | false | undefined };
  /**
   * Sends. What it throws is shown: issues at their fields, the sentence above the button. False says that nothing was
   * sent yet, so that the draft stays.
   */
  submit: (values: V) => Promise<unknown>;
  /** Paths of the server's issues that have another name here: `{ "amount": "creditsAmount" }`. */
  names?: Readonly<Record<string, keyof V & string>>;
  /** Keeps what is typed for this tab under this name until it is sent, so that a reload loses nothing. */
  draft?: string;
};

/** A server's issues by the fields that they name, and whether each of them found one. */
export const issuesByField = <V extends Values>(
  issues: ApiError["issues"],
  values: V,
  names: FormOptions<V>["names"],
): { readonly here: Errors<V>; readonly placed: boolean } => {
  const here: Errors<V> = {};
  for (const issue of issues) {
    const name = (names?.[issue.path] ?? issue.path) as keyof V;
    if (name in values) here[name] ??= issue.message;
  }
  return { here, placed: issues.length > 0 && Object.keys(here).length === issues.length };
};

/** What a quick check found, without the fields that are in order. */
const problems = <V extends Values>(options: FormOptions<V>, values: V): Errors<V> =>
  Object.fromEntries(
    Object.entries(options.check?.(values) ?? {}).filter(([, message]) => message),
  ) as Errors<V>;

const noErrors = <V extends Values>(values: V): Errors<V> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, undefined])) as Errors<V>;

/** What is spread on a form's controls. */
const controlsOf = <V extends Values>(
  values: V,
  errors: Errors<V>,
  put: <K extends keyof V & string>(name: K, value: V[K]) => void,
) => ({
  /** Spread on a text control: `<TextInput label={t("email")} {...form.text("email")} />`. */
  text: <K extends keyof V & string>(name: K) => ({
    name,
    get value() {
      return values[name] as V[K] & string;
    },
    get error() {
      return errors[name];
    },
    onValue: (value: V[K] & string) => put(name, value),
  }),
  /** Spread on a Checkbox. */
  flag: <K extends keyof V & string>(name: K) => ({
    get checked() {
      return values[name] === true;
    },
    get error() {
      return errors[name];
    },
    onChecked: (checked: boolean) => put(name, checked as V[K]),
  }),
});

/** What a form begins with: what was typed before, where it keeps a draft. */
const begun = <V extends Values>({ draft, initial }: FormOptions<V>): V => ({
  ...initial,
  ...(draft ? draftOf(draft, initial) : {}),
});

/** Sets the cursor into the first field that something is wrong with, once it is drawn. */
const focusFirst = (
  names: readonly string[],
  wrong: Readonly<Record<string, unknown>>,
  form: HTMLFormElement | undefined,
): void => {
  const first = names.find((name) => wrong[name]);
  if (first && form) queueMicrotask(() => form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus());
};

/**
 * State of one form: text as typed, the server's issues at their fields, one submission at a time.
 * Nothing typed is lost when sending fails.
 */
export const createForm = <V extends Values>(options: FormOptions<V>) => {
  const [values, setValues] = createStore<V>(begun(options));
  const [errors, setErrors] = createStore<Errors<V>>({});
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);

  const put = <K extends keyof V & string>(name: K, value: V[K]) =>
    batch(() => {
      setValues((before) => ({ ...before, [name]: value }));
      setErrors((before) => ({ ...before, [name]: undefined }));
      if (options.draft) keepDraft(options.draft, { ...values });
    });

  const refuse = (found: Errors<V>, form: HTMLFormElement | undefined) => {
    setErrors(() => ({ ...noErrors<V>(values), ...found }));
    focusFirst(Object.keys(values), found, form);
  };

  const reset = () =>
    batch(() => {
      dropDraft(options.draft);
      setValues(() => ({ ...options.initial }));
      setErrors(() => noErrors<V>(values));
      setFailure(null);
    });

  const submit = async (form?: HTMLFormElement): Promise<boolean> => {
    if (busy()) return false;
    setFailure(null);
    const found = problems(options, { ...values });
    if (Object.keys(found).length > 0) {
      refuse(found, form);
      return false;
    }
    setErrors(() => noErrors<V>(values));
    setBusy(true);
    try {
      const done = await options.submit({ ...values });
      if (done !== false) dropDraft(options.draft);
      return true;
    } catch (thrown) {
      const error = apiError(thrown);
      const { here, placed } = issuesByField(error.issues, { ...values }, options.names);
      batch(() => {
        refuse(here, form);
        setFailure(placed ? null : error);
      });
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    errors,
    busy,
    /** What went wrong beyond the fields; show it with `<FormFailure>`. */
    failure,
    set: put,
    reset,
    ...controlsOf(values, errors, put),
    submit,
    /** For `<form onSubmit={form.onSubmit} novalidate>`. */
    onSubmit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
      event.preventDefault();
      void submit(event.currentTarget);
    },
  };
};
