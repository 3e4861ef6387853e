import { For } from "solid-js";

/** A serial, a number or an address that is too long for its line: broken after a sign that parts it, not within a figure. */
export const Code = (props: { children: string }) => (
  <For each={props.children.match(/[^-_/:]+[-_/:]*|[-_/:]+/g) ?? []}>
    {(part) => (
      <>
        {part}
        <wbr />
      </>
    )}
  </For>
);
