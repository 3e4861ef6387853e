import {
  Badge,
  Button,
  Card,
  Checkbox,
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
  PasswordInput,
  ProgressBar,
  RadioCards,
  Segmented,
  Select,
  Skeleton,
  Stat,
  Stats,
  StatusDot,
  Steps,
  Table,
  TabNav,
  TextArea,
  TextInput,
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

/** Every component with ordinary and with ugly data. Development builds only, so its words are not translated. */
export default function Gallery() {
  const f = useFormat();
  const [open, setOpen] = createSignal(false);
  const [asked, setAsked] = createSignal(false);
  const [period, setPeriod] = createSignal<"day" | "month" | "year">("month");
  const [role, setRole] = createSignal<"owner" | "buyer">("owner");
  const [text, setText] = createSignal("VF 8");
  const [amount, setAmount] = createSignal("1200.5");
  const [agree, setAgree] = createSignal(true);
  const soon = new Date(serverNow() + 2 * 3_600_000 + 14 * 60_000 + 9000).toISOString();

  return (
    <Page
      title="Gallery"
      lead="Every component in each state, with ordinary and with ugly data."
      above={<a href="/">Start</a>}
      actions={
        <>
          <Menu
            label="More"
            trigger={<Ellipsis size={16} />}
            items={[
              { label: "Import trips", onSelect: () => {} },
              { label: "Remove", danger: true, onSelect: () => setAsked(true) },
            ]}
          />
          <Button icon={<Plus size={16} aria-hidden="true" />} onClick={() => setOpen(true)}>
            List credits
          </Button>
        </>
      }
    >
      <TabNav
        label="Views"
        items={[
          { href: "/_gallery", label: "Overview", current: true },
          { href: "/_gallery?x=1", label: "Trips", current: false },
          { href: "/_gallery?x=2", label: "Requests", current: false },
        ]}
      />
      <Stats>
        <Stat label="CO₂ avoided" value={f.kg(1489)} note="+12.4% vs last month" icon={<Leaf size={16} />} />
        <Stat label="Credits available" value={f.credits("1.240000")} note={f.creditsMass("1.240000")} />
        <Stat label="Credit price" value={f.money("12.61", "USD")} href="/trends" />
        <Stat label="Wallet" value={f.money("1041200000", "VND")} note={`${f.money("36", "USD")} held`} />
      </Stats>
      <div class="mt-4 grid grid-cols-1 gap-4 lg:grid-cols-3">
        <Card
          class="lg:col-span-2"
          title="CO₂ avoided"
          subtitle="Kilograms, verified trips only"
          actions={
            <Segmented
              label="Period"
              value={period()}
              options={[
                { value: "day", label: "Day" },
                { value: "month", label: "Month" },
                { value: "year", label: "Year" },
              ]}
              onValue={setPeriod}
            />
          }
        >
          <TimeChart
            mark="bars"
            title="CO₂ avoided by month"
            labelHeader="Month"
            valueHeader="CO₂"
            points={pointsOf(kilograms, 12, f, ({ kg }) => kg)}
            format={(value) => f.kg(value)}
            formatTick={(value) => f.number(value)}
          />
        </Card>
        <Card title="Auction" subtitle="9 bids" actions={<StatusDot tone="positive">Live</StatusDot>}>
          <p class="text-2xl/8 font-semibold" data-figure>
            <Countdown until={soon} />
          </p>
          <DescriptionList
            class="mt-2"
            items={[
              { label: "Price now", value: f.money("12.95", "USD"), strong: true },
              { label: "Your highest", value: <Badge>You</Badge> },
              {
                label: "Serial",
                value: <CopyText label="serial" text="EVX-VN-FLAT1-2026-B7K2-000000001-000100000" />,
              },
              { label: "Broken after its signs", value: <Code>EVX-VN-flat-v1-2026-000064-1-406790</Code> },
            ]}
          />
        </Card>
        <Card
          class="lg:col-span-2"
          title="Credit price"
          subtitle="40 days, 12-day forecast with its interval"
        >
          <TimeChart
            mark="steps"
            title="Credit price over 40 days with a forecast"
            labelHeader="Day"
            valueHeader="Price"
            rangeHeader="Range"
            bandLabel="Nine of ten sales expected in here"
            points={[
              ...prices.map(({ day, price }) => ({
                ...spanOf(dayOf(day), f),
                value: price,
                gap: "No sale",
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
        <Card title="Suggested price" subtitle="9 of 10 sales fall in the interval">
          <IntervalBar
            title="Suggested $12.61, between $11.90 and $13.20"
            low={11.9}
            value={12.61}
            high={13.2}
            mark={12.2}
            markLabel="Your price"
            format={(value) => f.money(value.toFixed(2), "USD")}
          />
          <ProgressBar
            class="mt-4"
            label="Import"
            value={1200}
            max={5000}
            note="1,200 of 5,000 rows, 3 rejected, 20 s left"
          />
          <ProgressBar class="mt-4" label="Waiting" />
        </Card>
      </div>
      <Card class="mt-4" title="Recent trips">
        <Table
          caption="Recent trips"
          sort={{ key: "km", direction: "descending" }}
          onSort={() => {}}
          columns={[
            { key: "route", header: "Route", lead: true, cell: (row) => row.route },
            { key: "date", header: "Date", cell: (row) => f.date(row.date) },
            { key: "km", header: "Distance", align: "end", sortable: true, cell: (row) => f.km(row.km) },
            { key: "kg", header: "CO₂ avoided", align: "end", cell: (row) => f.kg(row.kg) },
            {
              key: "state",
              header: "Status",
              cell: (row) => <StatusDot tone={row.tone}>{row.state}</StatusDot>,
            },
          ]}
          rows={trips}
        />
      </Card>
      <div class="mt-4 grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Card title="Fields">
          <div class="grid gap-4">
            <TextInput label="Model" value={text()} onValue={setText} hint="As the maker writes it." />
            <TextInput
              label="VIN"
              value="WVWZZZ"
              onValue={() => {}}
              error="A VIN has 17 characters; this has 6."
              required
            />
            <NumberInput
              label="Price per credit"
              unit="USD"
              value={amount()}
              onValue={setAmount}
              hint={`Sent as ${amount()}`}
            />
            <PasswordInput label="Password" value="secret" onValue={() => {}} />
            <Select
              label="Country"
              value="VN"
              placeholder="All countries"
              options={["VN", "DE", "FR"].map((value) => ({ value, label: f.country(value) }))}
              onValue={() => {}}
            />
            <TextArea
              label="Notes"
              value=""
              onValue={() => {}}
              placeholder="What the auditor should know"
              optional
            />
            <Checkbox
              label="I have read the terms"
              checked={agree()}
              onChecked={setAgree}
              hint="They are short."
            />
            <TextInput label="Disabled" value="Cannot be changed" onValue={() => {}} disabled />
          </div>
        </Card>
        <div class="grid content-start gap-4">
          <RadioCards
            label="What brings you here?"
            value={role()}
            options={[
              { value: "owner", label: "I drive an electric car", hint: "Turn CO₂ into credits." },
              { value: "buyer", label: "I want to buy credits", hint: "Buy and retire." },
            ]}
            onValue={setRole}
          />
          <FileDrop
            label="Import trips"
            hint="CSV or JSON, up to 50 MB"
            onFile={(file) => void notify.success(file.name)}
          />
          <div class="flex flex-wrap gap-2">
            <Button>Primary</Button>
            <Button variant="secondary">Secondary</Button>
            <Button variant="quiet">Quiet</Button>
            <Button variant="danger">Remove</Button>
            <Button busy>Paying</Button>
            <Button disabled>Disabled</Button>
            <LinkButton href="/" size="sm" variant="secondary">
              Small link
            </LinkButton>
            <IconButton
              label="Notifications"
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
          <Notice title="Fees">2.5 % platform and 1 % auditor. You receive {f.money("11.90", "USD")}.</Notice>
          <Notice tone="warning" title="Flagged">
            15 km between points 88 m apart. Imported, shown to the auditor.
          </Notice>
          <ErrorBox
            title="That listing has already been sold."
            reference="req_01jx8"
            actions={
              <Button size="sm" variant="secondary">
                See other listings
              </Button>
            }
          >
            Nothing was charged.
          </ErrorBox>
        </div>
        <Card title="Lifecycle">
          <Steps
            label="Request"
            items={[
              { label: "Requested", note: "3 Nov 2026", state: "done" },
              { label: "In review", note: "By An Phạm", state: "current" },
              { label: "Issued", state: "ahead" },
            ]}
          />
        </Card>
        <Card>
          <EmptyState
            title="No trips yet"
            icon={<Leaf size={18} />}
            action={<Button size="sm">Import trips</Button>}
          >
            Connect your car or import its log; we read eight formats.
          </EmptyState>
          <Skeleton lines={3} />
        </Card>
      </div>
      <Dialog
        open={open()}
        onOpen={setOpen}
        title="List credits for auction"
        description="Bids are public. Your credits are held until the auction ends."
        actions={
          <>
            <Button variant="secondary" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button onClick={() => setOpen(false)}>Start auction</Button>
          </>
        }
      >
        <NumberInput label="Quantity" unit="kg" value="25" onValue={() => {}} />
      </Dialog>
      <ConfirmDialog
        open={asked()}
        onOpen={setAsked}
        title="Retire 0.1 credits?"
        confirm="Retire 0.1 credits"
        cancel="Cancel"
        danger
        onConfirm={() => {}}
      >
        This cannot be undone. The credits leave circulation for good.
      </ConfirmDialog>
      <Marks />
    </Page>
  );
}
