import { newId } from "@evx/kernel";
import {
  Button,
  Card,
  EmptyState,
  LinkButton,
  NumberInput,
  RadioCards,
  Skeleton,
  TextInput,
  TextLink,
} from "@evx/ui";
import { useNavigate, useSearchParams } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { Show } from "solid-js";
import { FormFailure } from "../../frame/failure.tsx";
import { Loaded } from "../../frame/loaded.tsx";
import { Page } from "../../frame/page.tsx";
import { useText } from "../../i18n/index.ts";
import { type Answer, api, skipToken } from "../../lib/api.ts";
import { oneOf, readAs } from "../../lib/asked.ts";
import { createForm } from "../../lib/form.ts";
import { gramsOf, useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { useSession } from "../../lib/session.ts";
import { serverNow } from "../../lib/time.ts";
import { amountOf, minorOf } from "../marketplace/amounts.ts";
import { FixedTerms, fixedTermsOf } from "./fixed-terms.tsx";
import { Hint } from "./hint.tsx";
import { Net } from "./net.tsx";

type Terms = Answer<typeof api.marketplace.listings.terms>;

/** A moment as `<input type="datetime-local">` writes it, in the reader's own zone. */
const localText = (millis: number): string => {
  const at = new Date(millis);
  return new Date(millis - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** Puts credits on sale. What the seller will receive, and what sales suggest, stand beside the form. */
export default function NewListing() {
  const t = useText("selling");
  const session = useSession();
  const wallet = useQuery(
    api.credits.wallet.queryOptions(() => (session.userId() ? { userId: session.userId() } : skipToken)),
  );
  const terms = useQuery(api.marketplace.listings.terms.with({ staleTime: 60_000 }).queryOptions());
  return (
    <Page
      title={t("new.title")}
      lead={t("new.lead")}
      above={<TextLink href="/owner/listings">{t("mine.title")}</TextLink>}
    >
      <Loaded query={wallet} skeleton={<Skeleton lines={6} class="h-10 w-full" />}>
        {(data) => (
          <Show
            when={gramsOf(data().balance) > 0n}
            fallback={
              <Card>
                <EmptyState
                  title={t("new.empty")}
                  action={<LinkButton href="/owner/vehicles">{t("new.emptyAction")}</LinkButton>}
                >
                  {t("new.emptyBody")}
                </EmptyState>
              </Card>
            }
          >
            <Loaded query={terms}>{(rules) => <ListingForm free={data().balance} terms={rules()} />}</Loaded>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

/** What is said of an auction alone: without the fields that were left empty. */
const auctionTerms = (form: {
  auctionEndTime: string;
  reservePrice: string;
  startsAt: string;
  buyNowPrice: string;
  depositAmount: string;
}) => ({
  auctionEndTime: new Date(form.auctionEndTime).toISOString(),
  ...(form.reservePrice ? { reservePrice: form.reservePrice } : {}),
  ...(form.startsAt ? { startsAt: new Date(form.startsAt).toISOString() } : {}),
  ...(form.buyNowPrice ? { buyNowPrice: form.buyNowPrice } : {}),
  ...(form.depositAmount ? { depositAmount: form.depositAmount } : {}),
});

type Given = {
  creditsAmount: string;
  listingType: string;
  pricePerCredit: string;
  auctionEndTime: string;
  reservePrice: string;
  buyNowPrice: string;
  depositAmount: string;
  minCredits: string;
};

/** What is wrong with what was typed, in the reader's words. */
const problemsOf = (
  given: Given,
  props: { free: string; terms: Terms },
  t: ReturnType<typeof useText<"selling">>,
  f: ReturnType<typeof useFormat>,
) => {
  const { creditsAmount, listingType, pricePerCredit, auctionEndTime, reservePrice, buyNowPrice } = given;
  const least = given.minCredits === "" ? 0n : amountOf(given.minCredits);
  const grams = amountOf(creditsAmount);
  const price = minorOf(pricePerCredit, props.terms.currency);
  const reserve = reservePrice === "" ? null : minorOf(reservePrice, props.terms.currency);
  const buyNow = buyNowPrice === "" ? null : minorOf(buyNowPrice, props.terms.currency);
  const auction = listingType === "auction";
  return {
    creditsAmount:
      grams === null
        ? t("check.amount")
        : grams > gramsOf(props.free) && t("check.tooMuch", { amount: f.credits(props.free) }),
    pricePerCredit: (price === null || price <= 0n) && t("check.price"),
    minCredits: !auction && (least === null ? t("check.amount") : least > (grams ?? 0n) && t("check.least")),
    auctionEndTime: auction && !auctionEndTime && t("check.end"),
    reservePrice:
      auction &&
      reservePrice !== "" &&
      (reserve === null ? t("check.price") : reserve < (price ?? 0n) && t("check.reserve")),
    depositAmount:
      auction &&
      given.depositAmount !== "" &&
      minorOf(given.depositAmount, props.terms.currency) === null &&
      t("check.price"),
    buyNowPrice:
      auction &&
      buyNowPrice !== "" &&
      (buyNow === null ? t("check.price") : buyNow < (reserve ?? price ?? 0n) && t("check.buyNow")),
  };
};

const ListingForm = (props: { free: string; terms: Terms }) => {
  const t = useText("selling");
  const f = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const id = newId("listing");
  // What is listed again begins with what it was.
  const [search] = useSearchParams<{ credits?: string; price?: string; type?: string }>();
  const again = {
    credits: readAs(search, "credits", (text) => (amountOf(text) === null ? undefined : text)),
    price: readAs(search, "price", (text) => (minorOf(text, props.terms.currency) ? text : undefined)),
    type: oneOf(search, "type", ["fixed", "auction"]),
  };

  const form = createForm({
    initial: {
      creditsAmount: again.credits() ?? "",
      listingType: again.type() ?? "fixed",
      pricePerCredit: again.price() ?? "",
      auctionEndTime: localText(serverNow() + 3 * 86_400_000),
      reservePrice: "",
      startsAt: "",
      buyNowPrice: "",
      depositAmount: "",
      minCredits: "",
      expiresAt: "",
    },
    check: (given) => problemsOf(given, props, t, f),
    submit: async ({ creditsAmount, listingType, pricePerCredit, ...terms }) => {
      await api.marketplace.listings.create.call({
        id,
        creditsAmount,
        pricePerCredit,
        ...(listingType === "auction"
          ? { listingType: "auction", ...auctionTerms(terms) }
          : { listingType: "fixed", ...fixedTermsOf(terms) }),
      });
      await Promise.all([
        client.invalidateQueries({ queryKey: api.marketplace.listings.mine.key() }),
        client.invalidateQueries({ queryKey: api.credits.wallet.key() }),
      ]);
      void notify.success(t("new.done", { amount: f.credits(creditsAmount) }));
      navigate(`/marketplace/${id}`);
    },
  });
  const auction = () => form.values.listingType === "auction";
  const grams = () => amountOf(form.values.creditsAmount);
  const amount = () => (grams() === null ? "" : form.values.creditsAmount);
  const price = () => {
    const minor = minorOf(form.values.pricePerCredit, props.terms.currency);
    return minor !== null && minor > 0n ? form.values.pricePerCredit : "";
  };

  return (
    <div class="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card>
        <form novalidate class="grid gap-5" onSubmit={form.onSubmit}>
          <div class="flex items-start gap-2">
            <NumberInput
              class="min-w-0 flex-1"
              label={t("new.amount")}
              hint={`${t("new.amountHint", { amount: f.credits(props.free) })}${amount() ? `, ${f.creditsMass(amount())} CO₂` : ""}`}
              {...form.text("creditsAmount")}
              required
            />
            <Button
              class="mt-[1.625rem]"
              variant="secondary"
              onClick={() => form.set("creditsAmount", String(Number(props.free)))}
            >
              {t("new.all")}
            </Button>
          </div>
          <RadioCards
            label={t("new.type")}
            value={auction() ? "auction" : "fixed"}
            options={[
              { value: "fixed", label: t("new.fixed"), hint: t("new.fixedHint") },
              {
                value: "auction",
                label: t("new.auction"),
                hint: t("new.auctionHint", { minutes: props.terms.auctionExtensionMinutes }),
              },
            ]}
            onValue={(value) => form.set("listingType", value)}
          />
          <NumberInput
            label={t(auction() ? "new.startPrice" : "new.price")}
            unit={props.terms.currency}
            {...form.text("pricePerCredit")}
            required
          />
          <Show when={auction()}>
            <TextInput
              type="datetime-local"
              label={t("new.end")}
              hint={t("new.endHint", {
                minutes: props.terms.auctionShortestMinutes,
                days: props.terms.auctionLongestDays,
              })}
              min={localText(serverNow() + props.terms.auctionShortestMinutes * 60_000)}
              {...form.text("auctionEndTime")}
              required
            />
            <NumberInput
              label={t("new.reserve")}
              hint={t("new.reserveHint")}
              unit={props.terms.currency}
              {...form.text("reservePrice")}
              optional
            />
            <NumberInput
              label={t("new.buyNow")}
              hint={t("new.buyNowHint")}
              unit={props.terms.currency}
              {...form.text("buyNowPrice")}
              optional
            />
            <NumberInput
              label={t("new.deposit")}
              hint={t("new.depositHint")}
              unit={props.terms.currency}
              {...form.text("depositAmount")}
              optional
            />
            <TextInput
              type="datetime-local"
              label={t("new.starts")}
              hint={t("new.startsHint")}
              min={localText(serverNow())}
              {...form.text("startsAt")}
              optional
            />
          </Show>
          <Show when={!auction()}>
            <FixedTerms
              t={t}
              now={localText(serverNow())}
              minCredits={form.text("minCredits")}
              startsAt={form.text("startsAt")}
              expiresAt={form.text("expiresAt")}
            />
          </Show>
          <FormFailure form={form} />
          <Button type="submit" size="lg" busy={form.busy()}>
            {amount() ? t("new.submit", { amount: f.credits(amount()) }) : t("new.submitPlain")}
          </Button>
        </form>
      </Card>
      <div class="grid min-w-0 gap-4 lg:sticky lg:top-20">
        <Net credits={amount()} price={price()} auction={auction()} />
        <Hint
          credits={amount()}
          auction={auction()}
          price={price()}
          onUse={({ price, reserve }) => {
            form.set("pricePerCredit", price);
            if (reserve) form.set("reservePrice", reserve);
          }}
        />
      </div>
    </div>
  );
};
