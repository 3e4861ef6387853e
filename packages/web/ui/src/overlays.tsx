import * as KDialog from "@kobalte/core/dialog";
import * as KMenu from "@kobalte/core/dropdown-menu";
import X from "lucide-solid/icons/x";
import { createEffect, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { Button } from "./button.tsx";
import { cx } from "./classes.ts";
import { useUi } from "./settings.tsx";

export type DialogProps = {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: JSX.Element;
  description?: JSX.Element;
  children?: JSX.Element;
  /** Buttons; the main action last. */
  actions?: JSX.Element;
  size?: "md" | "lg";
};

/** The first thing to fill in or choose; a question without one is read from its title on. */
const startIn = (content: HTMLElement): void => {
  const first =
    content.querySelector<HTMLElement>("[data-autofocus]") ??
    content.querySelector<HTMLElement>(
      "input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled)",
    );
  (first ?? content).focus({ preventScroll: true });
};

/** The last control that had the keyboard outside any dialog: what a dialog was opened by. */
let opener: HTMLElement | null = null;
document.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof HTMLElement) || target.closest("[role=dialog], [role=menu]")) return;
  if (target.matches("a, button, input, select, textarea, summary")) opener = target;
});

const afterClosing_ms = 50;

/**
 * Leads the keyboard back to what opened a dialog. A dialog whose code came late has lost it: the page was away for a
 * moment, and the focus had nowhere to be.
 */
const leadBack = (from: HTMLElement | null): void => {
  setTimeout(() => {
    const at = document.activeElement;
    const lost = !at || at === document.body || at.matches("main");
    if (lost && from?.isConnected) from.focus({ preventScroll: true });
  }, afterClosing_ms);
};

/**
 * Leads the keyboard into a dialog that opened over another one: it stays in the one beneath otherwise, and what is typed
 * would go there, a password in plain sight among it.
 */
const leadIn = (content: HTMLElement | undefined): void => {
  if (content?.isConnected && !content.contains(document.activeElement)) startIn(content);
};

/** A question that needs its own room. Focus stays inside; Escape and the scrim close it. */
export const Dialog = (props: DialogProps) => {
  const ui = useUi();
  let content: HTMLElement | undefined;
  createEffect(() => {
    if (!props.open) return;
    const from = opener;
    const opened = setTimeout(() => leadIn(content));
    onCleanup(() => {
      clearTimeout(opened);
      leadBack(from);
    });
  });
  return (
    <KDialog.Root open={props.open} onOpenChange={props.onOpen}>
      <KDialog.Portal>
        <KDialog.Overlay class="fixed inset-0 z-50 animate-[fade_120ms] bg-scrim" />
        <div class="fixed inset-0 z-50 flex items-end justify-center sm:items-center sm:p-4">
          <KDialog.Content
            ref={(element: HTMLElement) => {
              content = element;
            }}
            tabindex="-1"
            onOpenAutoFocus={(event: Event) => {
              event.preventDefault();
              if (content) startIn(content);
            }}
            class={cx(
              "flex max-h-[92dvh] w-full animate-[appear_140ms] flex-col rounded-t-card border border-line bg-surface shadow-raised outline-none sm:rounded-card",
              props.size === "lg" ? "sm:max-w-2xl" : "sm:max-w-md",
            )}
          >
            <div class="flex items-start justify-between gap-4 p-5 pb-0">
              <div class="min-w-0">
                <KDialog.Title class="text-base/6 font-semibold">{props.title}</KDialog.Title>
                <Show when={props.description}>
                  <KDialog.Description class="mt-1 text-muted">{props.description}</KDialog.Description>
                </Show>
              </div>
              <KDialog.CloseButton
                aria-label={ui.text().close}
                title={ui.text().close}
                class="-me-2 -mt-1.5 inline-flex size-11 shrink-0 sm:size-9 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink"
              >
                <X size={16} aria-hidden="true" />
              </KDialog.CloseButton>
            </div>
            <div class="min-h-0 overflow-y-auto p-5">{props.children}</div>
            <Show when={props.actions}>
              <div class="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-4">
                {props.actions}
              </div>
            </Show>
          </KDialog.Content>
        </div>
      </KDialog.Portal>
    </KDialog.Root>
  );
};

/** Asks before something that cannot be taken back. The label names the deed, never "OK". */
export const ConfirmDialog = (props: {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: JSX.Element;
  /** What will happen and whether it can be undone. */
  children: JSX.Element;
  confirm: string;
  cancel: string;
  danger?: boolean;
  /** The dialog stays open and busy until it answers; closes when it answers, stays when it throws. */
  onConfirm: () => Promise<unknown> | unknown;
}) => {
  const [busy, setBusy] = createSignal(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await props.onConfirm();
      props.onOpen(false);
    } catch {
      // The caller shows its own error inside the dialog.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={props.open}
      onOpen={props.onOpen}
      title={props.title}
      actions={
        <>
          <Button variant="secondary" onClick={() => props.onOpen(false)}>
            {props.cancel}
          </Button>
          <Button variant={props.danger ? "danger" : "primary"} busy={busy()} onClick={confirm}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  );
};

export type MenuItem = {
  label: string;
  icon?: JSX.Element;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
};

/** Further actions behind one button. `label` names the button where `trigger` is only a picture. */
export const Menu = (props: {
  label: string;
  trigger: JSX.Element;
  items: readonly MenuItem[];
  /** Above the items: who is signed in, what the menu belongs to. */
  header?: JSX.Element;
  triggerClass?: string;
}) => (
  <KMenu.Root gutter={6} placement="bottom-end">
    <KMenu.Trigger
      title={props.label}
      class={
        props.triggerClass ??
        "inline-flex size-11 items-center sm:size-9 justify-center rounded-control text-muted hover:bg-sunken hover:text-ink"
      }
    >
      <span class="sr-only">{props.label}</span>
      {props.trigger}
    </KMenu.Trigger>
    <KMenu.Portal>
      <KMenu.Content class="z-50 max-w-[calc(100vw-1rem)] min-w-52 animate-[appear_100ms] rounded-card border border-line bg-surface p-1.5 shadow-raised outline-none">
        <Show when={props.header}>
          <div class="mb-1.5 border-b border-line px-2.5 pt-1 pb-2.5">{props.header}</div>
        </Show>
        <For each={props.items}>
          {(item) => (
            <KMenu.Item
              disabled={item.disabled}
              onSelect={item.onSelect}
              class={cx(
                "flex h-11 cursor-pointer items-center gap-2.5 rounded-control px-2.5 outline-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-sunken sm:h-9",
                item.danger && "text-negative",
              )}
            >
              <Show when={item.icon}>
                <span class="text-muted" aria-hidden="true">
                  {item.icon}
                </span>
              </Show>
              {item.label}
            </KMenu.Item>
          )}
        </For>
      </KMenu.Content>
    </KMenu.Portal>
  </KMenu.Root>
);
