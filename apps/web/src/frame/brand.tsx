/** The mark, a kilometre stone, and the name. */
export const Brand = (props: { href: string; compact?: boolean }) => (
  <a
    href={props.href}
    class="inline-flex min-h-11 min-w-0 items-center gap-2.5 rounded-control font-semibold tracking-tight"
  >
    <svg viewBox="0 0 26 26" class="size-6.5 shrink-0" aria-hidden="true">
      <path d="M3 25V11a10 10 0 0 1 20 0v14z" fill="var(--accent)" />
      <path d="M3 14.5h20" stroke="var(--surface)" stroke-width="1.6" />
      <path d="M7 18v4M10.5 18v4M14 18v4M17.5 18v2.4M19.6 18v4" stroke="var(--surface)" stroke-width="1.7" />
    </svg>
    <span class="truncate">
      EV Carbon<span class={props.compact ? "max-[429px]:sr-only" : ""}> Exchange</span>
    </span>
  </a>
);
