/** The mark and the name. */
export const Brand = (props: { href: string; compact?: boolean }) => (
  <a
    href={props.href}
    class="inline-flex min-w-0 items-center gap-2.5 rounded-control font-semibold tracking-tight"
  >
    <svg viewBox="0 0 32 32" class="size-7 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M18.5 6 9 18h6l-1.5 8L23 14h-6z" fill="var(--on-accent)" />
    </svg>
    <span class="truncate">
      EV Carbon<span class={props.compact ? "max-[429px]:sr-only" : ""}> Exchange</span>
    </span>
  </a>
);
