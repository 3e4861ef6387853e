export default {
  contents: "On this page",
  "terms.title": "Terms",
  "terms.lead": "What you agree to when you use EV Carbon Exchange, in the order in which it matters.",
  "terms.venue.title": "What we are",
  "terms.venue.body":
    "EV Carbon Exchange is a venue. Owners of electric vehicles sell the CO₂ that their driving avoided, as credits of one tonne counted to the gram. Independent auditors decide what is issued. Buyers buy from owners, not from us, and we never own the credits that are traded here.",
  "terms.accounts.title": "Your account",
  "terms.accounts.body":
    "One person or company has one account, keeps its password secret and answers for what is done with it. We may ask for proof of identity before money leaves the venue. Nobody can sign up as an operator, and an auditor reviews nothing before an operator has accredited them.",
  "terms.claims.title": "Claiming trips",
  "terms.claims.body":
    "Claim only trips that you drove or that your vehicle drove while it was yours, and claim each of them nowhere else. A trip can be claimed once on this venue, whoever asks: the database refuses a second claim. Claiming the same trips in another programme is fraud and ends your account.",
  "terms.audit.title": "What auditors decide",
  "terms.audit.body":
    "An auditor may approve a request, reject single trips with a reason, or ask for more evidence. Auditors never review a request in which they have an interest. Large requests need two of them. You may send rejected trips again with better evidence.",
  "terms.sales.title": "Buying and selling",
  "terms.sales.body":
    "A listing is a binding offer. Its credits are set aside the moment it is published. A sale is final once the payment is captured: credits, money and fees move in one posting, or nothing moves at all. Before you list, we show what you will receive and from which date.",
  "terms.fees.title": "Fees",
  "terms.fees.now":
    "Today: {{ platform }}% of a sale to the venue and {{ auditor }}% to the auditor, paid by the seller.",
  "terms.fees.body":
    "Signing up, importing, auditing, listing, holding, retiring and withdrawing cost nothing. The payment provider's own fee is ours to pay. A change of fees never touches a sale that has been agreed.",
  "terms.auctions.title": "Auctions",
  "terms.auctions.body":
    "A bid is binding up to its maximum. The price is one step above the second-highest maximum. A bid in the last minutes moves the end. Whoever wins pays within 48 hours; if they do not, the lot goes to the next bidder and their account is marked. Sellers may not bid on their own lots, by themselves or through others.",
  "terms.retirement.title": "Retirement",
  "terms.retirement.body":
    "Retiring takes credits out of circulation for good and is public: amount, beneficiary, period and reason. It cannot be undone by you, by us or by anybody else.",
  "terms.payouts.title": "Getting paid",
  "terms.payouts.body":
    "The money of a sale may be held for some days before it can be withdrawn; the date is shown with the sale. If a bank sends a withdrawal back, the money returns to your balance. You pay the taxes on what you earn.",
  "terms.errors.title": "When something was wrong",
  "terms.errors.body":
    "If a batch turns out to have been issued wrongly, it is revoked in public with the reason, and grams from the buffer or from its owner make up for what was sold. A purchase with a fault on our side is paid back. We are liable for the price you paid, and for intent and gross negligence without limit.",
  "terms.ending.title": "Ending and changing",
  "terms.ending.body":
    "You may stop at any time; credits stay yours and can be sold or withdrawn. We suspend accounts that break these terms and say why. We announce changes of these terms by email 30 days ahead. The law of Vietnam applies, unless the law that protects you as a consumer says more.",
  "privacy.title": "Privacy",
  "privacy.lead": "What we know about you, why, who else sees it, and when it is erased.",
  "privacy.collect.title": "What we collect",
  "privacy.collect.body":
    "Your name, email address and role. For owners: vehicles with their VIN, trips with time, distance and, where your file or car sends them, energy, odometer and positions. For payments: bank details, and documents if your identity must be proved. Card numbers go to the payment provider alone; we never see them.",
  "privacy.purpose.title": "What for",
  "privacy.purpose.body":
    "To compute and audit the CO₂ your driving avoided, to make sure that no gram is counted twice, to pay you, and to do what the law asks of those who move money. We sell no data and show no advertising.",
  "privacy.public.title": "What is public",
  "privacy.public.body":
    "Batches with vehicle class, country, year, method, auditor and amounts; retirements with the beneficiary that the buyer enters; certificates. Never a VIN, a position, an address or an email. Trips appear in public only as salted hashes that reveal nothing.",
  "privacy.auditors.title": "What auditors see",
  "privacy.auditors.body":
    "The auditor of a request sees its trips with times, distances, energy and positions, the vehicle's odometer and the evidence you add. Every decision of theirs is written to a log that nobody can change.",
  "privacy.share.title": "Who else",
  "privacy.share.body":
    "Payment providers receive what a payment needs. If you connect a car, its maker's interface is asked for what you allowed. An email provider carries our emails. Nobody else, unless a court orders it.",
  "privacy.keep.title": "How long",
  "privacy.keep.body":
    "Positions, tracks and notes of trips are erased two years after the trip unless operators set a shorter time; proofs still verify without them. Bookings and retirements are kept for as long as credits exist, because a public registry cannot forget. Sessions end by themselves.",
  "privacy.cookies.title": "Cookies",
  "privacy.cookies.body":
    "One cookie keeps you signed in. A second one, kept for 400 days, is a random name for this browser: we keep its fingerprint with your account, so that sales of one person to themselves are seen and do not move prices. Your browser also remembers language, theme and drafts of forms, and keeps those to itself. There are no trackers, and no page here loads anything from another company.",
  "privacy.rights.title": "Your rights",
  "privacy.rights.body":
    "You can see your trips and download your credits, sales and reports at any time, correct your details in your account, and ask us to erase what the registry does not need. Write to us; you get an answer within 15 days. If you think we are wrong, you may complain to the authority that protects personal data where you live.",
  "privacy.security.title": "How it is protected",
  "privacy.security.body":
    "Bank details, identity documents and secrets are encrypted with keys that lie outside the database. Passwords are hashed. You can turn on a second step for signing in, and see and end every session of your account.",
  "contact.title": "Contact",
  "contact.lead": "A person reads every message. English or Vietnamese, as you like.",
  "contact.email": "Write to us",
  "contact.answer": "We answer within two working days. If money is missing, put “money” in the subject.",
  "contact.money.title": "A payment or a withdrawal",
  "contact.money.body":
    "Tell us the order's or the withdrawal's date and amount. Never send a card number or a password.",
  "contact.credits.title": "A request or a decision of an auditor",
  "contact.credits.body":
    "Name the vehicle and the month. You can also add evidence to the request itself, which is faster.",
  "contact.certificate.title": "A certificate that looks wrong",
  "contact.certificate.body": "Send its number. Anyone may ask, not only its owner.",
  "contact.security.title": "A security hole",
  "contact.security.body":
    "Please write before you publish. We answer within a day and credit you by name if you like.",
  "contact.data.title": "Your personal data",
  "contact.data.body": "Write from the email address of your account, so that we know it is you.",
} as const;
