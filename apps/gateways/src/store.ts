import { Database } from "bun:sqlite";

/** Anything a gateway hands out: an id, what it is, and whatever else its protocol says. */
export type Thing = { id: string; object: string; created: number } & Record<string, unknown>;

/** Work that is due at a moment: a webhook to deliver, a payout that arrives, a session that lapses. */
export type Task = { id: number; at: number; kind: string; subject: string; attempt: number };

/** The first answer given under an idempotency key, replayed for a day. */
export type Answer = { digest: string; status: number; body: string };

/**
 * What the emulator remembers, in one SQLite file, so that a restart forgets no session, payout or webhook.
 * Every call is synchronous: a request that has read its body is alone until it answers.
 */
export class Store {
  readonly #db: Database;
  #changed: () => void = () => {};

  constructor(file = ":memory:") {
    this.#db = new Database(file, { create: true, strict: true });
    this.#db.run("pragma journal_mode = wal");
    this.#db.run("pragma synchronous = normal");
    this.#db.run(`create table if not exists thing (
      seq integer primary key autoincrement, id text not null unique, kind text not null,
      account text not null, body text not null)`);
    this.#db.run("create index if not exists thing_kind on thing (kind, account, seq)");
    this.#db.run(`create table if not exists answer (
      account text not null, key text not null, digest text not null, status integer not null,
      body text not null, at integer not null, primary key (account, key))`);
    this.#db.run(`create table if not exists task (
      id integer primary key autoincrement, at integer not null, kind text not null,
      subject text not null, attempt integer not null default 1)`);
    this.#db.run("create index if not exists task_at on task (at)");
  }

  /** All or nothing: what `work` wrote is undone when it throws. */
  atomically<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  put(thing: Thing, account = ""): void {
    this.#db
      .query(
        `insert into thing (id, kind, account, body) values ($id, $kind, $account, $body)
         on conflict (id) do update set body = excluded.body`,
      )
      .run({ id: thing.id, kind: thing.object, account, body: JSON.stringify(thing) });
  }

  get<T extends Thing>(id: string, account?: string): T | null {
    const row = this.#db
      .query<{ body: string; account: string }, { id: string }>(
        "select body, account from thing where id = $id",
      )
      .get({ id });
    if (!row || (account !== undefined && row.account !== account)) return null;
    return JSON.parse(row.body) as T;
  }

  /** Things of one kind, newest first. */
  list<T extends Thing>(kind: string, account = ""): T[] {
    return this.#db
      .query<{ body: string }, { kind: string; account: string }>(
        "select body from thing where kind = $kind and account = $account order by seq desc",
      )
      .all({ kind, account })
      .map((row) => JSON.parse(row.body) as T);
  }

  answer(account: string, key: string, notBefore: number): Answer | null {
    return this.#db
      .query<Answer, { account: string; key: string; notBefore: number }>(
        "select digest, status, body from answer where account = $account and key = $key and at >= $notBefore",
      )
      .get({ account, key, notBefore });
  }

  keepAnswer(account: string, key: string, at: number, answer: Answer): void {
    this.#db
      .query("insert or replace into answer values ($account, $key, $digest, $status, $body, $at)")
      .run({ account, key, at, ...answer });
  }

  later(kind: string, subject: string, at: number): void {
    this.#db
      .query("insert into task (at, kind, subject) values ($at, $kind, $subject)")
      .run({ at: Math.ceil(at), kind, subject });
    this.#changed();
  }

  again(task: Task, at: number): void {
    this.#db
      .query("update task set at = $at, attempt = attempt + 1 where id = $id")
      .run({ at: Math.ceil(at), id: task.id });
    this.#changed();
  }

  done(task: Task): void {
    this.#db.query("delete from task where id = $id").run({ id: task.id });
  }

  due(now: number): Task[] {
    return this.#db
      .query<Task, { now: number }>("select * from task where at <= $now order by at, id limit 200")
      .all({ now });
  }

  /** When the next task is due, in milliseconds; null when there is none. */
  nextDue(): number | null {
    return this.#db.query<{ at: number | null }, []>("select min(at) as at from task").get()?.at ?? null;
  }

  /** Told whenever a task is added or moved. */
  onTask(changed: () => void): void {
    this.#changed = changed;
  }

  close(): void {
    this.#changed = () => {};
    this.#db.close();
  }
}
