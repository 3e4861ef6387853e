import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool } from "@evx/db";

/**
 * Sales of a demo world were paid while no emulator ran. Written down for it, or it would deny them: each would be a difference
 * of its day, and none could be given back. Read from the database at each start, for a prepared world is copied there.
 */
export const writePast = async (dataDir: string, databaseUrl: string): Promise<void> => {
  const pool = createPool(databaseUrl);
  try {
    const { rows } = await pool.query(
      `select a.ref as session, a.charge_ref as intent, p.id as "paymentId", p.order_id as "orderId",
        p.amount_minor::int as amount, p.currency, p.description, extract(epoch from p.captured_at)::int as paid_at
      from payments.attempt a join payments.payment p on p.id = a.payment_id and p.attempt = a.number
      where a.ref like 'cs\\_fake\\_%' and a.charge_ref is not null order by p.captured_at, p.id`,
    );
    writeFileSync(join(dataDir, "gateways-past.json"), JSON.stringify(rows));
  } finally {
    await pool.end();
  }
};
