/** A turning ring. Always beside words; it says nothing by itself. */
export const Spinner = (props: { class?: string }) => (
  <svg
    class={props.class ?? "size-4 animate-spin"}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    aria-hidden="true"
  >
    <circle cx="8" cy="8" r="6" opacity="0.25" />
    <path d="M14 8a6 6 0 0 0-6-6" stroke-linecap="round" />
  </svg>
);
