import {
  Badge,
  Button,
  Card,
  Code,
  ConfirmDialog,
  CopyText,
  Countdown,
  DescriptionList,
  Dialog,
  EmptyState,
  ErrorBox,
  FileDrop,
  IconButton,
  IntervalBar,
  LinkButton,
  Menu,
  Notice,
  NumberInput,
  ProgressBar,
  RadioCards,
  Segmented,
  Skeleton,
  Stat,
  Stats,
  StatusDot,
  Steps,
  Table,
  TabNav,
  TimeChart,
} from "@evx/ui";
import Bell from "lucide-solid/icons/bell";
import Ellipsis from "lucide-solid/icons/ellipsis";
import Leaf from "lucide-solid/icons/leaf";
import Plus from "lucide-solid/icons/plus";
import { createSignal } from "solid-js";
import { Page } from "../../frame/page.tsx";
import { useFormat } from "../../lib/format.ts";
import { notify } from "../../lib/notify.ts";
import { pointsOf, spanOf } from "../../lib/periods.ts";
import { serverNow } from "../../lib/time.ts";
import { Marks } from "./marks.tsx";
import { States } from "./states.tsx";
import { w } from "./words.ts";

const kilograms = [88, 92, 110, 121, 134, 128, 0, 162, 149, 171, 183].map((kg, place) => ({
  period: `2026-${String(place + 1).padStart(2, "0")}`,
  kg,
}));
/** Prices of 40 days, eight of them without a sale. */
const prices = Array.from({ length: 40 }, (_, day) => ({
  day,
  price: day > 17 && day < 26 ? null : 11 + day / 18 + Math.sin(day / 3) * 0.35,
}));
const dayOf = (day: number) => new Date(Date.UTC(2026, 9, 1 + day)).toISOString().slice(0, 10);
const trips = [
  {
    date: "2026-11-22",
    route: "Hà Nội → Hải Phòng",
    km: 120.4,
    kg: 14.2,
    tone: "positive",
    state: "Verified",
  },
  {
    date: "2026-11-21",
    route: "Cầu Giấy → Long Biên",
    km: 14.8,
    kg: 1.7,
    tone: "warning",
    state: "In review",
  },
  {
    date: "2026-11-20",
    route: "Sân bay quốc tế Nội Bài, nhà ga T2, cột số 14 → Khu đô thị Ocean Park 3",
    km: 1027.1,
    kg: 0,
    tone: "negative",
    state: "Rejected",
  },
] as const;

/** Every component with ordinary and with ugly data. Development builds only. */
export default function Gallery() {
  const f = useFormat();
  const [open, setOpen] = createSignal(false);
  const [asked, setAsked] = createSignal(false);
  const [period, setPeriod] = createSignal<"day" | "month" | "year">("month");
  const [role, setRole] = createSignal<"owner" | "buyer">("owner");
  const soon = new Date(serverNow() + 2 * 3_600_000 + 14 * 60_000 + 9000).toISOString();

  return (
    <Page
      title={w("Gallery")}
      lead={w("Every component in each state, with ordinary and with ugly data.")}
      above={<a href="/">{w("Start")}</a>}
      actions={
        <>
          <Menu
            label={w("More")}
            trigger={<Ellipsis size={16} />}
            items={[
              { label: w("Import trips"), onSelect: () => {} },
              { label: w("Remove"), danger: true, onSelect: () => setAsked(true) },
            ]}
          />
          <Button icon={<Plus size={16} aria-hidden="true" />} onClick={() => setOpen(true)}>
            {w("List credits")}
          </Button>
        </>
      }
    >
      <TabNav
        label={w("Views")}
        items={[
          { href: "/_gallery", label: w("Overview"), current: true },
          { href: "/_gallery?x=1", label: w("Trips"), current: false },
          { href: "/_gallery?x=2", label: w("Requests"), current: false },
        ]}
      />
      <Stats>
        <Stat
          label={w("CO₂ avoided")}
          value={f.kg(1489)}
          note={w("+12.4% vs last month")}
          icon={<Leaf size={16} />}
        />
        <Stat label={w("Credits available")} value={f.credits("1.240000")} note={f.creditsMass("1.240000")} />
        <Stat label={w("Credit price")} value={f.money("12.61", "USD")} href="/trends" />
        <Stat
          label={w("Wallet")}
          value={f.money("1041200000", "VND")}
          note={`${f.money("36", "USD")} held`}
        />
      </Stats>
      <div class="mt-4 grid grid-cols-1 gap-4 lg:grid-cols-3">
        <Card
          class="lg:col-span-2"
          title={w("CO₂ avoided")}
          subtitle={w("Kilograms, verified trips only")}
          actions={
            <Segmented
              label={w("Period")}
              value={period()}
              options={[
                { value: "day", label: w("Day") },
                { value: "month", label: w("Month") },
                { value: "year", label: w("Year") },
              ]}
              onValue={setPeriod}
            />
          }
        >
          <TimeChart
            mark="bars"
            title={w("CO₂ avoided by month")}
            labelHeader={w("Month")}
            valueHeader={w("CO₂")}
            points={pointsOf(kilograms, 12, f, ({ kg }) => kg)}
            format={(value) => f.kg(value)}
            formatTick={(value) => f.number(value)}
          />
        </Card>
        <Card
          title={w("Auction")}
          subtitle={w("9 bids")}
          actions={<StatusDot tone="positive">{w("Live")}</StatusDot>}
        >
          <p class="text-2xl/8 font-semibold" data-figure>
            <Countdown until={soon} />
          </p>
          <DescriptionList
            class="mt-2"
            items={[
              { label: w("Price now"), value: f.money("12.95", "USD"), strong: true },
              { label: w("Your highest"), value: <Badge>{w("You")}</Badge> },
              {
                label: w("Serial"),
                value: <CopyText label={w("serial")} text="EVX-VN-FLAT1-2026-B7K2-000000001-000100000" />,
              },
              { label: w("Broken after its signs"), value: <Code>EVX-VN-flat-v1-2026-000064-1-406790</Code> },
            ]}
          />
        </Card>
        <Card
          class="lg:col-span-2"
          title={w("Credit price")}
          subtitle={w("40 days, 12-day forecast with its interval")}
        >
          <TimeChart
            mark="steps"
            title={w("Credit price over 40 days with a forecast")}
            labelHeader={w("Day")}
            valueHeader={w("Price")}
            rangeHeader={w("Range")}
            bandLabel={w("Nine of ten sales expected in here")}
            points={[
              ...prices.map(({ day, price }) => ({
                ...spanOf(dayOf(day), f),
                value: price,
                gap: w("No sale"),
                ...(price === null ? {} : { low: price - 0.2, high: price + 0.15 }),
              })),
              ...Array.from({ length: 12 }, (_, day) => ({
                ...spanOf(dayOf(day + 40), f),
                value: 13.2 + day * 0.05,
                low: 13.2 - day * 0.02,
                high: 13.2 + day * 0.12,
                ahead: true,
              })),
            ]}
            format={(value) => f.money(value.toFixed(2), "USD")}
          />
        </Card>
        <Card title={w("Suggested price")} subtitle={w("9 of 10 sales fall in the interval")}>
          <IntervalBar
            title={w("Suggested $12.61, between $11.90 and $13.20")}
            low={11.9}
            value={12.61}
            high={13.2}
            mark={12.2}
            markLabel={w("Your price")}
            format={(value) => f.money(value.toFixed(2), "USD")}
          />
          <ProgressBar
            class="mt-4"
            label={w("Import")}
            value={1200}
            max={5000}
            note={w("1,200 of 5,000 rows, 3 rejected, 20 s left")}
          />
          <ProgressBar class="mt-4" label={w("Waiting")} />
        </Card>
      </div>
      <Card class="mt-4" title={w("Recent trips")}>
        <Table
          caption={w("Recent trips")}
          sort={{ key: "km", direction: "descending" }}
          onSort={() => {}}
          columns={[
            { key: "route", header: w("Route"), lead: true, cell: (row) => row.route },
            { key: "date", header: w("Date"), cell: (row) => f.date(row.date) },
            { key: "km", header: w("Distance"), align: "end", sortable: true, cell: (row) => f.km(row.km) },
            { key: "kg", header: w("CO₂ avoided"), align: "end", cell: (row) => f.kg(row.kg) },
            {
              key: "state",
              header: w("Status"),
              cell: (row) => <StatusDot tone={row.tone}>{row.state}</StatusDot>,
            },
          ]}
          rows={trips}
        />
      </Card>
      <div class="mt-4 grid grid-cols-1 gap-4 lg:grid-cols-2">
        <div class="grid content-start gap-4">
          <RadioCards
            label={w("What brings you here?")}
            value={role()}
            options={[
              { value: "owner", label: w("I drive an electric car"), hint: w("Turn CO₂ into credits.") },
              { value: "buyer", label: w("I want to buy credits"), hint: w("Buy and retire.") },
            ]}
            onValue={setRole}
          />
          <FileDrop
            label={w("Import trips")}
            hint={w("CSV or JSON, up to 50 MB")}
            onFile={(file) => void notify.success(file.name)}
          />
          <div class="flex flex-wrap gap-2">
            <Button>{w("Primary")}</Button>
            <Button variant="secondary">{w("Secondary")}</Button>
            <Button variant="quiet">{w("Quiet")}</Button>
            <Button variant="danger">{w("Remove")}</Button>
            <Button busy>{w("Paying")}</Button>
            <Button disabled>{w("Disabled")}</Button>
            <LinkButton href="/" size="sm" variant="secondary">
              {w("Small link")}
            </LinkButton>
            <IconButton
              label={w("Notifications")}
              bordered
              onClick={() =>
                void notify.success("25 kg listed", { description: "Auction ends in 24 hours." })
              }
            >
              <Bell size={16} aria-hidden="true" />
            </IconButton>
          </div>
          <div class="flex flex-wrap gap-2">
            {(["positive", "warning", "negative", "info", "neutral"] as const).map((tone) => (
              <StatusDot tone={tone}>{tone}</StatusDot>
            ))}
          </div>
          <Notice title={w("Fees")}>
            2.5 % platform and 1 % auditor. You receive {f.money("11.90", "USD")}.
          </Notice>
          <Notice tone="warning" title={w("Flagged")}>
            15 km between points 88 m apart. Imported, shown to the auditor.
          </Notice>
          <ErrorBox
            title={w("That listing has already been sold.")}
            reference="req_01jx8"
            actions={
              <Button size="sm" variant="secondary">
                {w("See other listings")}
              </Button>
            }
          >
            {w("Nothing was charged.")}
          </ErrorBox>
        </div>
        <Card title={w("Lifecycle")}>
          <Steps
            label={w("Request")}
            items={[
              { label: w("Requested"), note: "3 Nov 2026", state: "done" },
              { label: w("In review"), note: w("By An Phạm"), state: "current" },
              { label: w("Issued"), state: "ahead" },
            ]}
          />
        </Card>
        <Card>
          <EmptyState
            title={w("No trips yet")}
            icon={<Leaf size={18} />}
            action={<Button size="sm">{w("Import trips")}</Button>}
          >
            {w("Connect your car or import its log; we read eight formats.")}
          </EmptyState>
          <Skeleton lines={3} />
        </Card>
      </div>
      <Dialog
        open={open()}
        onOpen={setOpen}
        title={w("List credits for auction")}
        description={w("Bids are public. Your credits are held until the auction ends.")}
        actions={
          <>
            <Button variant="secondary" onClick={() => setOpen(false)}>
              {w("Cancel")}
            </Button>
            <Button onClick={() => setOpen(false)}>{w("Start auction")}</Button>
          </>
        }
      >
        <NumberInput label={w("Quantity")} unit="kg" value="25" onValue={() => {}} />
      </Dialog>
      <ConfirmDialog
        open={asked()}
        onOpen={setAsked}
        title={w("Retire 0.1 credits?")}
        confirm={w("Retire 0.1 credits")}
        cancel={w("Cancel")}
        danger
        onConfirm={() => {}}
      >
        {w("This cannot be undone. The credits leave circulation for good.")}
      </ConfirmDialog>
      <States />
      <Marks />
    </Page>
  );
}
