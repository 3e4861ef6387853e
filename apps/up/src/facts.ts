/**
 * What a world says, without what is drawn anew each time that it is laid out (ids, salts, hashes, keys, pseudonyms): people and
 * what they hold, cars and their trips, what was verified, offered, sold, moved and certified, and how many rows each table has.
 */
import { createPool } from "@evx/db";

const person = (id: string) => `(select email from identity."user" u where u.id = ${id})`;

/** Each of these lists one line a fact; their order does not count. */
const questions: Record<string, string> = {
  people: `select concat_ws(' ', email, role, full_name, public_kind, public_name, accredited) from identity."user"`,
  balances: `select concat_ws(' ', coalesce(${person("holder")}, 'venue'), asset, kind, sum(balance), sum(held))
    from ledger.account where kind <> 'listing' group by holder, asset, kind`,
  cars: `select concat_ws(' ', ${person("v.owner_id")}, vin, make, model, class, count(t.id), sum(t.distance_m), sum(t.energy_wh),
    sum(t.co2_g), min(t.started_at), max(t.ended_at), string_agg(distinct t.quality, '+'), string_agg(distinct t.status, '+'))
    from vehicles.vehicle v left join vehicles.trip t on t.vehicle_id = v.id group by v.id`,
  requests: `select concat_ws(' ', ${person("owner_id")}, status, ${person("decided_by")}, trip_count, distance_m, co2_saved_g,
    flat_g, metered_g, method_code, factor_set, first_at, last_at) from verification.request`,
  listings: `select concat_ws(' ', ${person("seller_id")}, kind, status, amount_g, sold_g, returned_g, price_minor, currency,
    vintage_year, method_code) from marketplace.listing`,
  orders: `select concat_ws(' ', ${person("buyer_id")}, ${person("seller_id")}, kind, status, amount_g, price_minor, total_minor,
    platform_fee_minor, cva_fee_minor, net_minor, currency, created_at::date) from marketplace."order"`,
  moves: `select concat_ws(' ', t.kind, t.at::date, a.asset, a.kind, count(*), sum(e.amount)) from ledger.transfer t
    join ledger.entry e on e.transfer_id = t.id join ledger.account a on a.id = e.account_id
    group by t.kind, t.at::date, a.asset, a.kind`,
  certificates: `select concat_ws(' ', kind, ${person("holder_id")}, credits_g, regexp_replace(document::jsonb ->> 'holder', '^H(-[0-9A-F]{4}){3}$', 'a pseudonym'),
    document::jsonb -> 'retirement' ->> 'beneficiary', document::jsonb -> 'retirement' ->> 'reason', issued_at::date)
    from verification.certificate`,
  log: `select concat_ws(' ', kind, at::date, count(*)) from log.pending where kind <> 'standing' group by kind, at::date`,
};

/**
 * Which block of a wallet goes first is decided by ids where the day decides nothing, so that one sale takes two blocks in one
 * world and one in another: what counts blocks is left out. Tables of work have as many rows as there was time.
 */
const byChance = [
  "ledger.block",
  "ledger.block_move",
  "verification.certificate_lot",
  "verification.current_lot",
  "log.pending",
];

const tables = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema', 'pgboss', 'jobs') order by 1`;

/** The facts of a world in lines, each beginning with what it is about, sorted. */
export const factsOf = async (url: string): Promise<string[]> => {
  const pool = createPool(url);
  try {
    const facts: string[] = [];
    for (const [about, question] of Object.entries(questions)) {
      const { rows } = await pool.query<{ fact: string }>(`select fact from (${question}) as found (fact)`);
      facts.push(...rows.map(({ fact }) => `${about}: ${fact}`));
    }
    const named = await pool.query<{ name: string }>(tables);
    for (const { name } of named.rows) {
      if (byChance.includes(name)) continue;
      const { rows } = await pool.query<{ count: string }>(`select count(*)::text as count from ${name}`);
      facts.push(`rows: ${name} ${rows[0]?.count}`);
    }
    return facts.sort();
  } finally {
    await pool.end();
  }
};

/** The facts that only one of the two has, as often as it has them more. */
export const differences = (kept: readonly string[], made: readonly string[]): string[] => {
  const more = (those: readonly string[], than: readonly string[], sign: string) => {
    const left = new Map<string, number>();
    for (const fact of than) left.set(fact, (left.get(fact) ?? 0) + 1);
    return those.flatMap((fact) => {
      const count = left.get(fact) ?? 0;
      left.set(fact, count - 1);
      return count > 0 ? [] : [`${sign} ${fact}`];
    });
  };
  return [...more(kept, made, "kept only:"), ...more(made, kept, "made only:")];
};
