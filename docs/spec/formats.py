"""Bytes, canonical JSON, trees and the public log, as README.md says."""
import base64
import bisect
import hashlib
import json
import re
from datetime import datetime

from ed25519 import SMALL, signed_by


def h(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u64(n):
    return n.to_bytes(8, "big")


def from_url64(text):
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if base64.urlsafe_b64encode(data).decode().rstrip("=") == text else None


def from_64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def from_hex(text, size):
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]{%d}" % (size * 2), text):
        return None
    return bytes.fromhex(text)


def canonical(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError("a number past 2^53")
        return str(value)
    if isinstance(value, str):
        value.encode()
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    raise ValueError("no canonical form")


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def number(text):
    """Numbers as other languages read them: 1.0 and 1e0 are 1."""
    value = float(text)
    return int(value) if value.is_integer() else value


def none(text):
    raise ValueError(f"{text} is not JSON")


def depth(value):
    """How deep lists and objects lie in each other."""
    deepest, level = 0, [value]
    while level:
        level = [inner for one in level if isinstance(one, (dict, list)) for inner in (one.values() if isinstance(one, dict) else one)]
        deepest += 1
    return deepest - 1


TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]},]')
CLOSED = re.compile(r"\s*[\]}]")


class TooMuch(ValueError):
    """More than a file has."""


def bounded(text):
    """Counts before anything is read, so that no text takes more memory than the limits allow."""
    if text.count(",") < 100_000 and text.count("[") + text.count("{") < 1_000_000:
        return
    lists, values = [0], 0
    for token in TOKEN.finditer(text):
        one = token[0]
        if one in "[{":
            # An empty one has nothing after it but its end.
            lists.append(0 if CLOSED.match(text, token.end()) else 1)
            values += lists[-1]
        elif one == ",":
            lists[-1] += 1
            values += 1
        elif one in "]}" and len(lists) > 1:
            lists.pop()
        if lists[-1] > 100_000:
            raise TooMuch("one of its lists has more than 100000 items")
        if values > 2_000_000:
            raise TooMuch("it has more than 2000000 values")
        if len(lists) > 64:
            raise ValueError("nested too deeply")


def strict(text):
    if len(text) > 60_000_000:
        raise TooMuch("it has more than 60000000 characters")
    bounded(text)
    value = json.loads(text, object_pairs_hook=once, parse_float=number, parse_constant=none)
    if depth(value) > 32:
        raise ValueError("nested too deeply")
    return value


class Unread(Exception):
    """What is no file with text in it."""


def text_of(path):
    """A file's text, no more of it than a file may have. Raises Unread with a sentence."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(60_000_001)
    except OSError as error:
        raise Unread(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        what = "is a PDF: the file that it carries is what is checked here" if error.object[:5] == b"%PDF-" else "is no text in UTF-8"
        raise Unread(f"{path} {what}.") from error


def registry_of(path):
    """What a registry says of itself, of a file. Raises Unread with a sentence."""
    try:
        facts = strict(text_of(path))
        if facts["format"] == "evx-registry/1":
            return facts
    except (ValueError, RecursionError, TypeError, KeyError):
        pass
    raise Unread(f"{path} is not what a registry says of itself (evx-registry/1).")


SENTENCES = {
    "format": "It is no bundle of a certificate, or not JSON that everybody reads alike.",
    "key": "Its key is none of the registry's.",
    "signature": "The signature does not fit the content.",
    "twins": "The file says another thing beside the certificate than what was signed.",
    "number": "Its number has a wrong check character, or is another than was asked for.",
    "dates": "It is dated outside the time in which its key was in use.",
    "serials": "Its serial numbers do not give its grams, or overlap.",
    "log": "Its entry in the log is another, or its proof does not lead to a checkpoint of the log.",
    "witnesses": "Too few witnesses signed its checkpoint.",
    "revocation": "It was revoked, or its status is not the registry's, or contradicts the certificate or itself.",
}


def too_much(text):
    """What is more than a file has; None where it is within the limits."""
    try:
        strict(text)
    except TooMuch as much:
        return f"No certificate is so large: {much}."
    except (ValueError, RecursionError):
        pass
    return None


def moment(text):
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError("a moment of no zone")
    return at


# Runs of grams

SERIAL = re.compile(r"EVX-([A-Z]{2})-([A-Za-z0-9.-]+)-([0-9]{4})-([A-Za-z0-9_]+)-([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")
RANGE = re.compile(r"([0-9]{6,18})-([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")


def run_of(serial):
    """Batch, first and last gram; None for what is no serial number."""
    parts = SERIAL.fullmatch(serial) if isinstance(serial, str) else None
    run = parts and (parts[4], int(parts[5]), int(parts[6]))
    return run if run and run[1] <= run[2] else None


def runs_of(document):
    runs = {}
    for lot in document["lots"]:
        run = run_of(lot["serial"])
        if run:
            runs.setdefault(run[0], []).append(run[1:])
    return {batch: sorted(own) for batch, own in runs.items()}


def has_all(runs, run):
    own = runs.get(run[0], [])
    at = bisect.bisect_right(own, (run[1], float("inf"))) - 1
    return at >= 0 and run[2] <= own[at][1]


# Trees


def climb(leaf, place, count, path, join):
    if not (0 <= place < count) or len(path) > 64:
        return None
    at, last, node = place, count - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            node = join(beside, node)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            node = join(node, beside)
        at, last = at // 2, last // 2
    return node if last == 0 else None


def plain_node(left, right):
    return h(b"\1", left, right)


def sum_node(left, right):
    grams = left[1] + right[1]
    if grams > 2**63 - 1:
        raise ValueError("more grams than there can be")
    return h(b"\1", left[0], u64(left[1]), right[0], u64(right[1])), grams


def sum_root(context, count, node):
    return h(b"\2", context.encode() + b"\n", u64(count), u64(node[1]), node[0]).hex()


def tree(leaves, join):
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return join(tree(leaves[:middle], join), tree(leaves[middle:], join))


def nodes_in(items):
    read = []
    for item in items:
        data = from_hex(item.get("hash"), 32)
        if data is None or not re.fullmatch(r"0|[1-9][0-9]{0,18}", item.get("grams") or ""):
            return None
        read.append((data, int(item["grams"])))
    return read


def consistent(older, newer, proof):
    if older["size"] > newer["size"]:
        return False
    old, new = from_64(older["root"]), from_64(newer["root"])
    path = [from_64(line) for line in proof]
    if older["size"] == newer["size"]:
        return not path and old == new
    if older["size"] == 0:
        return not path
    if older["size"] & (older["size"] - 1) == 0:
        path.insert(0, old)
    at, last = older["size"] - 1, newer["size"] - 1
    while at % 2:
        at, last = at // 2, last // 2
    if not path:
        return False
    was = now = path.pop(0)
    for beside in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            was, now = plain_node(beside, was), plain_node(beside, now)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            now = plain_node(now, beside)
        at, last = at // 2, last // 2
    return last == 0 and was == old and now == new


# The public log


class Note:
    def __init__(self, text):
        head, _, tail = text.rpartition("\n\n")
        self.text = head + "\n"
        self.origin, size, root = self.text.split("\n")[:3]
        self.size, self.root = int(size), from_64(root)
        self.lines = [re.fullmatch("— (\\S+) (\\S+)", line).groups() for line in tail.splitlines()]

    def signatures(self, key):
        name, data = key["name"], key["data"]
        want = h(name.encode() + b"\n", data)[:4]
        for given, text in self.lines:
            raw = from_64(text)
            if given == name and raw and raw[:4] == want:
                yield raw[4:]

    def by_log(self, key):
        return any(signed_by(key["data"][1:], self.text.encode(), one) for one in list(self.signatures(key))[:1])

    def by_witness(self, key):
        for one in list(self.signatures(key))[:1]:
            seconds = int.from_bytes(one[:8], "big")
            return signed_by(key["data"][1:], f"cosignature/v1\ntime {seconds}\n{self.text}".encode(), one[8:])
        return False


def note_key(text):
    name, mark, data = text.split("+", 2)
    raw = from_64(data)
    if h(name.encode() + b"\n", raw)[:4].hex() != mark or raw[1:] in SMALL:
        raise ValueError("no note key")
    return {"name": name, "data": raw}


def log_fault(log, registry):
    """The check that fails, or None."""
    try:
        note = Note(log["checkpoint"])
        path = [from_64(line) for line in log["proof"]]
        root = climb(h(b"\0", log["entry"].encode()), log["index"], note.size, path, plain_node)
        key = note_key(registry["log"]["key"])
        if root is None or root != note.root or note.origin != key["name"] or not note.by_log(key):
            return "log"
        # One public key counts once, and the log's own for none.
        witnesses = {one["data"][1:]: one for one in (note_key(each["key"]) for each in registry["witnesses"])}
        witnesses.pop(key["data"][1:], None)
        seen = sum(note.by_witness(one) for one in witnesses.values())
        return "witnesses" if seen < registry["policy"]["witnessesWanted"] else None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        return "log"


def within(key, at):
    try:
        when = moment(at)
    except ValueError:
        return False
    gone = key.get("withdrawnAt")
    return when >= moment(key["addedAt"]) and (gone is None or when < moment(gone))
