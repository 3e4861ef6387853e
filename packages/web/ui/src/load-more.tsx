import { type JSX, Show } from "solid-js";
import { Button } from "./button.tsx";
import { useUi } from "./settings.tsx";

/** The rest of a list, page by page. Says nothing when there is no more. */
export const LoadMore = (props: {
  more: boolean;
  busy?: boolean;
  onMore: () => void;
  note?: JSX.Element;
}) => {
  const ui = useUi();
  return (
    <Show when={props.more || props.note}>
      <div class="mt-4 flex flex-wrap items-center justify-center gap-3 text-xs text-muted">
        {props.note}
        <Show when={props.more}>
          <Button variant="secondary" size="sm" busy={props.busy} onClick={props.onMore}>
            {ui.text().loadMore}
          </Button>
        </Show>
      </div>
    </Show>
  );
};
