import { For, type JSX } from "solid-js";
import { Page } from "../../frame/page.tsx";

/** A long text with a heading to each part, set for reading. */
export const LegalText = (props: {
  title: string;
  lead: string;
  parts: readonly { id: string; title: string; body: JSX.Element }[];
  contents: string;
}) => (
  <Page title={props.title} lead={props.lead} narrow>
    <nav aria-label={props.contents} class="mb-8 border-t-2 border-t-ink bg-surface px-5 py-4">
      <ol class="grid gap-x-7 sm:grid-cols-2">
        <For each={props.parts}>
          {(part) => (
            <li>
              <a
                href={`#${part.id}`}
                target="_self"
                class="inline-flex min-h-11 items-center text-accent hover:underline"
              >
                {part.title}
              </a>
            </li>
          )}
        </For>
      </ol>
    </nav>
    <For each={props.parts}>
      {(part) => (
        <section class="mb-8 scroll-mt-24" aria-labelledby={part.id}>
          <h2 id={part.id} class="scroll-mt-24 text-base/5.5 font-[650]">
            {part.title}
          </h2>
          <div class="mt-2 max-w-[65ch] text-pretty">{part.body}</div>
        </section>
      )}
    </For>
  </Page>
);
