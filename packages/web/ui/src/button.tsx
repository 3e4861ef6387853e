import { type ComponentProps, type JSX, Show, splitProps } from "solid-js";
import { cx } from "./classes.ts";
import { Spinner } from "./spinner.tsx";

const base =
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-semibold whitespace-nowrap select-none no-underline transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60";

const variants = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  /** The one next step of a page; two of them on a page light nothing. */
  lit: "bg-lit text-on-lit hover:bg-lit-hover",
  secondary: "border border-line-strong bg-transparent text-ink hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-danger text-on-danger hover:bg-danger-hover",
};

const sizes = {
  sm: "h-11 min-w-11 px-3 sm:h-8 text-[0.8125rem]",
  md: "h-11 min-w-11 px-4 text-[0.90625rem] sm:h-10",
  lg: "h-13 px-6 text-[1.03125rem]",
};

type Look = {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  /** As wide as its place. */
  wide?: boolean;
  icon?: JSX.Element;
};

const lookOf = (own: Look) =>
  cx(base, variants[own.variant ?? "primary"], sizes[own.size ?? "md"], own.wide && "w-full");

export type ButtonProps = ComponentProps<"button"> & Look & { busy?: boolean };

/** One action. `busy` keeps its width, shows a spinner and takes no second press. */
export const Button = (props: ButtonProps) => {
  const [own, rest] = splitProps(props, [
    "variant",
    "size",
    "wide",
    "icon",
    "busy",
    "class",
    "children",
    "onClick",
  ]);
  return (
    <button
      type="button"
      {...rest}
      class={cx(lookOf(own), own.class)}
      aria-busy={own.busy ? "true" : undefined}
      aria-disabled={own.busy ? "true" : undefined}
      onClick={(event) => {
        if (own.busy) return event.preventDefault();
        const handler = own.onClick;
        if (typeof handler === "function") handler(event);
        else handler?.[0](handler[1], event);
      }}
    >
      <Show when={own.busy} fallback={own.icon}>
        <Spinner />
      </Show>
      {own.children}
    </button>
  );
};

/** A link that looks like a button. Takes you somewhere; a Button does something. */
export const LinkButton = (props: ComponentProps<"a"> & Look) => {
  const [own, rest] = splitProps(props, ["variant", "size", "wide", "icon", "class", "children"]);
  return (
    <a {...rest} class={cx(lookOf(own), own.class)}>
      {own.icon}
      {own.children}
    </a>
  );
};

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> & {
  /** What it does, in words: its name for screen readers and its tooltip. */
  label: string;
  children: JSX.Element;
  bordered?: boolean;
};

export const IconButton = (props: IconButtonProps) => {
  const [own, rest] = splitProps(props, ["label", "children", "class", "bordered"]);
  return (
    <button
      type="button"
      {...rest}
      aria-label={own.label}
      title={own.label}
      class={cx(
        "relative inline-flex size-11 shrink-0 items-center justify-center rounded-control text-muted transition-colors hover:bg-sunken hover:text-ink sm:size-9 disabled:cursor-not-allowed disabled:opacity-50",
        own.bordered && "border border-line bg-surface",
        own.class,
      )}
    >
      {own.children}
    </button>
  );
};

/** A link in words; alone in its line it answers a thumb as large as any control. */
export const TextLink = (props: ComponentProps<"a">) => {
  const [own, rest] = splitProps(props, ["class"]);
  return (
    <a
      {...rest}
      class={cx(
        "tap font-medium text-accent underline decoration-1 underline-offset-2 hover:text-accent-hover",
        own.class,
      )}
    />
  );
};
