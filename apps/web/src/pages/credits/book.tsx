import type { HoldingFile } from "@evx/proof";
import { Button, Card, Notice, Skeleton } from "@evx/ui";
import { useQuery } from "@tanstack/solid-query";
import { createResource, Match, Show, Switch } from "solid-js";
import { useText } from "../../i18n/index.ts";
import { api } from "../../lib/api.ts";
import { useFormat } from "../../lib/format.ts";
import { save } from "../certificates/save.ts";
import { registryTrust } from "../certificates/trust.ts";

/** A decimal text of credits from grams. */
const creditsOf = (grams: bigint): string =>
  `${grams / 1_000_000n}.${String(grams % 1_000_000n).padStart(6, "0")}`;

/** Checks here, in the browser, that what the person holds is in the day's book, and the book in the public log. */
const judged = async (file: HoldingFile, holder: string) => {
  const { verifyHolding } = await import("@evx/proof");
  const verdict = await verifyHolding(JSON.stringify(file), { ...(await registryTrust()), holder });
  const { grams, checks, ok } = verdict;
  const sum = [...grams.values()].reduce((all, one) => all + one, 0n);
  return {
    ok,
    logged: checks.some(({ name, ok: held }) => name === "log" && held === true),
    credits: creditsOf(sum),
    nothing: sum === 0n,
    wrong: checks.find((check) => check.ok === false)?.detail ?? "",
  };
};

/** That a person's own balance is in the newest daily book: proven to them, and to nobody else. */
export const BookOfDay = (props: { userId: string }) => {
  const t = useText("holding");
  const f = useFormat();
  const proof = useQuery(
    api.verification.certificates.bookProof
      .with({ retry: false, staleTime: 60_000 })
      .queryOptions(() => ({})),
  );
  const [verdict] = createResource(
    () => (proof.isPending || proof.isError ? undefined : proof.data?.file),
    (file) => judged(file, props.userId),
  );
  return (
    // Before the first book is closed there is nothing to show.
    <Show when={!(proof.isError && proof.error?.code === "book_not_found")}>
      <Card title={t("title")} subtitle={t("note")}>
        <Switch fallback={<Skeleton lines={2} class="h-10 w-full" />}>
          <Match when={proof.isError}>
            <p class="text-sm text-muted">{t("unreachable")}</p>
          </Match>
          <Match when={verdict.latest && !verdict.latest.ok && verdict.latest}>
            {(found) => (
              <Notice tone="negative" title={t("bad")}>
                {found().wrong}
              </Notice>
            )}
          </Match>
          {/* Nothing is in no book, so there is nothing that could have been checked. */}
          <Match when={verdict.latest?.nothing && proof.isSuccess && proof.data}>
            {(found) => (
              <p class="text-muted">{t("nothing", { date: f.date(`${found().file.day}T12:00:00Z`) })}</p>
            )}
          </Match>
          <Match
            when={!proof.isPending && verdict.latest && proof.data && { ...verdict.latest, ...proof.data }}
          >
            {(found) => (
              <div class="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
                <div class="min-w-0">
                  <p class="font-medium">
                    {t("in", {
                      amount: f.credits(found().credits),
                      date: f.date(`${found().file.day}T12:00:00Z`),
                    })}
                  </p>
                  <p class="text-sm text-muted">
                    {t(found().logged ? "logged" : "notLogged", {
                      index: String(found().file.log?.index ?? ""),
                      time: f.dateTime(found().closedAt),
                    })}
                  </p>
                </div>
                <Button
                  variant="secondary"
                  onClick={() => save(`book-${found().file.day}.json`, JSON.stringify(found().file, null, 2))}
                >
                  {t("save")}
                </Button>
              </div>
            )}
          </Match>
        </Switch>
      </Card>
    </Show>
  );
};
