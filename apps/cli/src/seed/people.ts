import { register as registerPerson } from "@evx/accounts";
import type { fixedClock, Locale } from "@evx/kernel";
import type { Actor, Role } from "@evx/rpc";
import type { Runtime } from "@evx/runtime";

const demoPassword = "demo-password-1";

type Person = {
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
  readonly locale: Locale;
};

/** Who can sign in after `bun run up`. The admin comes first, since an admin accredits. */
export const demoPeople = {
  admin: { email: "admin@demo.evx", fullName: "Trần Quốc Bảo", role: "admin", locale: "en" },
  cva: { email: "cva@demo.evx", fullName: "Phạm Thu Hà", role: "cva", locale: "en" },
  owner: { email: "owner@demo.evx", fullName: "Nguyễn Thị Lan", role: "ev_owner", locale: "en" },
  buyer: { email: "buyer@demo.evx", fullName: "Saigon Green Logistics", role: "buyer", locale: "en" },
} as const satisfies Record<string, Person>;

export type DemoPeople = Record<keyof typeof demoPeople, Actor>;

/** What all of the world is made with: the product, its moved clock, and who runs it. */
export type Stage = {
  readonly runtime: Runtime;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly people: DemoPeople & { readonly auditors: readonly Actor[] };
};

/** Who accredits in the demo: nobody that there is. */
const accreditationBody = "Demo Accreditation Board";

/** The context of a call that the seed makes as somebody. */
export const contextAs = (runtime: Runtime, actor: Actor | null) =>
  runtime.createContext({ actor, headers: new Headers(), ip: "127.0.0.1", requestId: "seed" });

/** Makes a person through identity's own registration, with the demo password. */
export const register = async (runtime: Runtime, by: Actor | null, person: Person): Promise<Actor> => {
  const { user } = await registerPerson(
    contextAs(runtime, by),
    runtime.ports.identity.accounts,
    { ...person, password: demoPassword },
    { by, session: false },
  );
  return {
    id: user.id,
    role: user.role,
    accredited: user.accredited,
    emailVerified: user.email_verified,
    kycStatus: user.kyc_status,
  };
};

/** Has certificates name somebody as the company that they act for. */
export const actForCompany = (runtime: Runtime, actor: Actor, name: string, lei: string | null = null) =>
  runtime.callAs(contextAs(runtime, actor)).identity.choosePublicName({ kind: "company", name, lei });

/** Has the market and the registry name somebody by their own name, as people who sell may choose. */
export const showName = (runtime: Runtime, actor: Actor, name: string) =>
  runtime.callAs(contextAs(runtime, actor)).identity.choosePublicName({ kind: "name", name });

/** Makes the four demo users and accredits the auditor, and a second one for requests that need four eyes, each by number. */
export const seedPeople = async (runtime: Runtime): Promise<DemoPeople & { auditors: readonly Actor[] }> => {
  const admin = await register(runtime, null, demoPeople.admin);
  const [cva, owner, buyer] = await Promise.all(
    ([demoPeople.cva, demoPeople.owner, demoPeople.buyer] as const).map((person) =>
      register(runtime, admin, person),
    ),
  );
  if (!cva || !owner || !buyer) throw new Error("The demo users were not made");
  await actForCompany(runtime, buyer, demoPeople.buyer.fullName, "984500EVXDEMOGREEN52");
  const second = await register(runtime, admin, {
    email: "cva2@demo.evx",
    fullName: "Nguyễn Hữu Phước",
    role: "cva",
    locale: "vi",
  });
  const accredited = async (auditor: Actor, number: string, assurance: "limited" | "reasonable") => {
    const operator = runtime.callAs(contextAs(runtime, admin));
    await operator.identity.users.accredit({ id: auditor.id, accredited: true });
    const named = { id: auditor.id, body: accreditationBody, number, assurance };
    await operator.verification.certificates.enterAccreditation(named);
    return { ...auditor, accredited: true };
  };
  const first = await accredited(cva, "DEMO-V-014", "reasonable");
  const auditors = [first, await accredited(second, "DEMO-V-027", "limited")];
  return { admin, cva: first, owner, buyer, auditors };
};
