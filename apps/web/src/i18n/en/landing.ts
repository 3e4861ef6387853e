export default {
  "hero.title": "Your electric car avoids {{ co2 }}. Get paid by the gram.",
  "hero.lead":
    "EV Carbon Exchange turns the CO₂ you avoid by driving electric into verified carbon credits, and sells them to people and companies that need them. Every gram is counted once, and anyone can check it.",
  "hero.action": "Create an account",
  "hero.second": "See the marketplace",
  "live.title": "Live from the registry",
  "live.issued": "Credits issued",
  "live.listed": "For sale now",
  "live.circulating": "In circulation",
  "live.retired": "Retired",
  "live.note": "Counted to the gram when you opened this page.",
  "how.title": "From a drive to a credit",
  "how.trips.title": "Add your trips",
  "how.trips.body":
    "Connect a car or import its trip log. A trip can be claimed once, by one person: the database itself refuses a second claim.",
  "how.audit.title": "An auditor checks",
  "how.audit.body":
    "Independent auditors see every trip, its odometer and both CO₂ calculations, and approve or reject each with a reason.",
  "how.sell.title": "Credits are sold",
  "how.sell.body":
    "At a fixed price or by auction. Sellers see the amount they receive, after fees, before they list.",
  "how.retire.title": "Credits are retired",
  "how.retire.body":
    "The buyer gets a signed certificate with serial numbers. Anyone can check it, without an account, even offline.",
  "who.title": "Who it is for",
  "who.owner.title": "EV owners",
  "who.owner.body": "One car's year is enough. 10,000 km avoids about one tonne of CO₂: one credit.",
  "who.owner.action": "Start as an owner",
  "who.buyer.title": "Buyers",
  "who.buyer.body":
    "Buy small or large amounts, and see the car class, country, method and auditor behind each gram.",
  "who.buyer.action": "Start as a buyer",
  "who.cva.title": "Auditors",
  "who.cva.body":
    "A queue ranked by risk, with the tools to recompute every gram, and reports ready to sign.",
  "who.cva.action": "Apply as an auditor",
} as const;
