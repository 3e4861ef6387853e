#!/usr/bin/env python3
"""Checks files of an EV carbon registry as docs/spec/README.md says. Python's standard library; `cryptography` if present.

    verify.py vectors vectors.json
    verify.py certificate FILE --registry evx-registry.json [--number EVXC-…]
    verify.py snapshot STATEMENT LINES.gz --registry evx-registry.json

Exit code 0 of `certificate` means genuine, logged, and current for some gram as its signed status says; 1 that something of it
is not, or is not in the file; of `snapshot` that the lines are those that were signed and logged; 2 that the command was not understood.
"""
import calendar
import json
import re
import sys
import zlib
from datetime import datetime, timedelta

from ed25519 import signed_by
from formats import (
    RANGE,
    SENTENCES,
    SERIAL,
    Unread,
    canonical,
    climb,
    consistent,
    from_hex,
    from_url64,
    h,
    has_all,
    log_fault,
    nodes_in,
    plain_node,
    registry_of,
    run_of,
    runs_of,
    strict,
    sum_node,
    sum_root,
    text_of,
    too_much,
    tree,
    within,
)
from snapshot import SNAPSHOT_SENTENCES, snapshot_fault, unpacked


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def number_holds(text):
    parts = re.fullmatch(r"EVXC-([0-9]{4})-([0-9A-Z]{5})-([0-9A-Z]{5})-([0-9A-Z])", text)
    if not parts:
        return False
    p = 36
    for character in parts[1] + parts[2] + parts[3]:
        p = ((p + ALPHABET.index(character)) % 36 or 36) * 2 % 37
    return ALPHABET[(37 - p) % 36] == parts[4]


def serials_hold(document):
    total = 0
    for lot in document["lots"]:
        run = run_of(lot["serial"])
        if run is None or str(run[2] - run[1] + 1) != lot["grams"]:
            return False
        country, method, vintage = SERIAL.fullmatch(lot["serial"]).group(1, 2, 3)
        if (country, method, int(vintage)) != (lot["country"], lot["method"], lot["vintage"]):
            return False
        total += run[2] - run[1] + 1
    for own in runs_of(document).values():
        if any(one[0] <= before[1] for before, one in zip(own, own[1:])):
            return False
    credits = f"{total // 1_000_000}.{total % 1_000_000:06d}"
    return str(total) == document["grams"] and credits == document["credits"]


def entry_holds(entry, document, signed):
    """The entry tells of this very document: its hash, and what monitors read of it."""
    named = tuple(entry.get(name) for name in ("kind", "hash", "number", "certificate", "grams", "key", "at"))
    asked = tuple(document[name] for name in ("number", "kind", "grams", "keyId", "issuedAt"))
    if named != ("certificate", h(signed).hex()) + asked:
        return False
    if "ranges" not in entry:
        return True
    if not isinstance(entry["ranges"], list):
        return False
    runs, grams = runs_of(document), 0
    for text in entry["ranges"]:
        parts = RANGE.fullmatch(text) if isinstance(text, str) else None
        run = parts and (parts[1], int(parts[2]), int(parts[3]))
        if not run or run[1] > run[2] or not has_all(runs, run):
            return False
        grams += run[2] - run[1] + 1
    return str(grams) == document["grams"] or len(entry["ranges"]) >= 800


def told_holds(status, document):
    """The statement tells of each gram once, of no revocation unless it says so, and is valid for some gram or not at all."""
    if status["revocation"] is not None:
        return False
    runs, told, current, total = runs_of(document), {}, 0, 0
    for one in status["ranges"]:
        run = run_of(one["serial"])
        if run is None or not has_all(runs, run):
            return False
        told.setdefault(run[0], []).append(run[1:])
        total += run[2] - run[1] + 1
        current += run[2] - run[1] + 1 if one["state"] == "current" else 0
    unstated = status.get("unstated")
    for one in unstated or []:
        total += int(one["grams"])
        current += int(one["grams"]) if one["state"] == "current" else 0
    for own in told.values():
        own.sort()
        if any(one[0] <= before[1] for before, one in zip(own, own[1:])):
            return False
    if len(status["ranges"]) >= 10_000 and unstated is None:
        return True
    return str(total) == document["grams"] and (status["status"] == "valid") == (current > 0)


TEXTS = ("number", "kind", "issuer", "issuedAt", "holder", "grams", "credits", "keyId", "verifyUrl")


def is_document(value):
    return (
        isinstance(value, dict)
        and value.get("format") == "evx-certificate/1"
        and value.get("kind") in ("issuance", "purchase", "transfer", "retirement")
        and all(isinstance(value.get(name), str) for name in TEXTS)
        and isinstance(value.get("lots"), list)
        and len(value["lots"]) > 0
        and all(
            isinstance(lot, dict)
            and isinstance(lot.get("serial"), str)
            and isinstance(lot.get("grams"), str)
            and isinstance(lot.get("vintage"), int)
            for lot in value["lots"]
        )
    )


def status_fault(file, document, keys):
    status = file.get("status")
    if file.get("revocation") is not None or status == "revoked":
        return True
    if not isinstance(status, dict):
        return False
    key = keys.get(status.get("keyId"))
    if status.get("format") != "evx-status/1" or status.get("number") != document["number"]:
        return True
    if status.get("status") == "revoked" or key is None or not within(key, status["asOf"]):
        return True
    if status["asOf"] < document["issuedAt"] or not told_holds(status, document):
        return True
    rest = {name: value for name, value in status.items() if name != "signature"}
    text = "evx-status/1\n" + canonical(rest)
    return not signed_by(from_url64(key["publicKey"]), text.encode(), from_url64(status["signature"]))


def check_certificate(text, registry, number=None):
    """The answer, and the first check that fails."""
    try:
        return judged(text, registry, number)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "false", "format"


def judged(text, registry, number):
    try:
        file = strict(text)
    except (ValueError, RecursionError):
        return "false", "format"
    if not isinstance(file, dict) or not is_document(file.get("certificate")):
        return "false", "format"
    document = file["certificate"]
    keys = {key["id"]: key for key in registry["keys"]}
    key = keys.get(document["keyId"])
    public = from_url64(key["publicKey"]) if key else None
    if public is None or "ed25519-" + h(public).hex()[:16] != document["keyId"]:
        return "false", "key"
    try:
        signed = canonical(document).encode()
    except ValueError:
        return "false", "format"
    if not signed_by(public, signed, from_url64(file.get("signature"))):
        return "false", "signature"
    twins = {name: value for name, value in document.items() if name != "format"}
    twins |= {"certificateNumber": document["number"], "algorithm": "Ed25519", "publicKey": key["publicKey"]}
    if any(name in file and file[name] != value for name, value in twins.items()):
        return "false", "twins"
    if not number_holds(document["number"]) or number not in (None, document["number"]):
        return "false", "number"
    if not within(key, document["issuedAt"]):
        return "false", "dates"
    if not serials_hold(document):
        return "false", "serials"
    log = file.get("log")
    if log is not None:
        try:
            entry = strict(log["entry"])
        except (ValueError, KeyError, TypeError):
            return "false", "log"
        if not isinstance(entry, dict) or not entry_holds(entry, document, signed):
            return "false", "log"
        fault = log_fault(log, registry)
        if fault:
            return "false", fault
    if status_fault(file, document, keys):
        return "false", "revocation"
    return "genuine", None


def check_inclusion(proof, root):
    try:
        trip, salt = proof["trip"], from_hex(proof["salt"], 32)
        if len(trip) != 6 or salt is None or proof["root"] != root:
            return False
        leaf = h(b"\0", b"evx-trip/1\n", salt, canonical(trip).encode())
        if proof["format"] == "evx-inclusion/2":
            path = nodes_in(proof["path"])
            top = climb((leaf, int(trip["co2Saved_g"])), proof["place"], proof["leaves"], path, sum_node)
            return top is not None and str(top[1]) == proof["sum"] and sum_root("evx-batch/2", proof["leaves"], top) == root
        if proof["format"] != "evx-inclusion/1":
            return False
        path = [from_hex(text, 32) for text in proof["path"]]
        top = climb(leaf, proof["place"], proof["leaves"], path, plain_node)
        return top is not None and top.hex() == root
    except (KeyError, ValueError, TypeError):
        return False


def check_holding(text, registry, holder=None):
    try:
        file = strict(text)
        if file["format"] != "evx-holding/1" or holder not in (None, file["holder"]):
            return False
        if not file["items"]:
            return False
        places, states = set(), set()
        for item in file["items"]:
            if item["state"] in states or len(item["parts"]) != 2:
                return False
            states.add(item["state"])
            for part, one in enumerate(item["parts"], 1):
                if one["place"] in places:
                    return False
                places.add(one["place"])
                facts = {"day": file["day"], "holder": file["holder"], "state": item["state"], "part": part, "grams": one["grams"]}
                leaf = h(b"\0", b"evx-holding/1\n", from_hex(one["salt"], 32), canonical(facts).encode())
                top = climb((leaf, int(one["grams"])), one["place"], file["leaves"], nodes_in(one["path"]), sum_node)
                if top is None or str(top[1]) != file["sum"] or sum_root("evx-book/1", file["leaves"], top) != file["root"]:
                    return False
        entry = strict(file["log"]["entry"])
        named = {"root": file["root"], "size": file["leaves"], "sum": file["sum"]}
        if entry["kind"] != "book" or entry["day"] != file["day"] or entry["holdings"] != named:
            return False
        return entry["totals"]["issued"] == file["sum"] and log_fault(file["log"], registry) is None
    except (KeyError, ValueError, TypeError):
        return False


def month_end(day):
    year, month = int(day[:4]), int(day[5:7])
    return f"{day[:8]}{calendar.monthrange(year, month)[1]}"


def accredited(entry):
    """Version 3 says by whom the auditor is accredited; null where nothing had been entered."""
    facts = entry["accreditation"]
    if facts is None:
        return True
    until = facts["validUntil"]
    named = all(isinstance(facts[name], str) and facts[name] for name in ("body", "number"))
    dated = until is None or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", until) is not None
    return named and dated and facts["assurance"] in ("limited", "reasonable")


def days_hold(entry):
    """Days of the vintage's year, in order, none after the day of issue, wherever that was; from version 3 whole months."""
    if entry["v"] not in (2, 3):
        return True
    first, last, year = entry["from"], entry["to"], f"{entry['vintage']}-"
    if not all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and day.startswith(year) for day in (first, last)):
        return False
    issued = (datetime.fromisoformat(entry["at"].replace("Z", "+00:00")) + timedelta(hours=14)).date().isoformat()
    if entry["v"] == 2:
        return first <= last <= issued
    whole = first.endswith("-01") and last == month_end(last)
    return whole and first <= last <= month_end(issued) and accredited(entry)


def check_batch(batch, leaves, registry):
    try:
        entry = strict(batch["log"]["entry"])
        if entry["kind"] != "batch_issued" or entry["batch"] != batch["number"]:
            return False
        items, named = leaves["items"], entry["tree"]
        if len({item["hash"] for item in items}) < len(items):
            return False
        if any(item["grams"] is None for item in items):
            root, grams = tree([from_hex(item["hash"], 32) for item in items], plain_node).hex(), None
        else:
            top = tree(nodes_in(items), sum_node)
            root, grams = sum_root("evx-batch/2", len(items), top), str(top[1])
        if (root, len(items), grams) != (named["root"], named["size"], named["sum"]):
            return False
        return grams in (None, entry["grams"]) and days_hold(entry) and log_fault(batch["log"], registry) is None
    except (KeyError, ValueError, TypeError):
        return False


def read_address(address):
    packed = from_url64(address.split("#1.", 1)[1])
    document, signature, public = strict(zlib.decompress(packed, -15).decode())
    return signature if is_document(document) and isinstance(public, str) else ""


def answer_of(vector, registry):
    given, kind = vector["input"], vector["kind"]
    if kind == "certificate":
        return check_certificate(given["file"], {**registry, **given.get("registry", {})}, given["number"])
    if kind == "qr":
        return read_address(given["address"]), None
    held = {
        "inclusion": lambda: check_inclusion(given["proof"], given["root"]),
        "holding": lambda: check_holding(given["file"], registry, given["holder"]),
        "snapshot": lambda: snapshot_fault(given["file"], given["lines"].encode(), registry) is None,
        "batch": lambda: check_batch(given["batch"], given["leaves"], registry),
        "consistency": lambda: consistent(given["older"], given["newer"], given["proof"]),
    }[kind]()
    return "true" if held else "false", None


def run_vectors(path):
    try:
        given = json.loads(text_of(path))
        vectors = given["vectors"]
    except (ValueError, TypeError, KeyError) as error:
        raise Unread(f"{path} holds no vectors.") from error
    passed = failed = 0
    for vector in vectors:
        answer, fails = answer_of(vector, given["registry"])
        if answer == vector["answer"] and vector.get("fails") in (None, fails):
            passed += 1
        else:
            failed += 1
            print(f"{vector['kind']}: {vector['name']}: {answer} {fails or ''}, not {vector['answer']} {vector.get('fails', '')}")
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def option(name):
    at = sys.argv.index(name) + 1 if name in sys.argv else len(sys.argv)
    return sys.argv[at] if at < len(sys.argv) else None


def run_snapshot():
    fault = snapshot_fault(text_of(sys.argv[2]), unpacked(sys.argv[3]), registry_of(option("--registry")))
    print(f"false: {fault}\n{SNAPSHOT_SENTENCES[fault]}" if fault else "genuine")
    return 1 if fault else 0


def stands(text):
    """Whether the file carries what shows that it was logged, and a status by which it is current for some gram."""
    file = strict(text)
    status = file.get("status")
    return file.get("log") is not None and isinstance(status, dict) and status["status"] == "valid"


def main():
    command, known = sys.argv[1:2], ("--registry", "--number")
    options = sys.argv[3::2]
    if command == ["vectors"] and len(sys.argv) == 3:
        return 0 if run_vectors(sys.argv[2]) else 1
    if command == ["snapshot"] and len(sys.argv) == 6 and sys.argv[4] == "--registry":
        return run_snapshot()
    good = command == ["certificate"] and len(sys.argv) % 2 == 1 and len(set(options)) == len(options)
    if not good or "--registry" not in options or any(name not in known for name in options):
        print(__doc__)
        return 2
    text, registry = text_of(sys.argv[2]), registry_of(option("--registry"))
    answer, fails = check_certificate(text, registry, option("--number"))
    whole = answer == "genuine" and stands(text)
    print(answer if fails is None else f"{answer}: {fails}")
    if fails:
        print((too_much(text) if fails == "format" else None) or SENTENCES[fails])
    if answer == "genuine" and not whole:
        print("It does not show that it was logged and is current for any gram: ask the registry.")
    return 0 if whole else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unread as unread:
        print(unread)
        sys.exit(1)
